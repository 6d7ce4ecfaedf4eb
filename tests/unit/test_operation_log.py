"""What operations leave in the log."""

from typing import Any

import pytest
from taskdock.domain.events.detection import Change
from taskdock.domain.history.operation import Detail, Operation, Type
from taskdock.domain.history.operation_log import entries
from taskdock.domain.history.traces import MOST_FORMER_LINKS, links_ever, with_traces
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import Task, changed
from taskdock.use_cases.history.write_history import OPERATION, VARIABLE, write_history
from taskdock.use_cases.ports import Changes, Put

from tests.support.builders import CREATED, a_task, to_group, to_user
from tests.support.in_memory_store import InMemoryTaskStore

LATER = Instant(CREATED + 1000)


def operation(kind: Type, detail: Detail | None = None, *, along: bool = False) -> Operation:
    return Operation("o1", kind, "mary", LATER, detail, along)


def left(kind: Type, before: Task | None, after: Task) -> list[tuple[str | None, ...]]:
    return [
        (each.property, each.before, each.after) for each in entries(operation(kind), before, after)
    ]


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        ({"name": None}, []),
        ({"name": "A", "priority": 0}, [("name", None, "A"), ("priority", "50", "0")]),
        ({"name": None, "due": CREATED}, [("dueDate", None, str(CREATED))]),
        ({"name": None, "caseInstanceId": "c"}, [("caseInstanceId", None, "c")]),
    ],
)
def test_creating_logs_what_was_given(fields: dict[str, Any], lines: list[tuple[Any, ...]]) -> None:
    assert left(Type.CREATE, None, a_task(**fields)) == lines


def test_a_change_logs_each_property_that_really_changed() -> None:
    before = a_task(name="A", assignee="mary")
    after = changed(before, name="B", assignee=None, lastUpdated=LATER)

    assert left(Type.UPDATE, before, after) == [("name", "A", "B"), ("assignee", "mary", None)]
    assert left(Type.UPDATE, before, changed(before, lastUpdated=LATER)) == []


def test_ending_logs_one_line_whatever_else_changed() -> None:
    before = a_task(assignee="mary")
    after = changed(before, ended=LATER, assignee=None)

    for kind in (Type.COMPLETE, Type.DELETE):
        assert left(kind, before, after) == [("delete", "false", "true")]


def test_a_task_that_changes_along_leaves_nothing() -> None:
    before = a_task()
    after = changed(before, ended=LATER)

    assert entries(operation(Type.COMPLETE, along=True), before, after) == ()


def test_details_say_what_the_task_does_not() -> None:
    [entry] = entries(
        operation(Type.ADD_GROUP_LINK, Detail("candidate", None, "s")), a_task(), a_task()
    )

    assert (entry.entity, entry.property, entry.after) == ("IdentityLink", "candidate", "s")


def test_a_services_task_logs_its_state_and_that_its_lists_changed() -> None:
    before = a_task(service="p", state="created")
    after = changed(before, state="started", input=[{"href": "x"}])

    assert left(Type.START, before, after) == [
        ("state", "created", "started"),
        ("input", None, None),
    ]


def test_former_links_are_kept_once_and_not_while_they_are_there() -> None:
    first = a_task(assignee="mary", groups=["sales"])
    second = with_traces(first, changed(first, assignee="john", links=None), LATER)
    third = with_traces(second, changed(second, assignee="mary", links=[to_group("sales")]), LATER)

    assert [link["userId"] or link["groupId"] for link in links_ever(second)] == [
        "john",
        "mary",
        "sales",
    ]
    assert third["formerLinks"] == [to_user("john", "assignee")]


def test_a_task_keeps_a_limited_number_of_former_links() -> None:
    task = a_task(assignee="u0")
    for number in range(1, MOST_FORMER_LINKS + 20):
        task = with_traces(task, changed(task, assignee=f"u{number}"), LATER)

    assert len(task["formerLinks"]) == MOST_FORMER_LINKS
    assert task["formerLinks"][-1]["userId"] == f"u{MOST_FORMER_LINKS + 18}"


def written(store: InMemoryTaskStore, before: Task | None, after: Task, version: int) -> None:
    kind = Type.CREATE if before is None else Type.UPDATE
    change = Change("r", CREATED, version, before, after, operation=operation(kind).as_json())
    write_history(store, change, 90)
    write_history(store, change, 90)


def test_writing_a_change_again_changes_nothing() -> None:
    store = InMemoryTaskStore()
    before = a_task(variables={"v": {"type": "Integer", "value": 1}})
    store.commit(Changes([Put(before)]))
    written(store, None, before, 1)
    written(store, before, changed(before, name="B", variables=None), 2)

    [first, second] = store.records(before["id"], OPERATION)
    [removed] = store.records(before["id"], VARIABLE)
    assert (first.id, second.id) == ("000000000001", "000000000002")
    assert second.content is not None
    assert second.content["entries"] == [["Task", "name", "Task t1", "B"]]
    assert removed.content is not None
    assert (removed.content["name"], removed.content["created"]) == ("v", CREATED)


def test_an_operation_comes_back_as_it_was_kept() -> None:
    for each in (
        operation(Type.CLAIM),
        operation(Type.UPDATE_COMMENT, Detail("comment", "a", "b")),
    ):
        assert Operation.of_json(each.as_json()) == each
