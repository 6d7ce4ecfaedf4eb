"""The history of tasks, asked for and shown as Camunda 7 does."""
