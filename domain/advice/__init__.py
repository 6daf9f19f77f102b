"""Advice of an attendance office to a school on its absence policy, and what the school answers."""
