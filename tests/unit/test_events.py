"""The events that a change of a task document causes, and their details."""

import json
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from taskdock.domain.events.detection import MAX_ITEMS_BYTES, Change, task_events
from taskdock.domain.events.task_events import (
    EVENTS,
    TaskAssigned,
    TaskEvent,
    TaskStarted,
    TaskUpdated,
    as_json,
)
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import Task

from tests.support.builders import CREATED
from tests.support.service_tasks import LATER, a_service_task, an_item

RECORDED = Instant(CREATED + 999_000)
MARKS = {"lastUpdated": LATER, "taskState": "Updated"}


def a_change(before: Task | None, after: Task | None, **fields: Any) -> Change:
    return replace(Change("r1", RECORDED, 4, before, after), **fields)


def said(event: TaskEvent) -> dict[str, Any]:
    """What a consumer reads in the event's detail."""
    detail: dict[str, Any] = json.loads(as_json(event.detail()))
    return detail


def told(before: Task | None, after: Task | None) -> dict[str, dict[str, Any]]:
    """The events by name, each with its own details."""
    common = task_events(a_change(None, a_service_task()))[0].detail().keys()
    return {
        event.name: {key: value for key, value in said(event).items() if key not in common}
        for event in task_events(a_change(before, after))
    }


CHANGES: list[tuple[str, Task | None, Task | None, dict[str, dict[str, Any]]]] = [
    ("a creation", None, a_service_task(), {"TaskCreated": {}}),
    (
        "a creation with an assignee",
        None,
        a_service_task(assignee="mary"),
        {"TaskCreated": {}, "TaskAssigned": {"assignee": "mary"}},
    ),
    (
        "a creation as delegated",
        None,
        a_service_task(assignee="mary", owner="demo", delegationState="PENDING"),
        {
            "TaskCreated": {},
            "TaskDelegated": {"owner": "demo", "assignee": "mary"},
            "TaskAssigned": {"assignee": "mary"},
        },
    ),
    (
        "a claim",
        a_service_task(),
        a_service_task(assignee="mary", **MARKS),
        {"TaskAssigned": {"assignee": "mary"}},
    ),
    (
        "a repeated claim",
        a_service_task(assignee="mary"),
        a_service_task(assignee="mary", **MARKS),
        {"TaskUpdated": {"changed": ["lastUpdated", "taskState"]}},
    ),
    (
        "another assignee",
        a_service_task(assignee="mary"),
        a_service_task(assignee="john", **MARKS),
        {"TaskAssigned": {"assignee": "john", "previousAssignee": "mary"}},
    ),
    (
        "an unclaim",
        a_service_task(assignee="mary"),
        a_service_task(**MARKS),
        {"TaskUnassigned": {"previousAssignee": "mary"}},
    ),
    (
        "a delegation",
        a_service_task(assignee="mary"),
        a_service_task(assignee="john", owner="mary", delegationState="PENDING", **MARKS),
        {
            "TaskDelegated": {"owner": "mary", "assignee": "john"},
            "TaskAssigned": {"assignee": "john", "previousAssignee": "mary"},
        },
    ),
    (
        "a delegation to nobody",
        a_service_task(assignee="mary"),
        a_service_task(owner="mary", delegationState="PENDING", **MARKS),
        {
            "TaskDelegated": {"owner": "mary"},
            "TaskUnassigned": {"previousAssignee": "mary"},
        },
    ),
    (
        "a second delegation while one is pending",
        a_service_task(assignee="mary", owner="demo", delegationState="PENDING"),
        a_service_task(assignee="john", owner="demo", delegationState="PENDING", **MARKS),
        {"TaskAssigned": {"assignee": "john", "previousAssignee": "mary"}},
    ),
    (
        "a resolution",
        a_service_task(assignee="john", owner="mary", delegationState="PENDING"),
        a_service_task(assignee="mary", owner="mary", delegationState="RESOLVED", **MARKS),
        {
            "TaskResolved": {"assignee": "mary"},
            "TaskAssigned": {"assignee": "mary", "previousAssignee": "john"},
        },
    ),
    (
        "a replacement that drops the delegation",
        a_service_task(owner="mary", delegationState="RESOLVED"),
        a_service_task(owner="mary", **MARKS),
        {"TaskUpdated": {"changed": ["delegationState"]}},
    ),
    (
        "a replacement of several fields and the assignee",
        a_service_task(due=CREATED, description="old"),
        a_service_task(name="Other", description="new", assignee="mary", **MARKS),
        {
            "TaskUpdated": {"changed": ["description", "due", "name"]},
            "TaskAssigned": {"assignee": "mary"},
        },
    ),
    (
        "another owner",
        a_service_task(owner="demo"),
        a_service_task(owner="mary", **MARKS),
        {"TaskUpdated": {"changed": ["owner"]}},
    ),
    (
        "a change that Camunda 7 counts as no update",
        a_service_task(variables={"a": {"type": "String", "value": "secret"}}),
        a_service_task(),
        {"TaskUpdated": {"changed": ["variables"]}},
    ),
    (
        "a start",
        a_service_task(),
        a_service_task(state="started", **MARKS),
        {"TaskStarted": {"itemCount": 0, "items": []}},
    ),
    (
        "a completion by the service",
        a_service_task(state="started"),
        a_service_task(state="completed", ended=LATER, endReason="completed", **MARKS),
        {"TaskCompleted": {"previousState": "started"}},
    ),
    (
        "a completion by a person, with a result",
        a_service_task(assignee="mary"),
        a_service_task(
            assignee="mary",
            state="completed",
            ended=LATER,
            endReason="completed",
            processVariables={"approved": {"type": "Boolean", "value": True}},
        ),
        {
            "TaskUpdated": {"changed": ["processVariables"]},
            "TaskCompleted": {"previousState": "created"},
        },
    ),
    (
        "a failure",
        a_service_task(state="started"),
        a_service_task(state="failed", ended=LATER, endReason="the printer is on fire"),
        {"TaskFailed": {"previousState": "started"}},
    ),
    (
        "a cancellation",
        a_service_task(),
        a_service_task(state="canceled", ended=LATER, endReason="canceled"),
        {"TaskCanceled": {"previousState": "created"}},
    ),
    (
        "a comment on an ended task",
        a_service_task(state="completed", ended=CREATED),
        a_service_task(state="completed", ended=CREATED, comments=1, **MARKS),
        {"TaskUpdated": {"changed": ["comments"]}},
    ),
    (
        "a state from a newer version",
        a_service_task(),
        a_service_task(state="paused"),
        {"TaskUpdated": {"changed": ["state"]}},
    ),
    ("a deletion", a_service_task(), None, {"TaskDeleted": {"state": "created"}}),
    (
        "a deletion of an ended task",
        a_service_task(state="failed", ended=CREATED),
        None,
        {"TaskDeleted": {"state": "failed"}},
    ),
    ("a put that changes nothing", a_service_task(), a_service_task(), {}),
    (
        "an import",
        None,
        a_service_task(importId="i1", assignee="mary"),
        {},
    ),
    (
        "an import over a task",
        a_service_task(state="started"),
        a_service_task(importId="i1", assignee="mary"),
        {},
    ),
    (
        "an import over an imported task",
        a_service_task(importId="i1"),
        a_service_task(importId="i2", assignee="mary"),
        {},
    ),
    (
        "a claim of an imported task",
        a_service_task(importId="i1"),
        a_service_task(importId="i1", assignee="mary", **MARKS),
        {"TaskAssigned": {"assignee": "mary"}},
    ),
    (
        "a deletion of an imported task",
        a_service_task(importId="i1"),
        None,
        {"TaskDeleted": {"state": "created"}},
    ),
    ("a record without any image", None, None, {}),
]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [pytest.param(*case[1:], id=case[0].replace(" ", "-")) for case in CHANGES],
)
def test_a_change_causes_its_events(
    before: Task | None, after: Task | None, expected: dict[str, dict[str, Any]]
) -> None:
    facts_told = told(before, after)
    assert facts_told == expected
    assert list(facts_told) == [each.__name__ for each in EVENTS if each.__name__ in expected]


