"""Guardians' notices of illness and belief, and requests for leave with the decision on them."""
