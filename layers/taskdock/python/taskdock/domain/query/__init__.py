"""Task queries: read, bound to a caller and a moment, planned, matched, sorted.

Start with `criteria`, the table of all filters.
"""
