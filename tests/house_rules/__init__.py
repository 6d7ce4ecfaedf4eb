"""Rules of the project that a machine can check, a module per subject."""
