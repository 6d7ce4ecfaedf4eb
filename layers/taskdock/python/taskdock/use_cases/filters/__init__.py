"""Stored filters: created, read, replaced, removed, and run."""
