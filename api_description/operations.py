"""What is said of a route: what it takes, what it answers, and which errors it may answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from taskdock.domain import errors

type Schema = Mapping[str, Any]
"""A JSON Schema."""

type Refusal = type[errors.TaskdockError]

JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value in the query string or, with `where`, in a header."""

    name: str
    schema: Schema
    about: str
    where: str = "query"


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carries: a schema for each media type that is read."""

    about: str
    content: Mapping[str, Schema]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Success:
    """An answer to a request that could be served; without `content` it has no body."""

    status: int
    about: str
    content: Mapping[str, Schema] | None = None
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A route's description; scope and function stand in the template."""

    route: str
    """`GET /task/{id}` and so on, as in the template."""
    title: str
    answers: tuple[Success, ...]
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    refusals: tuple[Refusal, ...] = ()
    """What this route may refuse beside what every route may."""
    public: bool = False
    """Whether it answers those who have no token."""

    @property
    def method(self) -> str:
        """`GET` and so on."""
        return self.route.partition(" ")[0]

    @property
    def path(self) -> str:
        """The path, its parameters in braces."""
        return self.route.partition(" ")[2]

    @property
    def all_refusals(self) -> tuple[Refusal, ...]:
        """Every error that the function behind the route may answer, each once."""
        found: list[Refusal] = [*self.refusals]
        if self.body is not None:
            found += [errors.InvalidRequest, errors.RequestTooLarge, errors.UnsupportedMediaType]
        elif self.parameters:
            found.append(errors.InvalidRequest)
        if any(answer.content for answer in self.answers):
            found.append(errors.NotAcceptable)
        if not self.public:
            found += [errors.Unauthenticated, errors.TemporarilyUnavailable]
        return tuple(dict.fromkeys(found))


def answers_json(status: int, about: str, schema: Schema, *headers: str) -> tuple[Success, ...]:
    """One answer with a JSON body."""
    return (Success(status, about, {JSON: schema}, headers),)


def answers_nothing(about: str, *headers: str) -> tuple[Success, ...]:
    """One answer without a body: 204."""
    return (Success(204, about, None, headers),)


def takes_json(about: str, schema: Schema, *, required: bool = True) -> Body:
    """A JSON body; where it is not required, none is as good as `{}`."""
    return Body(about, {JSON: schema}, required)


def in_query(name: str, schema: Schema, about: str) -> Parameter:
    """A parameter of the query string."""
    return Parameter(name, schema, about)


def in_header(name: str, schema: Schema, about: str) -> Parameter:
    """A header."""
    return Parameter(name, schema, about, where="header")
