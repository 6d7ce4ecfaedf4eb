"""Our answers beside those recorded from Camunda 7."""
