"""The proof: a third account of who reaches what, held against the two that are in use."""
