"""Emergency access: declared with a reason, short, told at once, reviewed afterwards."""
