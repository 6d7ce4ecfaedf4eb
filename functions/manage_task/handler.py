"""Answers everything about one task: one warm instance serves a person's whole work.

It also has the routes of `query_tasks` and `create_task`: API Gateway sends it HEAD requests and
paths with a slash at their end that are theirs (docs/decisions/0022).
"""

from collections.abc import Callable, Sequence
from typing import Final

from taskdock.routes import (
    service_task_items,
    service_tasks,
    task_assignment,
    task_attachments,
    task_comments,
    task_completion,
    task_forms,
    task_variables,
    tasks,
)
from taskdock.routes.inbox import bulk
from taskdock.runtime.http_app import HttpApp
from taskdock.runtime.routes import Routes
from taskdock.runtime.wiring import Wiring, deployed


def create_app(wiring: Callable[[], Wiring] = deployed) -> HttpApp:
    """The app of this function."""
    return HttpApp(
        wiring,
        tasks.ROUTES,
        task_assignment.ROUTES,
        task_completion.ROUTES,
        task_variables.ROUTES,
        task_forms.ROUTES,
        task_comments.ROUTES,
        task_attachments.ROUTES,
        service_tasks.ROUTES,
        service_task_items.ROUTES,
        bulk.ROUTES,
        rare=_of_queries_and_creation,
    )


def _of_queries_and_creation() -> Sequence[Routes]:
    # Imported here: loading what answers queries takes a tenth of this function's start.
    from taskdock.routes import service_task_lists, task_creation, task_queries, task_reports

    return (
        task_queries.ROUTES,
        task_reports.ROUTES,
        task_creation.ROUTES,
        service_task_lists.ROUTES,
    )


handler: Final = create_app()
