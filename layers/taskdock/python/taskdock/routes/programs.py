"""The registered programs: for which tenants and services a client of the user pool works."""

from typing import Any, Final

from taskdock.api.requests.programs import program_in
from taskdock.runtime.answers import NO_CONTENT, Answer
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.services.programs import (
    Program,
    find_program,
    register_program,
    remove_program,
)

ROUTES: Final = Routes()


@ROUTES.get("/v1/programs")
def list_programs(_: Request, wiring: Wiring) -> Answer:
    """All registered programs, by client id."""
    shown = [_json(each, wiring) for each in wiring.programs.list() if not each.removed]
    links = {"self": {"href": f"{wiring.settings.base_path}/v1/programs"}}
    return Answer(200, {"embedded": {"programs": shown}, "links": links})


@ROUTES.get("/v1/programs/{clientId}")
def show_program(request: Request, wiring: Wiring) -> Answer:
    """One registered program."""
    return Answer(200, _json(find_program(wiring.programs, request.path["clientId"]), wiring))


@ROUTES.put("/v1/programs/{clientId}")
def put_program(request: Request, wiring: Wiring) -> Answer:
    """The program as it is registered now: 201 when it is new, else 200."""
    program = program_in(request.json(), request.path["clientId"])
    is_new = register_program(wiring.programs, wiring.people, wiring.services, program)
    content = _json(program, wiring)
    headers = {"Location": content["href"]} if is_new else {}
    return Answer(201 if is_new else 200, content, headers)


@ROUTES.delete("/v1/programs/{clientId}", produces=())
def delete_program(request: Request, wiring: Wiring) -> Answer:
    """Nothing, once the registration is gone."""
    remove_program(wiring.programs, request.path["clientId"])
    return NO_CONTENT


def _json(program: Program, wiring: Wiring) -> dict[str, Any]:
    href = f"{wiring.settings.base_path}/v1/programs/{program.client_id}"
    return {
        "clientId": program.client_id,
        "name": program.name,
        "tenants": list(program.tenants),
        "services": list(program.services),
        "href": href,
        "links": {"self": {"href": href}},
    }
