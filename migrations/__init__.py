"""The database's own history: tables, roles and row-level security, as SQL written by hand."""
