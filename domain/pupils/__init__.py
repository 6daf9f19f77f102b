"""Young persons, what a school knows of them, and who has authority over them."""
