"""Moves the tasks of a Camunda 7 server to taskdock, and shows that they arrived."""
