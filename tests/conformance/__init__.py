"""Our answers beside those recorded from the reference engine."""
