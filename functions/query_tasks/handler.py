"""Lists and counts tasks, and reports on them; it only reads."""

from collections.abc import Callable
from typing import Final

from taskdock.routes import (
    service_task_lists,
    task_queries,
    task_reports,
)
from taskdock.runtime.http_app import HttpApp
from taskdock.runtime.wiring import Wiring, deployed


def create_app(wiring: Callable[[], Wiring] = deployed) -> HttpApp:
    """The app of this function."""
    return HttpApp(
        wiring,
        task_queries.ROUTES,
        task_reports.ROUTES,
        service_task_lists.ROUTES,
    )


handler: Final = create_app()
