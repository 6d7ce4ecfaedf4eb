"""Tasks kept as columns, and queries answered from them without a document being read."""
