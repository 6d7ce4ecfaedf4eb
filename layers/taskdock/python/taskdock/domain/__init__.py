"""What a task is and what a query means. Pure Python: no I/O, no AWS, no environment."""
