"""Answers what surrounds tasks: engine, users, groups, services; and unknown paths."""

from collections.abc import Callable
from typing import Final

from taskdock.routes import (
    engine,
    services,
)
from taskdock.runtime.http_app import HttpApp
from taskdock.runtime.wiring import Wiring, deployed


def create_app(wiring: Callable[[], Wiring] = deployed) -> HttpApp:
    """The app of this function."""
    return HttpApp(
        wiring,
        engine.ROUTES,
        services.SHOWN,
    )


handler: Final = create_app()
