"""Shared parts of the routes that change tasks."""
