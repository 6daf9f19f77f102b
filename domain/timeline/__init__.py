"""What happened around the attendance of a pupil, in one list by date."""
