"""Keeps filters, and finds the tasks that they and a page are for."""

from collections.abc import Callable
from typing import Final

from taskdock.routes.inbox import look
from taskdock.routes.lists import filters
from taskdock.runtime.http_app import HttpApp
from taskdock.runtime.wiring import Wiring, deployed


def create_app(wiring: Callable[[], Wiring] = deployed) -> HttpApp:
    """The app of this function."""
    return HttpApp(wiring, look.ROUTES, filters.ROUTES)


handler: Final = create_app()
