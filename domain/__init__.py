"""What is true: the facts, the acts upon them and what may be read of them."""
