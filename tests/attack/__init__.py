"""What an attacker with a right of their own tries beyond it."""
