"""Every operation of the API, as the routes' modules register them."""

import importlib
import pkgutil

from taskdock import routes
from taskdock.runtime.routes import Routes


def every_operation() -> list[str]:
    """`GET /task/{id}` and so on, sorted."""
    found: set[str] = set()
    for module in pkgutil.walk_packages(routes.__path__, "taskdock.routes."):
        for served in vars(importlib.import_module(module.name)).values():
            if isinstance(served, Routes):
                found |= set(served.operations)
    return sorted(found)
