"""Creates tasks: for a service, or as Camunda 7 does."""

from collections.abc import Callable
from typing import Final

from taskdock.routes import (
    task_creation,
)
from taskdock.runtime.http_app import HttpApp
from taskdock.runtime.wiring import Wiring, deployed


def create_app(wiring: Callable[[], Wiring] = deployed) -> HttpApp:
    """The app of this function."""
    return HttpApp(
        wiring,
        task_creation.ROUTES,
    )


handler: Final = create_app()
