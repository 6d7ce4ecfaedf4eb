"""How much a request may read, and for how long."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from taskdock.api.requests.property_values import shown
from taskdock.domain.access import Authorization
from taskdock.domain.caller import ADMIN
from taskdock.domain.errors import InvalidRequest, NotAuthorized
from taskdock.runtime.answers import READ_UNITS, Answer
from taskdock.runtime.requests import Request
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.query.read_budget import Limits

_BUDGET: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")

_GATEWAY_WAITS: Final = 29.0
"""Seconds; API Gateway gives up after 30."""
_TO_ANSWER: Final = 3.0
"""Seconds kept back for sorting, writing and returning what was found."""


def read_limits(request: Request, wiring: Wiring, advice: str = "") -> Limits:
    """The setting's read units, or fewer when the caller asks for fewer, and the time that is left.
    `advice` becomes part of the message at a limit. Raises `InvalidRequest` for a budget that is
    not a number.
    """
    shown = shows_figures(request, wiring)
    return Limits(_budget(request, wiring), time_left(request), advice, tells_figures=shown)


def shows_figures(request: Request, wiring: Wiring) -> bool:
    """Whether the caller may know what a query costs. Where participants alone see a task, the cost
    would tell of the other tasks of the caller's tenants: only administrators may know it.
    """
    is_open = wiring.settings.authorization is Authorization.OPEN
    return is_open or ADMIN in request.caller.scopes


def is_explained(request: Request, wiring: Wiring) -> bool:
    """Whether the request asks for an explanation; raises `NotAuthorized` where it would tell of
    what the caller may not see.
    """
    if not request.flag("explain"):
        return False
    if not shows_figures(request, wiring):
        raise NotAuthorized("explain: only administrators may know how a query is answered here")
    return True


def without_figures(answer: Answer, request: Request, wiring: Wiring) -> Answer:
    """The answer without what its query cost, unless the caller may know it."""
    if READ_UNITS not in answer.headers or shows_figures(request, wiring):
        return answer
    return replace(
        answer,
        headers={name: value for name, value in answer.headers.items() if name != READ_UNITS},
    )


def _budget(request: Request, wiring: Wiring) -> float:
    setting = float(wiring.settings.max_read_units)
    text = request.header("x-max-read-units")
    if text is None or not shows_figures(request, wiring):
        return setting
    if not _BUDGET.fullmatch(text.strip()):
        raise InvalidRequest(f"X-Max-Read-Units: expected a number, got {shown(text)}")
    return min(setting, float(text))


def time_left(request: Request) -> Callable[[], float]:
    """Seconds for which reading may go on so that the answer is in time."""
    spare = max(request.seconds_left() - _GATEWAY_WAITS, 0.0)
    return lambda: request.seconds_left() - spare - _TO_ANSWER