def test_the_cases_show_every_kind_of_event() -> None:
    assert {name for *_, expected in CHANGES for name in expected} == {
        each.__name__ for each in EVENTS
    }


def test_every_event_says_what_it_is_about() -> None:
    task = a_service_task(id="t:1", taskDefinitionKey="print", tenantId="acme", assignee="mary")
    change = a_change(a_service_task(id="t:1", assignee="mary"), task)
    (event,) = task_events(replace(change, operation={"user": "demo"}))
    assert said(event) == {
        "eventId": "r1.TaskUpdated",
        "tid": "t:1",
        "href": "/v1/services/operator-p4/tasks/t:1",
        "service": "operator-p4",
        "type": "print",
        "tenantId": "acme",
        "actor": "demo",
        "version": 4,
        "occurredAt": "2026-01-23T12:59:21.000+0000",
        "changed": ["taskDefinitionKey", "tenantId"],
    }


def test_a_task_without_a_service_has_an_address_in_the_task_api() -> None:
    detail = task_events(a_change(None, a_service_task(service=None)))[0].detail()
    assert detail["href"] == "/task/t1"
    assert detail.keys().isdisjoint({"service", "type", "tenantId", "actor"})


def test_an_address_starts_with_the_context_path() -> None:
    change = a_change(None, a_service_task(service=None))
    assert task_events(change, "/engine-rest")[0].detail()["href"] == "/engine-rest/task/t1"


