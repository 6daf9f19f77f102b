"""The embedded OAuth server: tokens for systems, until an outside server takes its place."""
