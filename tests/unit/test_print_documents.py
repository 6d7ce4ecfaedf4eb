"""A worker that gets it right: once for each document and once for the task, whatever happens."""

from typing import Any

import pytest
from taskdock.domain.errors import TemporarilyUnavailable
from taskdock.domain.services.lists import MergedItem
from taskdock.use_cases.services.print_documents import Outcome, Started, print_documents
from taskdock.use_cases.services.task_api import NotThere

from tests.support.worked_task import HREF, WorkedTask


def an_item(index: int, href: str, **metadata: Any) -> MergedItem:
    return {"index": index, "href": href, "metadata": {"Printer": "LocalPrinter", **metadata}}


STARTED = Started("t1", HREF, (an_item(0, "/a"), an_item(1, "/b", copies=2)))
UNTOLD = Started("t1", HREF, None)
"""A start whose items did not fit into the event."""

PRINTED = [
    {"href": "/a", "metadata": {"input": 0, "printer": "LocalPrinter", "copies": 1}},
    {"href": "/b", "metadata": {"input": 1, "printer": "LocalPrinter", "copies": 2}},
]


def test_each_document_is_printed_and_the_task_is_completed() -> None:
    task = WorkedTask()
    assert print_documents(task, STARTED) is Outcome.PRINTED
    assert task.output == PRINTED
    assert (task.state, task.calls) == ("completed", ["read", "add", "add", "complete"])


def test_a_task_without_documents_is_completed() -> None:
    task = WorkedTask(items=[])
    assert print_documents(task, Started("t1", HREF, ())) is Outcome.PRINTED
    assert (task.output, task.state) == ([], "completed")


def test_items_that_did_not_fit_into_the_event_are_read_and_merged() -> None:
    items: list[dict[str, Any]] = [{"href": "/a"}, {"href": "/b", "metadata": {"copies": 2}}]
    task = WorkedTask(metadata={"Printer": "LocalPrinter", "copies": 1}, items=items)
    assert print_documents(task, UNTOLD) is Outcome.PRINTED
    assert task.output == PRINTED


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ({"Printer": None}, "input 1: the metadata name no Printer"),
        ({"Printer": " "}, "input 1: the metadata name no Printer"),
        ({"Printer": ["x"]}, "input 1: the metadata name no Printer"),
        ({"copies": 0}, "input 1: copies is no number from 1 to 1000"),
        ({"copies": True}, "input 1: copies is no number from 1 to 1000"),
        ({"copies": "two"}, "input 1: copies is no number from 1 to 1000"),
    ],
)
def test_what_cannot_be_printed_fails_the_task_before_anything_is(
    metadata: dict[str, Any], reason: str
) -> None:
    task = WorkedTask()
    started = Started("t1", HREF, (an_item(0, "/a"), an_item(1, "/b", **metadata)))
    assert print_documents(task, started) is Outcome.FAILED
    assert (task.state, task.reason, task.output) == ("failed", reason, [])


@pytest.mark.parametrize("state", ["created", "completed", "failed", "canceled"])
def test_a_start_that_comes_again_is_left_alone(state: str) -> None:
    task = WorkedTask()
    task.state = state
    assert print_documents(task, STARTED) is Outcome.LEFT_ALONE
    assert (task.calls, task.output, task.state) == (["read"], [], state)


def test_a_task_that_the_worker_was_told_of_and_does_not_see_is_a_failure() -> None:
    task = WorkedTask()
    task.state = "gone"
    with pytest.raises(NotThere):
        print_documents(task, STARTED)
    later = WorkedTask()
    later.meanwhile = lambda: setattr(later, "state", "gone")
    with pytest.raises(NotThere):
        print_documents(later, STARTED)


@pytest.mark.parametrize("state", ["completed", "canceled"])
def test_a_task_that_ends_meanwhile_is_left_alone(state: str) -> None:
    task = WorkedTask()
    task.meanwhile = lambda: setattr(task, "state", state)
    assert print_documents(task, STARTED) is Outcome.LEFT_ALONE
    assert (task.output, task.state) == ([], state)


def test_what_others_put_into_the_output_is_no_printed_document() -> None:
    task = WorkedTask()
    task.output = [{"href": "/note"}]
    print_documents(task, STARTED)
    assert task.output == [{"href": "/note"}, *PRINTED]


def test_two_workers_on_one_task_print_each_document_once() -> None:
    task, outcomes = WorkedTask(), []

    def another_one() -> None:
        task.meanwhile = lambda: None
        outcomes.append(print_documents(task, STARTED))

    task.meanwhile = another_one
    outcomes.append(print_documents(task, STARTED))

    assert task.output == PRINTED
    assert outcomes == [Outcome.PRINTED, Outcome.LEFT_ALONE]


def test_a_document_that_another_worker_printed_otherwise_is_printed() -> None:
    """Both read the task itself, and its metadata were changed in between."""
    task = WorkedTask()

    def another_one_that_breaks_off() -> None:
        task.meanwhile, task.break_at = (lambda: None), 3
        with pytest.raises(TemporarilyUnavailable):
            print_documents(task, UNTOLD)
        task.break_at = None

    task.meanwhile = another_one_that_breaks_off
    task.breaks_before = False
    task.metadata = {"Printer": "Other"}
    print_documents(task, STARTED)

    assert [item["metadata"]["input"] for item in task.output] == [0, 1]
    assert [item["metadata"]["printer"] for item in task.output] == ["Other", "LocalPrinter"]


@pytest.mark.parametrize("breaks_before", [True, False], ids=["unheard", "unanswered"])
@pytest.mark.parametrize("call", [1, 2, 3, 4])
@pytest.mark.parametrize("started", [STARTED, UNTOLD], ids=["told", "untold"])
def test_a_worker_that_dies_at_any_call_is_followed_by_one_that_finishes(
    started: Started, call: int, breaks_before: bool
) -> None:
    items: list[dict[str, Any]] = [{"href": "/a"}, {"href": "/b", "metadata": {"copies": 2}}]
    task = WorkedTask(items=items)
    task.break_at, task.breaks_before = call, breaks_before

    with pytest.raises(TemporarilyUnavailable):
        print_documents(task, started)
    last = print_documents(task, started)

    assert task.output == PRINTED
    assert task.state == "completed"
    ended_before = call == 4 and not breaks_before
    assert last is (Outcome.LEFT_ALONE if ended_before else Outcome.PRINTED)
