"""The recordings, read: a world of tasks, and what was asked of it (`recordings/README.md`)."""

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from taskdock.domain.instants import Instant

from local.settings import User
from tests.conformance.packing import RECORDINGS

ADMIN: Final = "demo"
"""Who brings the world in; the recordings ask nothing that needs the scope."""


@dataclass(frozen=True, slots=True)
class World:
    """What there was when the engine was asked."""

    now: Instant
    users: Mapping[str, User]
    entries: Sequence[Mapping[str, Any]]
    """The tasks, each in the form of an import."""


@dataclass(frozen=True, slots=True)
class QueryCase:
    """A task query and the exact answer."""

    name: str
    caller: str
    method: str
    path: str
    parameters: Mapping[str, str]
    body: Mapping[str, Any] | None
    ids: Sequence[str]
    """The page's tasks, in order."""
    count: int
    rows: tuple[str, ...]
    """Rows of the table of differences behind the answer; without any it is the engine's own."""

    @property
    def kind(self) -> str:
        """What kind of case it is."""
        return self.name.rpartition("-")[0]


@dataclass(frozen=True, slots=True)
class ErrorCase:
    """A request that must be refused, or must not be, with its exact bytes."""

    name: str
    caller: str
    method: str
    path: str
    query_string: str
    body: str | None
    content_type: str | None
    status: int
    type: str | None
    mentions: Sequence[str]
    """What the message must contain."""
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One request of a scenario."""

    caller: str
    method: str
    path: str
    """May name what an earlier step captured: `{c1}`."""
    query: str
    body: bytes | None
    content_type: str | None
    accept: str | None
    status: int
    type: str | None
    mentions: Sequence[str]
    answer: Any
    """The whole body, masked; `NOT_RECORDED` where nothing is said of it."""
    answer_type: str
    """What the answer's media type starts with."""
    is_unordered: bool
    """Whether the elements of the answer, a list, come in no order."""
    capture: Mapping[str, str]
    """Names for fields of the answer."""
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """Requests that follow one another."""

    name: str
    about: str
    steps: Sequence[Step]


NOT_RECORDED: Final = object()


@cache
def world() -> World:
    """The world that queries and errors were asked of."""
    [dataset] = _lines("dataset.json")
    users = {
        name: User(tuple(user["groups"]), tuple(user["tenants"]), admin=name == ADMIN)
        for name, user in dataset["users"].items()
    }
    return World(Instant(dataset["now"]), users, dataset["tasks"])


@cache
def queries() -> tuple[QueryCase, ...]:
    """Every recorded query."""
    return tuple(
        QueryCase(
            name=line["id"],
            caller=line["as"],
            method=line["method"],
            path=line["path"],
            parameters={name: str(value) for name, value in line.get("query", {}).items()},
            body=line.get("body"),
            ids=line["ids"],
            count=line["count"],
            rows=tuple(line.get("differs", ())),
        )
        for line in _lines("queries.jsonl")
    )


@cache
def errors() -> tuple[ErrorCase, ...]:
    """Every recorded refusal."""
    return tuple(
        ErrorCase(
            name=line["id"],
            caller=line["as"],
            method=line["method"],
            path=line["path"],
            query_string=line.get("queryString", ""),
            body=line.get("rawBody"),
            content_type=line.get("contentType"),
            status=line["expect"]["status"],
            type=line["expect"].get("type"),
            mentions=line["expect"].get("mentions", ()),
            rows=tuple(line.get("differs", ())),
        )
        for line in _lines("errors.jsonl")
    )


@cache
def scenarios() -> tuple[Scenario, ...]:
    """Every recorded scenario of tasks."""
    return tuple(_scenarios("scenarios.jsonl"))


@cache
def tasklist() -> tuple[Scenario, ...]:
    """Every recorded scenario of what a task list calls beside tasks."""
    return tuple(_scenarios("tasklist.jsonl"))


def _scenarios(name: str) -> Iterator[Scenario]:
    for line in _lines(name):
        yield Scenario(line["id"], line["about"], tuple(map(_step, line["steps"])))


def _step(line: Mapping[str, Any]) -> Step:
    expected = line["expect"]
    return Step(
        caller=line["as"],
        method=line["method"],
        path=line["path"],
        query=line.get("query", ""),
        body=_body(line),
        content_type=line.get("contentType", "application/json"),
        accept=line.get("accept"),
        status=expected["status"],
        type=expected.get("type"),
        mentions=expected.get("mentions", ()),
        answer=expected.get("json", NOT_RECORDED),
        answer_type=expected.get("contentType", ""),
        is_unordered=expected.get("unordered", False),
        capture=line.get("capture", {}),
        rows=tuple(line.get("differs", ())),
    )


def _body(line: Mapping[str, Any]) -> bytes | None:
    if "rawBody" in line:
        raw: str = line["rawBody"]
        return raw.encode()
    body = line.get("body")
    return None if body is None else json.dumps(body).encode()


def _lines(name: str) -> Iterator[Any]:
    with gzip.open(RECORDINGS / f"{name}.gz", "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)
