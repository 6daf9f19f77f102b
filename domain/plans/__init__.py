"""Intervention plans (plan van aanpak): a goal, agreement, and actions with an owner."""
