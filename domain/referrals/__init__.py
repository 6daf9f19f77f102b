"""Handing a young person to another organisation for one question, and what came of it."""
