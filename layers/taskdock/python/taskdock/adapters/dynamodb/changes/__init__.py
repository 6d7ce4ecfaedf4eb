"""The index of changes in the table: who keeps it, since when, and how it is read."""
