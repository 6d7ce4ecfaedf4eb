"""Bad input to the routes that create: a table of mistakes, each with its answer.

Each is answered in the usual shape, names what is wrong, and leaves nothing behind.
"""

import base64
import json
import sys
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from taskdock.domain.query.read_specs import ALL_SHARDS, ByIndex, Index, everywhere
from taskdock.use_cases.ports import Service
from taskdock.use_cases.query.page_reading import every_task

from functions.create_task.handler import create_app
from tests.support.http_events import USER_CLAIMS, Context, http_event, reply
from tests.support.in_memory_wiring import InMemoryWiring

FOR_SERVICE: Final = "POST /v1/services/{sid}/tasks"
STANDALONE: Final = "POST /task/create"
BOTH: Final = (FOR_SERVICE, STANDALONE)

INVALID: Final = "InvalidRequestException"


@dataclass(frozen=True)
class Mistake:
    """A request that is refused."""

    called: str
    body: str
    status: int = 400
    type: str = INVALID
    names: tuple[str, ...] = ()
    routes: tuple[str, ...] = BOTH
    change: dict[str, Any] = field(default_factory=dict)
    """What else is different from a good request's event."""


def with_name(properties: str) -> str:
    return f'{{"name": "x", {properties}}}'


MALFORMED = (
    Mistake("no value", '{"name":}', names=("line 1, column 9",)),
    Mistake("an end missing", '{"name": "x"', names=("line 1, column 13",)),
    # Python 3.12 names the end, later ones the comma before it.
    Mistake(
        "a second line",
        '{"name": "x",\n}',
        names=("line 1, column 13" if sys.version_info >= (3, 13) else "line 2, column 1",),
    ),
    Mistake("single quotes", "{'name': 'x'}", names=("line 1, column 2",)),
    Mistake("a bare word", "nonsense", names=("line 1, column 1",)),
    Mistake("junk behind it", "{} x", names=("line 1, column 4",), routes=(FOR_SERVICE,)),
    Mistake("a raw control character", '{"name": "a\tb"}', names=("line 1, column 12",)),
    Mistake("not a number", with_name('"priority": NaN'), names=("NaN",)),
    Mistake("infinity", with_name('"priority": -Infinity'), names=("-Infinity",)),
    Mistake("a fraction too large", with_name('"priority": 1e999'), names=("1e999",)),
    Mistake("half a surrogate pair", '{"name": "\\ud800"}', names=("surrogate",)),
    Mistake("half a pair in a key", with_name('"\\udfff": 1'), names=("surrogate",)),
    Mistake("a thousand lists deep", with_name(f'"m": {"[" * 1000}{"]" * 1000}'), names=("deep",)),
    Mistake("a thousand lists open", "[" * 1000, names=("deep",)),
    Mistake("five thousand digits", with_name(f'"priority": {"9" * 5000}'), names=("5000 digits",)),
    Mistake("no object", "[]", names=("the body", "an object")),
    Mistake("a null", "null", names=("the body", "null")),
    Mistake("a text", '"x"', names=("the body",)),
)

WRONG_VALUES = (
    Mistake("a priority that is text", with_name('"priority": "abc"'), names=("priority", "abc")),
    Mistake("a priority that is true", with_name('"priority": true'), names=("priority", "true")),
    Mistake("a priority of 33 bits", with_name('"priority": 3000000000'), names=("priority",)),
    Mistake(
        "a priority of a thousand digits",
        with_name(f'"priority": {"9" * 1000}'),
        names=("priority", "2147483647"),
    ),
    Mistake("a name that is a list", '{"name": ["x"]}', names=("name", "a list")),
    Mistake("an assignee that is an object", with_name('"assignee": {}'), names=("assignee",)),
    Mistake("a date that is none", with_name('"due": "tomorrow"'), names=("due", "tomorrow")),
    Mistake("the month 13", with_name('"due": "2026-13-01T00:00:00Z"'), names=("due",)),
    Mistake("a date without offset", with_name('"due": "2026-01-01T00:00:00"'), names=("due",)),
    Mistake("a date beyond the calendar", with_name(f'"followUp": {10**17}'), names=("followUp",)),
    Mistake("a fraction for a date", with_name('"followUp": 1.5'), names=("followUp", "1.5")),
    Mistake("a NUL character", '{"name": "a\\u0000b"}', names=("name", "NUL")),
    Mistake("an unknown parent", with_name('"parentTaskId": "nope"'), names=("nope",)),
)

OF_SERVICES = (
    Mistake("no name", "{}", names=("name: is missing",)),
    Mistake("no body", "", names=("name: is missing",)),
    Mistake("a name of null", '{"name": null}', names=("name: is missing",)),
    Mistake("an empty name", '{"name": ""}', names=("name: must not be blank",)),
    Mistake("a blank name", '{"name": " \\t\\n"}', names=("name: must not be blank",)),
    Mistake("an unknown property", with_name('"prioritty": 1'), names=("prioritty", "priority")),
    Mistake("two unknown ones", with_name('"foo": 1, "bar": 2'), names=("foo", "bar")),
    Mistake("a name that is a number", '{"name": 5}', names=("name", "5")),
    Mistake("a fraction for a priority", with_name('"priority": 5.0'), names=("priority", "5.0")),
    Mistake("metadata that are a list", with_name('"metadata": []'), names=("metadata",)),
    Mistake(
        "a NUL in metadata", with_name('"metadata": {"a": {"b": "\\u0000"}}'), names=("metadata",)
    ),
    Mistake(
        "an item without href",
        with_name('"lists": {"input": {"embedded": {"listItems": [{}]}}}'),
        names=("lists.input.embedded.listItems[0].href",),
    ),
    *(
        Mistake(f"{name} from the caller", with_name(f'"{name}": null'), names=(name,))
        for name in ("tid", "href", "links", "state", "created", "lastUpdated")
    ),
    Mistake(
        "an unknown service",
        '{"name": "x"}',
        status=404,
        names=("operator-p5",),
        change={"rawPath": "/v1/services/operator-p5/tasks"},
    ),
    Mistake(
        "an impossible service",
        '{"name": "x"}',
        status=404,
        names=("a b",),
        change={"rawPath": "/v1/services/a b/tasks"},
    ),
)

