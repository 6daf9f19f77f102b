"""Counts of pupils made safe to publish: shape, merging, rounding, levels and what is shown.

Nothing here knows a database. `shape` says what is counted, `merging` what is too small to be
counted alone, `topdown` rounds the table of one branch, `levels` adds branches up, `showing` says
what a reader sees, and `minutes` does for time what the rest does for heads.
"""
