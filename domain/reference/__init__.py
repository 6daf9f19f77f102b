"""Dated reference data: rule sets, code lists and the national directory."""
