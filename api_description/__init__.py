"""The API described for people (docs/api.md) and for programs (docs/openapi.json).

`operations` says what a description is, `task_query` describes the query from its own tables,
the `*_routes` modules describe the other routes, and `python -m api_description` (`make docs`)
writes both files. Nothing that is deployed imports this.
"""
