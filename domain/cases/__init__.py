"""Cases: who takes part, by whose invitation, and what is shared."""
