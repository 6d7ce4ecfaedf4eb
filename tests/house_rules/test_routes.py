"""No route of the API is open, but for the one that says where tokens come from."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest

from api_description.routes import actions_of
from local.settings import REPOSITORY
from local.template import Template
from tests.support.deployed_routes import deployed_router, deployed_routes

OPEN: Final = {"GET /v1/auth"}
"""It answers the identity provider's address to callers without a token."""

READ, WRITE, ADMIN = "taskdock/tasks.read", "taskdock/tasks.write", "taskdock/admin"

READING_BY_POST: Final = {
    "POST /v1/look",
    "POST /task",
    "POST /task/count",
    "POST /filter/{id}/list",
    "POST /filter/{id}/count",
    "POST /filter/{id}/singleResult",
    "POST /process-instance",
    "POST /process-instance/count",
    "POST /case-instance",
    "POST /case-instance/count",
    "POST /group",
    "POST /group/count",
    "POST /variable-instance",
    "POST /variable-instance/count",
    "POST /identity/verify",
    "POST /history/task",
    "POST /history/task/count",
    "POST /history/variable-instance",
    "POST /history/variable-instance/count",
}

ENGINE: Final = "/engine/default"

READING_BY_POST_BELOW: Final = {
    *(
        f"POST /{below}/{{proxy+}}"
        for below in (
            "filter/{id}", "variable-instance", "identity", "history", "group",
            "process-instance", "case-instance",
        )
    ),
    *(f"POST {ENGINE}/{below}{{proxy+}}" for below in ("", "filter/{id}/", "history/")),
}  # fmt: skip
"""Greedy routes for what reads by POST."""

OF_ADMINISTRATORS: Final = {
    "GET /v1/programs",
    "GET /v1/programs/{clientId}",
    "PUT /v1/programs/{clientId}",
    "DELETE /v1/programs/{clientId}",
    "PUT /v1/forms/{key}",
    "DELETE /v1/forms/{key}",
    "PUT /v1/services/{sid}",
    "DELETE /v1/services/{sid}",
    "POST /v1/import",
    "POST /v1/erasures",
}

UNKNOWN: Final = "/{proxy+}"
"""What no other route serves: its function answers reading requests and a 404."""

Functions = Mapping[str, Mapping[str, Any]]


def routes(functions: Functions) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """`GET /task` and so on, each with its event."""
    for function in functions.values():
        for event in function.get("Events", {}).values():
            if event["Type"] == "HttpApi":
                properties = event["Properties"]
                yield f"{properties['Method']} {properties['Path']}", properties


def scopes_of(event: Mapping[str, Any]) -> list[str]:
    scopes: list[str] = event.get("Auth", {}).get("AuthorizationScopes", [])
    return scopes


def test_a_route_is_declared_once(functions: Functions) -> None:
    keys = [key for key, _ in routes(functions)]

    assert len(keys) == len(set(keys))


def test_every_route_is_the_one_apis_and_behind_its_authorizer(
    template: Template, functions: Functions
) -> None:
    [(api, properties)] = template.resources("AWS::Serverless::HttpApi").items()
    authorizer = properties["Auth"]["DefaultAuthorizer"]

    assert "JwtConfiguration" in properties["Auth"]["Authorizers"][authorizer]
    assert {str(event["ApiId"]) for _, event in routes(functions)} == {str({"Ref": api})}
    assert {key for key, event in routes(functions) if "Authorizer" in event["Auth"]} == OPEN


def test_every_route_asks_for_a_scope(functions: Functions) -> None:
    assert {key for key, event in routes(functions) if not scopes_of(event)} == OPEN


def test_routes_ask_only_for_scopes_that_are_granted(
    template: Template, functions: Functions
) -> None:
    [server] = template.resources("AWS::Cognito::UserPoolResourceServer").values()
    prefix = template.resolve(server["Identifier"])
    defined = {f"{prefix}/{scope['ScopeName']}" for scope in server["Scopes"]}
    clients = template.resources("AWS::Cognito::UserPoolClient").values()
    granted = {
        scope for client in clients for scope in template.resolve(client["AllowedOAuthScopes"])
    }
    asked_for = (template.resolve(scopes_of(event)) for _, event in routes(functions))

    assert {scope for scopes in asked_for for scope in scopes} == defined
    assert granted - {"openid"} == defined


