"""Figures about groups: one closed month at a time, provisional until the safe publication."""
