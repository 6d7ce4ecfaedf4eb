"""The routes of the template, the actions behind them, and what is said of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from api_description import (
    change_routes,
    filter_routes,
    history_routes,
    inbox_routes,
    people_routes,
    program_routes,
    record_routes,
    service_routes,
    surrounding_routes,
    task_query,
    task_routes,
    variable_routes,
)
from api_description.operations import Operation
from local.deployment import Function, Route
from local.routes import Router
from local.template import Template

OPERATIONS: Final = (
    *task_query.OPERATIONS,
    *task_routes.OPERATIONS,
    *record_routes.OPERATIONS,
    *filter_routes.OPERATIONS,
    *people_routes.OPERATIONS,
    *surrounding_routes.OPERATIONS,
    *variable_routes.OPERATIONS,
    *history_routes.OPERATIONS,
    *inbox_routes.OPERATIONS,
    *change_routes.OPERATIONS,
    *service_routes.OPERATIONS,
    *program_routes.OPERATIONS,
)
"""Every description, in the order in which documents have them."""


class Disagreement(Exception):
    """What is deployed and what is described differ."""


@dataclass(frozen=True, slots=True)
class DescribedRoute:
    """An operation, and the route of the template that serves it."""

    route: Route
    operation: Operation


def routes_of(template: Template) -> tuple[Route, ...]:
    """The routes of the template's API; a function has its folder as its logical id."""
    return tuple(
        Route(
            method=event["Properties"]["Method"],
            path=event["Properties"]["Path"],
            function=_function(function["CodeUri"].removeprefix("functions/")),
            secured=event["Properties"]["Auth"].get("Authorizer") != "NONE",
            scopes=tuple(
                template.resolve(event["Properties"]["Auth"].get("AuthorizationScopes", []))
            ),
        )
        for function in template.resources("AWS::Serverless::Function").values()
        for event in function.get("Events", {}).values()
        if event["Type"] == "HttpApi"
    )


def _function(folder: str) -> Function:
    module = f"functions.{folder}.handler"
    return Function(folder, module, "handler", timeout=0, memory=0, environment={})


def actions_of(routes: Iterable[Route]) -> Mapping[str, frozenset[str]]:
    """Folder of a function -> the operations that it answers: `GET /task/{id}` and so on."""
    functions = {route.function.name: route.function for route in routes}
    return {
        name: import_module(function.module).handler.operations
        for name, function in functions.items()
    }


def described(
    routes: Sequence[Route], operations: Sequence[Operation] = OPERATIONS
) -> tuple[DescribedRoute, ...]:
    """Every operation with the route that serves it, in the descriptions' order.

    Raises `Disagreement` naming the actions without a description, and the descriptions whose
    route leads to a function that does not answer them.
    """
    router, actions = Router(routes), actions_of(routes)
    found: list[DescribedRoute] = []
    unserved: list[str] = []
    for operation in operations:
        method, path = operation.route.split(" ")
        match = router.match(method, path)
        if match is None or operation.route not in actions[match.route.function.name]:
            unserved.append(operation.route)
        else:
            found.append(DescribedRoute(match.route, operation))
    silent = frozenset[str]().union(*actions.values()) - {each.route for each in operations}
    if silent or unserved:
        raise Disagreement(
            f"not described: {', '.join(sorted(silent)) or 'none'}; "
            f"not served: {', '.join(sorted(unserved)) or 'none'}"
        )
    return tuple(found)
