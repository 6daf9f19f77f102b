"""The change feed: what changed, for whoever may see what it is about."""
