"""The rules of the house that a machine can check, a module per subject."""
