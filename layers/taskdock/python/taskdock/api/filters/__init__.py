"""Stored filters as Camunda 7 sends and shows them."""
