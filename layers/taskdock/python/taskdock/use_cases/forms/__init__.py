"""Forms: registered, found for a task, and heeded when the task is completed."""
