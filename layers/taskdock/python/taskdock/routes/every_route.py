"""The routes of functions with paths of their own, for the function of the other paths."""

from collections.abc import Sequence

from taskdock.routes import (
    erasures,
    imports,
    service_task_items,
    service_task_lists,
    service_tasks,
    services,
    task_assignment,
    task_attachments,
    task_comments,
    task_completion,
    task_creation,
    task_forms,
    task_queries,
    task_reports,
    task_variables,
    tasks,
)
from taskdock.routes.inbox import bulk, forms
from taskdock.routes.lists import changes, filters, history
from taskdock.runtime.routes import Routes


def of_other_functions() -> Sequence[Routes]:
    """The routes that another function than `directory` answers."""
    return (
        changes.ROUTES,
        erasures.ROUTES,
        imports.ROUTES,
        services.REGISTERED,
        service_task_items.ROUTES,
        service_task_lists.ROUTES,
        service_tasks.ROUTES,
        task_assignment.ROUTES,
        task_attachments.ROUTES,
        task_comments.ROUTES,
        task_completion.ROUTES,
        task_creation.ROUTES,
        task_forms.ROUTES,
        task_queries.ROUTES,
        task_reports.ROUTES,
        task_variables.ROUTES,
        tasks.ROUTES,
        filters.ROUTES,
        history.ROUTES,
        bulk.ROUTES,
        forms.REGISTERED,
    )
