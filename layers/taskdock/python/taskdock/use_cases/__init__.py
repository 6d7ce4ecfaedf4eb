"""What one can do with tasks. Each use case is a function over the ports it needs."""
