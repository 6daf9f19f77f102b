"""Somebody with several tokens who keeps every figure and subtracts, through the API alone."""
