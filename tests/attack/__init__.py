"""Attacks the local service through its gateway: `python -m tests.attack`."""
