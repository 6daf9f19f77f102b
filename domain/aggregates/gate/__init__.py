"""The gate: looks at a release as an outsider would, and refuses one that reveals.

It shares no code with the rounding but the function that it checks.
"""
