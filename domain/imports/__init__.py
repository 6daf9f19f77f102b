"""What other systems deliver: rosters and attendance, read, checked and taken in as a whole."""
