"""Task queries: read, bound to a caller and a moment, planned, matched, sorted.

`criteria` is the table of everything that can be asked. Start there.
"""
