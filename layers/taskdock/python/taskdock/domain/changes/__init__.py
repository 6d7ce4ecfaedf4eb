"""What changed since: which writes are kept in an index, and how they are told."""
