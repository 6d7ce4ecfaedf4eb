"""Asks both servers the same and compares what they answer."""