OF_STANDALONE_TASKS = (
    Mistake("an id with a blank", '{"id": "a b"}', names=("id",)),
    Mistake("an empty id", '{"id": ""}', names=("id",)),
    Mistake("an id of 65 characters", json.dumps({"id": "x" * 65}), names=("id", "64")),
    Mistake(
        "a delegation state that is none",
        with_name('"delegationState": "foo"'),
        names=("'PENDING' or 'RESOLVED'", "foo"),
    ),
)

REQUESTS = (
    Mistake(
        "a tenant of others",
        with_name('"tenantId": "t2"'),
        status=403,
        type="AuthorizationException",
        names=("t2",),
    ),
    Mistake(
        "a body of 256 KiB and a byte",
        json.dumps({"name": "x" * (256 * 1024 - 11)}),
        status=413,
        type="RequestTooLargeException",
        names=("262145", "262144"),
    ),
    Mistake(
        "no content type",
        '{"name": "x"}',
        status=415,
        type="NotSupportedException",
        names=("application/json",),
        change={"headers": {}},
    ),
    Mistake(
        "a form",
        "name=x",
        status=415,
        type="NotSupportedException",
        names=("application/json",),
        change={"headers": {"content-type": "application/x-www-form-urlencoded"}},
    ),
    Mistake(
        "bytes that are no UTF-8",
        base64.b64encode(b'{"name": "\xff"}').decode(),
        names=("UTF-8",),
        change={"isBase64Encoded": True},
    ),
    Mistake("no base64", "%", names=("base64",), change={"isBase64Encoded": True}),
    Mistake(
        "an empty idempotency key",
        '{"name": "x"}',
        names=("Idempotency-Key",),
        change={"headers": {"content-type": "application/json", "idempotency-key": ""}},
    ),
)

TABLE: Final = [
    pytest.param(route, mistake, id=f"{mistake.called}: {route.removeprefix('POST ')}")
    for routes, mistakes in (
        (None, MALFORMED + WRONG_VALUES + REQUESTS),
        ((FOR_SERVICE,), OF_SERVICES),
        ((STANDALONE,), OF_STANDALONE_TASKS),
    )
    for mistake in mistakes
    for route in routes or mistake.routes
]


@pytest.fixture
def wiring() -> InMemoryWiring:
    return InMemoryWiring(Service("operator-p4", "Print connector"))


def event_for(route: str, body: str) -> dict[str, Any]:
    return http_event(route, {"sid": "operator-p4"} if "{sid}" in route else None, body=body)


def nothing_is_stored(wiring: InMemoryWiring) -> bool:
    tenants = everywhere(wiring.store.tenants())
    everything = ByIndex(Index.OPEN, ALL_SHARDS, tenants)
    return not any(True for _ in every_task(wiring.store, everything))


@pytest.mark.parametrize(("route", "mistake"), TABLE)
def test_a_mistake_is_named_and_leaves_nothing_behind(
    wiring: InMemoryWiring, route: str, mistake: Mistake
) -> None:
    event = event_for(route, mistake.body) | mistake.change

    answer = reply(create_app(lambda: wiring)(event, Context()))

    assert (answer.status, answer.json["type"]) == (mistake.status, mistake.type)
    assert answer.headers["content-type"] == "application/json"
    assert answer.json.keys() == {"type", "message", "code"}
    assert answer.json["code"] is None
    assert [name for name in mistake.names if name not in answer.json["message"]] == []
    assert len(answer.json["message"]) < 300
    assert nothing_is_stored(wiring)


@pytest.mark.parametrize("route", BOTH)
@pytest.mark.parametrize("claims", [None, {}, {"scope": "taskdock/tasks.write"}, {"username": ""}])
def test_without_a_verified_caller_nothing_is_even_read(
    wiring: InMemoryWiring, route: str, claims: dict[str, str] | None
) -> None:
    event = event_for(route, "{") | http_event(route, {"sid": "operator-p4"}, claims=claims)

    answer = reply(create_app(lambda: wiring)(event, Context()))

    assert (answer.status, answer.json["type"]) == (401, "AuthenticationException")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert nothing_is_stored(wiring)


@pytest.mark.parametrize("route", BOTH)
def test_the_same_request_without_a_mistake_is_stored(wiring: InMemoryWiring, route: str) -> None:
    event = event_for(route, json.dumps({"name": "x" * (256 * 1024 - 12)}))

    answer = reply(create_app(lambda: wiring)(event, Context()))

    assert answer.status in (201, 204)
    assert not nothing_is_stored(wiring)


@pytest.mark.parametrize("header", ["authorization", "x-user", "username"])
def test_headers_do_not_authenticate_a_caller(wiring: InMemoryWiring, header: str) -> None:
    event = event_for(STANDALONE, "{}")
    event["headers"][header] = USER_CLAIMS["username"]
    del event["requestContext"]["authorizer"]

    assert reply(create_app(lambda: wiring)(event, Context())).status == 401
