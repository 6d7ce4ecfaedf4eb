"""What the functions ask of the table, of the bucket of columns and of the function that makes them
is what their roles in the template allow."""

import json
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any, Final

import pytest
from taskdock.runtime import wiring
from taskdock.use_cases.columns import broad_search, columns, compacting
from taskdock.use_cases.ports import Changes, Put

from tests.integration.test_permissions_used import allowed, asked_for
from tests.support.builders import a_task
from tests.support.column_places import Context, Place, a_column_place
from tests.support.deployed_routes import function_for
from tests.support.http_events import USER_CLAIMS, http_event, reply
from tests.support.object_stores import names_in
from tests.support.set_clock import SetClock
from tests.support.tables import Table

BUCKET: Final = "${ColumnBucket.Arn}"
ADMIN: Final = {**USER_CLAIMS, "scope": "taskdock/admin taskdock/tasks.read taskdock/tasks.write"}

_ACTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "GetObject": ("s3:GetObject", f"{BUCKET}/*"),
    "PutObject": ("s3:PutObject", f"{BUCKET}/*"),
    "DeleteObjects": ("s3:DeleteObject", f"{BUCKET}/*"),
    "ListObjectsV2": ("s3:ListBucket", BUCKET),
    "Invoke": ("lambda:InvokeFunction", "${CompactColumnsFunction.Arn}"),
}


@pytest.fixture
def place(dynoxide_table: Table, moto_endpoint: str) -> Iterator[Place]:
    with a_column_place(dynoxide_table, moto_endpoint) as found:
        yield found


@pytest.fixture
def needed(place: Place, monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """What was asked for since it was cleared, each action with what it is on."""
    found: set[tuple[str, str]] = set()

    def note(params: Mapping[str, Any], model: Any, **_: Any) -> None:
        if model.service_model.service_name == "dynamodb":
            found.update(asked_for(model.name, params))
        else:
            found.add(_ACTIONS[model.name])

    def watched(make: Callable[..., Any]) -> Callable[..., Any]:
        def made(*args: Any) -> Any:
            client = make(*args)
            client.meta.events.register("before-parameter-build", note)
            return client

        return made

    assert place
    for name in ("_client", "_table_client"):
        monkeypatch.setattr(wiring, name, watched(getattr(wiring, name)))
    monkeypatch.setattr(broad_search, "ROWS_BY_ID", 0)
    return found


def asked(function: str, route: str, body: object, **path: str) -> Any:
    """What the function of that folder answers."""
    event = http_event(
        route,
        path,
        body=json.dumps(body),
        headers={"content-type": "application/json"},
        claims=ADMIN,
    )
    app = import_module(f"functions.{function}.handler").create_app()
    answered = reply(app(event, Context()))
    assert answered.status < 300, answered.text
    return answered.json if answered.text else None


def test_what_columns_need_is_allowed(
    place: Place, needed: set[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns, "LONG_TAIL", 0)
    monkeypatch.setattr(columns, "_ASKED_EVERY", 0.0)
    monkeypatch.setattr(compacting, "_STAYS", -10_000)
    used: set[tuple[str, str, str]] = set()

    def by(function: str, act: Callable[[], object]) -> Any:
        wiring._wired.cache_clear()  # each function is a process of its own
        needed.clear()
        done = act()
        used.update((function, *each) for each in needed)
        return done

    compact = import_module("functions.compact_columns.handler").handler
    body = {"nameLike": "n%"}
    for at in range(3):
        place.put(*(a_task(f"{at}-{each}", name=f"n{each}") for each in range(40)))
        assert by("compact_columns", lambda: compact({"tenant": None}, Context()))
    store = place.table.store(keeping=place.table.keeping(SetClock.real()))
    store.commit(Changes([Put(a_task("of-t1", name="n", tenantId="t1"))]))
    place.put(a_task("new", name="n-new"))  # it is beside the columns
    saved = {"resourceType": "Task", "name": "f", "query": body}
    made = by("manage_filters", lambda: asked("manage_filters", "POST /filter/create", saved))
    found = by("manage_filters", lambda: _list_of(made["id"]))
    assert len(found) >= 120
    assert len(by("query_tasks", lambda: asked("query_tasks", "POST /task", body))) >= 120
    by("query_tasks", lambda: asked("query_tasks", "POST /task/count", body))
    look = function_for("POST", "/v1/look")
    by(look, lambda: asked(look, "POST /v1/look", {"queries": [{"query": body}]}))
    by("administer", lambda: asked("administer", "POST /v1/erasures", {"taskId": "0-1"}))
    assert names_in(place.s3, place.bucket) == []

    assert {each for each in used if each[1:] not in allowed(each[0])} == set()
    for function, *action in (
        ("query_tasks", *_ACTIONS["GetObject"]),
        ("query_tasks", *_ACTIONS["Invoke"]),
        ("manage_filters", *_ACTIONS["GetObject"]),
        ("manage_filters", *_ACTIONS["Invoke"]),
        (look, *_ACTIONS["GetObject"]),
        ("administer", *_ACTIONS["ListObjectsV2"]),
        ("administer", *_ACTIONS["DeleteObjects"]),
        ("compact_columns", *_ACTIONS["GetObject"]),
        ("compact_columns", *_ACTIONS["PutObject"]),
        ("compact_columns", *_ACTIONS["ListObjectsV2"]),
        ("compact_columns", *_ACTIONS["DeleteObjects"]),
    ):
        assert (function, *action) in used


def _list_of(filter_id: str) -> Any:
    return asked("manage_filters", "POST /filter/{id}/list", {}, id=filter_id)
