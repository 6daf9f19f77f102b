"""Who looked, for which purpose and on which ground: the lines a family reads."""
