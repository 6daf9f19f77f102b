"""Measurements that compare steps of one run with each other, never with a clock."""
