"""What a rule of a rule set counts: one small module per kind, each a pure function.

`marking` has the shapes that all of them work on, `evaluate` finds the one for a rule.
"""
