"""Who may: one table of rules, read by a lawyer, enforced by every other layer.

Standard library only, so that nothing the platform runs on can change what a rule means.
"""
