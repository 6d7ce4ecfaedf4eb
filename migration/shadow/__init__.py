"""A proxy before the old server that asks taskdock the same, beside the clients' way."""