def test_a_service_with_an_unusual_name_has_an_address_all_the_same() -> None:
    detail = task_events(a_change(None, a_service_task(service="a/b ü")))[0].detail()
    assert detail["href"] == "/v1/services/a%2Fb%20%C3%BC/tasks/t1"


@pytest.mark.parametrize(
    ("before", "after", "moment"),
    [
        (None, a_service_task(), CREATED),
        (a_service_task(), a_service_task(name="Other", lastUpdated=LATER), LATER),
        (a_service_task(lastUpdated=LATER), a_service_task(lastUpdated=LATER, due=1), RECORDED),
        (
            a_service_task(state="started"),
            a_service_task(state="failed", ended=LATER, lastUpdated=LATER + 1),
            LATER,
        ),
        (
            a_service_task(state="failed", ended=LATER, comments=1),
            a_service_task(state="failed", ended=LATER),
            RECORDED,
        ),
        (a_service_task(), None, RECORDED),
        (None, a_service_task(created=None), RECORDED),
    ],
    ids=["creation", "update", "no-update", "end", "after-the-end", "deletion", "old-document"],
)
def test_an_event_occurred_when_the_document_says_or_else_when_the_table_does(
    before: Task | None, after: Task | None, moment: Instant
) -> None:
    assert {event.metadata.occurred_at for event in task_events(a_change(before, after))} == {
        moment
    }


def test_the_same_record_gives_the_same_ids_and_each_event_its_own() -> None:
    change = a_change(None, a_service_task(assignee="mary", delegationState="PENDING"))
    ids = [event.event_id for event in task_events(change)]
    assert ids == [event.event_id for event in task_events(change)]
    assert len(set(ids)) == 3


def test_a_task_made_anew_under_an_old_id_is_a_new_event() -> None:
    first = task_events(a_change(None, a_service_task(), record="r1"))[0]
    again = task_events(a_change(None, a_service_task(), record="r2"))[0]
    assert first.event_id != again.event_id


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        (a_service_task(state="completed", ended=CREATED), ()),
        (a_service_task(), ("TaskDeleted",)),
    ],
    ids=["ended", "open"],
)
def test_an_ended_task_whose_time_is_over_goes_silently(
    task: Task, expected: tuple[str, ...]
) -> None:
    assert (
        tuple(event.name for event in task_events(a_change(task, None, expired=True))) == expected
    )


def test_documents_of_an_older_version_are_understood() -> None:
    oldest = cast(Task, {"id": "t1"})
    assert [event.name for event in task_events(a_change(None, oldest))] == ["TaskCreated"]
    assert told(oldest, a_service_task(state="started"))["TaskStarted"] == {
        "itemCount": 0,
        "items": [],
    }
    ended = cast(Task, {"id": "t1", "ended": LATER})
    assert told(oldest, ended) == {"TaskCompleted": {"previousState": "created"}}
    assert told(oldest, None) == {"TaskDeleted": {"state": "created"}}


def test_documents_of_a_newer_version_are_compared_key_by_key() -> None:
    newer = cast(Task, {**a_service_task(), "colour": "red"})
    assert told(a_service_task(), newer) == {"TaskUpdated": {"changed": ["colour"]}}


def test_a_null_is_as_good_as_an_absent_field() -> None:
    nulls = cast(Task, {**a_service_task(), "assignee": None, "due": None})
    assert told(a_service_task(), nulls) == {}


def test_a_start_carries_the_merged_items() -> None:
    fields: dict[str, object] = {
        "variables": {"Printer": {"type": "String", "value": "LocalPrinter"}},
        "inputMetadata": {"copies": 1},
        "input": [an_item("a"), an_item("b", copies=2)],
    }
    started = told(a_service_task(**fields), a_service_task(state="started", **fields))
    assert started == {
        "TaskStarted": {
            "itemCount": 2,
            "items": [
                {
                    "index": 0,
                    "href": "/v1/services/operator-fileupload/repo/a",
                    "metadata": {"Printer": "LocalPrinter", "copies": 1},
                },
                {
                    "index": 1,
                    "href": "/v1/services/operator-fileupload/repo/b",
                    "metadata": {"Printer": "LocalPrinter", "copies": 2},
                },
            ],
        }
    }


