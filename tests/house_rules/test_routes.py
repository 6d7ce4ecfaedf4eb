"""No route of the API is open, but for the one that says where tokens come from."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from local.deployment import Function, Route
from local.routes import Router
from local.template import Template

OPEN: Final = {"GET /v1/auth"}
"""It tells the identity provider's address to those who have no token yet."""

OF_THE_ENGINE: Final = ("/task", "/user", "/group", "/identity", "/version")
"""What the routes start with that the reference has for each of its engines."""

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
    defined = {f"{server['Identifier']}/{scope['ScopeName']}" for scope in server["Scopes"]}
    clients = template.resources("AWS::Cognito::UserPoolClient").values()
    granted = {scope for client in clients for scope in client["AllowedOAuthScopes"]}

    assert {scope for _, event in routes(functions) for scope in scopes_of(event)} == defined
    assert granted - {"openid"} == defined


def test_nobody_signs_in_as_an_administrator(template: Template) -> None:
    """Cognito grants all scopes of a client to everybody who comes through it."""
    people = template.resources("AWS::Cognito::UserPoolClient")["PeopleClient"]

    assert people["AllowedOAuthFlows"] == ["code"]
    assert "taskdock/admin" not in people["AllowedOAuthScopes"]


def test_every_route_of_the_reference_is_there_under_the_engines_name_too(
    functions: Functions,
) -> None:
    """By the same function and for the same scope, be it one by one or for all that is left."""
    declared = [
        Route(each["Method"], each["Path"], a_function(name), True, tuple(scopes_of(each)))
        for name, function in functions.items()
        for _, each in routes({name: function})
    ]
    router = Router(declared)
    own = [route for route in declared if route.path.startswith(OF_THE_ENGINE)]

    assert own
    for route in own:
        twin = router.match(route.method, f"/engine/default{route.path}")
        assert twin is not None, route.key
        assert twin.route.function == route.function, route.key
        assert twin.route.scopes == route.scopes, route.key


def a_function(name: str) -> Function:
    """The function as far as routes go."""
    return Function(name, name, "handler", timeout=29, memory=1769, environment={})
