"""Reading tasks: queries, lists and reports, page by page, within a budget."""
