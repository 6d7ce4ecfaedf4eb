"""The table: its keys, its items, and the requests that read and write them."""
