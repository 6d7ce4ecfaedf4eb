"""Broad queries, answered from the open tasks as columns."""
