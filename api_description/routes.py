"""The routes of the template, and what is said of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from taskdock.runtime.http_app import ENGINE

from api_description import people_routes, record_routes, service_routes, task_query, task_routes
from api_description.operations import Operation
from local.template import Template

OPERATIONS: Final = (
    *task_query.OPERATIONS,
    *task_routes.OPERATIONS,
    *record_routes.OPERATIONS,
    *people_routes.OPERATIONS,
    *service_routes.OPERATIONS,
)
"""Every description, in the order in which documents have them."""


class Disagreement(Exception):
    """The template and the descriptions do not speak of the same routes."""


@dataclass(frozen=True, slots=True)
class Route:
    """A route as it is deployed."""

    key: str
    """`GET /task/{id}` and so on."""
    scopes: tuple[str, ...]
    """What a token needs one of; none for a route without token."""

    @property
    def is_twin(self) -> bool:
        """Whether it is another route with the engine's name in front."""
        return f" {ENGINE}/" in self.key


@dataclass(frozen=True, slots=True)
class DescribedRoute:
    """A route as it is deployed, and what is said of it."""

    route: Route
    operation: Operation


def routes_of(template: Template) -> tuple[Route, ...]:
    """The routes of the template's API."""
    return tuple(
        Route(
            f"{event['Properties']['Method']} {event['Properties']['Path']}",
            tuple(event["Properties"].get("Auth", {}).get("AuthorizationScopes", ())),
        )
        for function in template.resources("AWS::Serverless::Function").values()
        for event in function.get("Events", {}).values()
        if event["Type"] == "HttpApi"
    )


def described(
    routes: Iterable[Route], operations: Sequence[Operation] = OPERATIONS
) -> tuple[DescribedRoute, ...]:
    """Every route with its description, in the descriptions' order.

    Routes that only have the engine's name in front are those without it and are left out.
    Raises `Disagreement` naming the routes that nobody describes and those that nobody deploys.
    """
    deployed = {route.key: route for route in routes if not route.is_twin}
    told = [operation.route for operation in operations]
    silent, made_up = deployed.keys() - set(told), set(told) - deployed.keys()
    if silent or made_up:
        raise Disagreement(
            f"not described: {', '.join(sorted(silent)) or 'none'}; "
            f"not in template.yaml: {', '.join(sorted(made_up)) or 'none'}"
        )
    return tuple(DescribedRoute(deployed[each.route], each) for each in operations)
