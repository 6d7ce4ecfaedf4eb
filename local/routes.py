"""Which of the API's routes a request is for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from local.deployment import Route

ANY = "ANY"


@dataclass(frozen=True, slots=True)
class Match:
    """A route and the values its path's parameters have in a request."""

    route: Route
    parameters: Mapping[str, str]


class Router:
    """The routes of an API, the most specific first, as API Gateway prefers them."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = sorted(routes, key=_vagueness)

    def match(self, method: str, path: str) -> Match | None:
        """The route for a method and an encoded path; None when there is none.

        A slash at the path's end is overlooked (docs/decisions/0022).
        """
        segments = path.removesuffix("/").split("/")
        for route in self._routes:
            if route.method in {method, ANY}:
                parameters = _parameters(route.path.split("/"), segments)
                if parameters is not None:
                    return Match(route, parameters)
        return None


def _vagueness(route: Route) -> tuple[tuple[int, ...], bool]:
    """Sorts fixed segments before parameters, those before a greedy one, and `ANY` last."""
    kinds = (
        2 if _is_greedy(segment) else 1 if _is_parameter(segment) else 0
        for segment in route.path.split("/")
    )
    return tuple(kinds), route.method == ANY


def _is_parameter(segment: str) -> bool:
    return segment.startswith("{") and segment.endswith("}")


def _is_greedy(segment: str) -> bool:
    return segment.endswith("+}")


def _parameters(pattern: list[str], segments: list[str]) -> dict[str, str] | None:
    """The parameters' values, decoded, when the segments fit the pattern; else None."""
    greedy = _is_greedy(pattern[-1])
    if len(segments) != len(pattern) and not (greedy and len(segments) > len(pattern)):
        return None
    parameters = {}
    for place, (expected, actual) in enumerate(zip(pattern, segments, strict=False)):
        if _is_greedy(expected):
            actual = "/".join(segments[place:])  # noqa: PLW2901 - the last one takes what is left
        if _is_parameter(expected):
            if not actual:
                return None
            parameters[expected.strip("{+}")] = unquote(actual)
        elif unquote(actual) != expected:
            return None
    return parameters