def test_no_person_can_sign_in_as_an_administrator(template: Template) -> None:
    """Cognito grants all scopes of a client to every user of the client."""
    people = template.resources("AWS::Cognito::UserPoolClient")["PeopleClient"]

    assert people["AllowedOAuthFlows"] == ["code"]
    assert ADMIN not in template.resolve(people["AllowedOAuthScopes"])


def operations() -> dict[str, Any]:
    """`GET /task/{id}` and so on -> the operation of docs/openapi.json."""
    document = json.loads((REPOSITORY / "docs" / "openapi.json").read_text(encoding="utf-8"))
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def scope_for(key: str) -> set[str]:
    """The scope that an operation takes by what it does."""
    if key in OPEN:
        return set()
    if key in OF_ADMINISTRATORS:
        return {ADMIN}
    reads = key.startswith(("GET ", "OPTIONS ")) or key in READING_BY_POST
    return {READ} if reads else {WRITE}


@pytest.mark.parametrize("key", operations())
def test_an_operation_is_served_behind_its_scope(key: str) -> None:
    """The gateway's route leads to a function that answers it, for the scope that is described."""
    match = deployed_router().match(*key.split(" "))

    assert match is not None
    assert key in actions_of(deployed_routes())[match.route.function.name]
    assert set(match.route.scopes) == scope_for(key)
    told = {scope for each in operations()[key]["security"] for scope in each["token"]}
    assert told == scope_for(key)


@pytest.mark.parametrize(
    "key", [key for key in operations() if not key.split(" ")[1].startswith("/v1/")]
)
def test_an_operation_of_camundas_api_is_there_under_the_engines_name_too(key: str) -> None:
    """By the same function and for the same scope."""
    method, path = key.split(" ")
    own, twin = (deployed_router().match(method, each) for each in (path, f"/engine/default{path}"))

    assert own is not None
    assert twin is not None
    assert twin.route.function == own.route.function
    assert twin.route.scopes == own.route.scopes


@pytest.mark.parametrize("key", [key for key in operations() if key.startswith("GET ")])
def test_head_is_served_where_get_is(key: str) -> None:
    """By a function that answers the GET, for the same scope."""
    _, path = key.split(" ")
    for prefix in ("", "/engine/default") if not path.startswith("/v1/") else ("",):
        head = deployed_router().match("HEAD", prefix + path)
        assert head is not None
        assert key in actions_of(deployed_routes())[head.route.function.name]
        assert set(head.route.scopes) == (scope_for(key) or {READ})


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_an_unknown_path_reaches_a_function_that_changes_nothing(method: str) -> None:
    for path in ("/nothing", "/tasks/t1/claim", "/engine/other/task/t1"):
        match = deployed_router().match(method, path)
        assert match is not None
        assert match.route.path == UNKNOWN
        answered = actions_of(deployed_routes())[match.route.function.name]
        assert {key for key in answered if scope_for(key) != {READ}} <= OPEN


def test_a_greedy_route_lets_no_action_pass_for_a_lesser_scope() -> None:
    """Whatever a function answers by a method, each of its routes of that method asks for."""
    actions = actions_of(deployed_routes())
    for route in deployed_routes():
        if route.path in {UNKNOWN} or not route.path.endswith("+}"):
            continue
        reading = route.method in {"GET", "HEAD", "OPTIONS"} or route.key in READING_BY_POST_BELOW
        assert set(route.scopes) == ({READ} if reading else {WRITE}), route.key
        answered = actions[route.function.name]
        if route.key in READING_BY_POST_BELOW:
            below = route.key.removeprefix("POST ").removeprefix(ENGINE).removesuffix("{proxy+}")
            posted = {key for key in answered if key.startswith(f"POST {below}")}
            assert posted <= READING_BY_POST
        assert not answered & OF_ADMINISTRATORS, route.key


def test_there_are_few_routes_none_of_which_takes_every_method() -> None:
    """CORS preflights reach the gateway itself only without `ANY` and `$default`."""
    assert len(deployed_routes()) <= 100
    methods = {route.method for route in deployed_routes()}
    assert methods == {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
    assert not [route.key for route in deployed_routes() if route.path.endswith("/")]
