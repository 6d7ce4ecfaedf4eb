"""The routes of the template: which function answers which method and path."""

from functools import cache
from urllib.parse import quote

from api_description.routes import routes_of
from local.deployment import Route
from local.optional_parts import load_with_every_part
from local.routes import Router
from local.settings import REPOSITORY


@cache
def deployed_routes() -> tuple[Route, ...]:
    """Every route of the API."""
    return routes_of(load_with_every_part(REPOSITORY / "template.yaml"))


@cache
def deployed_router() -> Router:
    """The routes as API Gateway prefers them."""
    return Router(deployed_routes())


def function_for(method: str, path: str) -> str:
    """The folder of the function that API Gateway sends a request for the decoded path to."""
    match = deployed_router().match(method, quote(path))
    assert match is not None, f"no route for {method} {path}"
    return match.route.function.name
