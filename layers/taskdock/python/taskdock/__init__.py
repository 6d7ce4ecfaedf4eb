"""A task service without servers: see docs/architecture.md for how it works."""
