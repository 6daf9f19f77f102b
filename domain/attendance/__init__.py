"""What a school delivered about attendance, the rate it gives, and the signals it raises."""
