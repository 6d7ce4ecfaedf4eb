"""Answers what surrounds tasks: engine, users, groups, services; and unknown paths."""

from collections.abc import Callable, Sequence
from typing import Final

from taskdock.routes import (
    engine,
    services,
)
from taskdock.routes.lists import (
    links,
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
        services.SHOWN,
        elsewhere=_of_other_functions,
    )


def _of_other_functions() -> Sequence[Routes]:
    # Imported here: only a wrong method and OPTIONS need to know them.
    from taskdock.routes.every_route import of_other_functions

    return of_other_functions()


handler: Final = create_app()
