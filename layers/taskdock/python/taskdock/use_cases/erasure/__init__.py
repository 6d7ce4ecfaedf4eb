"""Removes what is known of a task, or of a person."""
