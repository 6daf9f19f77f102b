"""The demo region: a fictional municipality whose pupils, schools and staff do not exist."""
