"""Camunda's own Tasklist, unmodified, in front of the local service."""
