"""The history of tasks: who did what, and what is kept of tasks that have ended."""
