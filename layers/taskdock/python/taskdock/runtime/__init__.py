"""What is true only because we run in Lambda: HTTP, settings, wiring, logging."""
