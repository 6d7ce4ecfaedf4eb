"""Lists and counts tasks, reports on them and shows their history; it only reads."""

from collections.abc import Callable, Sequence
from typing import Final

from taskdock.routes import task_queries
from taskdock.runtime.http_app import HttpApp
from taskdock.runtime.routes import Routes
from taskdock.runtime.wiring import Wiring, deployed


def create_app(wiring: Callable[[], Wiring] = deployed) -> HttpApp:
    """The app of this function."""
    return HttpApp(wiring, task_queries.ROUTES, rare=_reports_and_more)


def _reports_and_more() -> Sequence[Routes]:
    # Imported here: people's inboxes need none of it.
    from taskdock.routes import service_task_lists, task_reports
    from taskdock.routes.lists import changes, history

    return (
        task_reports.ROUTES,
        service_task_lists.ROUTES,
        history.ROUTES,
        changes.ROUTES,
    )


handler: Final = create_app()