def a_start_of(items: int, metadata_bytes: int) -> TaskStarted:
    fields: dict[str, object] = {
        "variables": {"text": {"type": "String", "value": "x" * metadata_bytes}},
        "input": [an_item(str(each)) for each in range(items)],
    }
    (event,) = task_events(
        a_change(a_service_task(**fields), a_service_task(state="started", **fields))
    )
    assert isinstance(event, TaskStarted)
    return event


def test_items_too_large_for_an_event_are_left_out_and_counted() -> None:
    detail = a_start_of(items=3, metadata_bytes=100_000).detail()
    assert detail["itemCount"] == 3
    assert detail["leftOut"] == "items"
    assert "items" not in detail


def test_items_that_would_take_gigabytes_are_not_even_written() -> None:
    # 20,000 items that each repeat 150 KB: 3 GB if all were built.
    assert a_start_of(items=20_000, metadata_bytes=150_000).items is None


def test_items_are_carried_up_to_the_last_byte_that_fits() -> None:
    overhead = len(as_json(a_start_of(items=1, metadata_bytes=0).items)) - 1
    assert a_start_of(items=1, metadata_bytes=MAX_ITEMS_BYTES - overhead).items is not None
    assert a_start_of(items=1, metadata_bytes=MAX_ITEMS_BYTES - overhead + 1).items is None


def test_half_a_surrogate_pair_does_not_stop_an_event() -> None:
    (event,) = task_events(a_change(a_service_task(), a_service_task(assignee="\ud83d")))
    assert '"assignee":"?"' in as_json(event.detail())


def test_json_is_compact_and_keeps_letters() -> None:
    assert as_json({"name": ["Müller", 1]}) == '{"name":["Müller",1]}'


TEXTS = st.sampled_from(["", "mary", "john", "secret"])
DOCUMENTS = st.fixed_dictionaries(
    {"id": st.just("t1"), "priority": st.just(50), "created": st.just(CREATED)},
    optional={
        "name": TEXTS,
        "description": TEXTS,
        "assignee": TEXTS,
        "owner": TEXTS,
        "delegationState": st.sampled_from(["PENDING", "RESOLVED"]),
        "lastUpdated": st.sampled_from([CREATED, LATER]),
        "taskState": st.sampled_from(["Created", "Updated"]),
        "state": st.sampled_from(["created", "started", "completed", "failed", "canceled"]),
        "ended": st.sampled_from([CREATED, LATER]),
        "endReason": TEXTS,
        "service": st.just("operator-p4"),
        "variables": st.just({"a": {"type": "String", "value": "secret"}}),
        "input": st.just([an_item("a")]),
    },
).map(lambda document: cast(Task, document))


def differing(before: Task, after: Task) -> set[str]:
    old, new = dict(before), dict(after)
    return {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}


@settings(deadline=None)
@given(before=DOCUMENTS, after=DOCUMENTS)
def test_every_changed_field_is_covered_and_no_other_is_named(before: Task, after: Task) -> None:
    found = task_events(a_change(before, after))
    named = {name for event in found if isinstance(event, TaskUpdated) for name in event.changed}
    told_of = {name for event in found for name in event.COVERED_FIELDS}
    bookkeeping = {"lastUpdated", "taskState"}
    assert named <= differing(before, after)
    assert named.isdisjoint(told_of)
    assert differing(before, after) - bookkeeping <= named | told_of
    assert bool(found) == bool(differing(before, after))


@settings(deadline=None)
@given(before=DOCUMENTS, after=DOCUMENTS)
def test_an_event_carries_no_free_text_but_the_metadata_of_a_start(
    before: Task, after: Task
) -> None:
    people = {"assignee", "previousAssignee", "owner"}
    for event in task_events(a_change(before, after)):
        shown = {key: value for key, value in event.detail().items() if key not in people}
        assert isinstance(event, TaskStarted) or "secret" not in as_json(shown)


@settings(deadline=None)
@given(before=DOCUMENTS, after=DOCUMENTS)
def test_an_assignment_is_an_event_whatever_else_changed(before: Task, after: Task) -> None:
    assigned = [f for f in task_events(a_change(before, after)) if isinstance(f, TaskAssigned)]
    new = after.get("assignee")
    expected = [] if new is None or new == before.get("assignee") else [new]
    assert [event.assignee for event in assigned] == expected


@settings(deadline=None)
@given(before=st.none() | DOCUMENTS, after=st.none() | DOCUMENTS, expired=st.booleans())
def test_events_are_of_known_kinds_each_at_most_once(
    before: Task | None, after: Task | None, expired: bool
) -> None:
    kinds: list[type[TaskEvent]] = [
        type(f) for f in task_events(a_change(before, after, expired=expired))
    ]
    assert kinds == [kind for kind in EVENTS if kind in kinds]
