"""The routes that a task list calls beside tasks."""
