"""What changed since: the port that reads it, and who tells it."""
