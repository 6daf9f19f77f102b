"""A region whose figures are published, for tests of what can be read and subtracted."""
