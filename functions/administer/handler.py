"""Registers and removes services, programs and forms; imports tasks; erases tasks and people."""

from collections.abc import Callable
from typing import Final

from taskdock.routes import (
    erasures,
    imports,
    programs,
    services,
)
from taskdock.routes.inbox import forms
from taskdock.runtime.http_app import HttpApp
from taskdock.runtime.wiring import Wiring, deployed


def create_app(wiring: Callable[[], Wiring] = deployed) -> HttpApp:
    """The app of this function."""
    return HttpApp(
        wiring,
        services.REGISTERED,
        imports.ROUTES,
        programs.ROUTES,
        erasures.ROUTES,
        forms.REGISTERED,
    )


handler: Final = create_app()
