"""The rules, a module per side of the chain; `permissions.table` puts them together."""
