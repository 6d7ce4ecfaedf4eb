"""Camunda Forms: what their JSON says of the values that people submit."""
