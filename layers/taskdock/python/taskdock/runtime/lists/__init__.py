"""Shared parts of the routes that a task list calls beside tasks."""
