"""Who the caller is, and what the caller may do."""

from typing import Any, Final

from taskdock.api.answers.people import person_names_json
from taskdock.domain.caller import ADMIN, READ, WRITE, Caller
from taskdock.domain.people import Person
from taskdock.runtime.answers import Answer
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.wiring import Wiring

ROUTES: Final = Routes()


@ROUTES.get("/v1/me")
def show_caller(request: Request, wiring: Wiring) -> Answer:
    """The caller: id, names, groups, tenants and rights (docs/api.md, Calling it)."""
    caller = request.caller
    person = None if request.is_program else wiring.people.person(caller.user)
    return Answer(
        200,
        {
            "id": caller.user,
            **person_names_json(person or Person(caller.user)),
            "program": request.is_program,
            "groups": list(caller.groups),
            "tenants": sorted(caller.tenants),
            "services": None if caller.services is None else sorted(caller.services),
            "authorization": wiring.settings.authorization,
            "rights": _rights(caller),
        },
    )


def _rights(caller: Caller) -> dict[str, Any]:
    return {
        "read": READ in caller.scopes,
        "write": WRITE in caller.scopes,
        "admin": ADMIN in caller.scopes,
        "supervisor": caller.supervises,
    }
