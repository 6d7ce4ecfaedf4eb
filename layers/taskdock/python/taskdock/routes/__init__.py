"""The API's routes: a module for each resource, its actions registered by method and path."""
