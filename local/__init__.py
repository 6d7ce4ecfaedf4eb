"""The local service: the template's API, functions, table, stream and bus without an account."""
