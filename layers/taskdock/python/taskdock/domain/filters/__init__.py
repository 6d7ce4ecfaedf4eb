"""Stored filters: what they are, and how a query extends one."""
