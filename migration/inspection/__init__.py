"""Says what an old server has, and what of it a copy would move."""
