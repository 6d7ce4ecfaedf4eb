"""Answers what surrounds tasks: engine, people, services, instances; and unknown paths."""

from collections.abc import Callable, Sequence
from typing import Final

from taskdock.routes import (
    engine,
    services,
)
from taskdock.routes.inbox import forms, me
from taskdock.routes.lists import (
    links,
    rights,
)
from taskdock.runtime.http_app import HttpApp
from taskdock.runtime.routes import Routes
from taskdock.runtime.wiring import Wiring, deployed


def create_app(wiring: Callable[[], Wiring] = deployed) -> HttpApp:
    """The app of this function."""
    return HttpApp(
        wiring,
        engine.ROUTES,
        links.ROUTES,
        me.ROUTES,
        forms.SHOWN,
        rights.ROUTES,
        services.SHOWN,
        rare=_around_tasks,
        elsewhere=_of_other_functions,
    )


def _around_tasks() -> Sequence[Routes]:
    # Imported here: they load what answers queries.
    from taskdock.routes.lists import definitions, instances, variable_instances

    return instances.ROUTES, definitions.ROUTES, variable_instances.ROUTES


def _of_other_functions() -> Sequence[Routes]:
    # Imported here: only a wrong method and OPTIONS need to know them.
    from taskdock.routes.every_route import of_other_functions

    return of_other_functions()


handler: Final = create_app()
