"""Lists are written byte for byte as `json.dumps` writes them."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from taskdock.api.answers.task_lists import tasks_text
from taskdock.api.answers.tasks import task_json
from taskdock.domain.tasks.task import Task
from taskdock.use_cases.documents import VersionedDocument

from tests.unit.query.worlds import worlds

_TEXTS = st.text(st.characters(categories=None))
_INSTANTS = st.integers(-(10**13), 10**14)
_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(
        (
            "name", "assignee", "delegationState", "description", "executionId", "owner",
            "parentTaskId", "processDefinitionId", "processInstanceId", "taskDefinitionKey",
            "caseExecutionId", "caseInstanceId", "caseDefinitionId", "formKey", "tenantId",
            "taskState",
        ),
        _TEXTS,
    ),
    **dict.fromkeys(("due", "followUp", "lastUpdated"), _INSTANTS),
    "suspended": st.booleans(),
    "camundaFormRef": st.fixed_dictionaries(
        {"key": _TEXTS, "binding": _TEXTS, "version": st.none() | st.integers()}
    ),
}  # fmt: skip
_TASKS = st.fixed_dictionaries(
    {"id": _TEXTS, "priority": st.integers(), "created": _INSTANTS}, optional=_FIELDS
)


_MANY = 210
"""So many that a list is written in the faster way."""


def dumped(tasks: list[Any]) -> str:
    return json.dumps(
        [task_json(task) for task in tasks], ensure_ascii=False, separators=(",", ":")
    )


def written(tasks: list[Any]) -> str:
    """The list as it is written where the tasks are among many."""
    few = [json.dumps(task, separators=(",", ":")).encode() for task in tasks]
    text = tasks_text(few * _MANY)
    once = tasks_text(few)
    assert text == f"[{','.join([once[1:-1]] * _MANY)}]"
    return once


@given(st.lists(_TASKS, min_size=1, max_size=2))
def test_a_list_is_written_as_json_dumps_writes_it(tasks: list[Any]) -> None:
    assert written(tasks) == dumped(tasks)


@pytest.mark.parametrize(
    "fields",
    [
        {"priority": 1.5},
        {"priority": 2**70},
        {"name": 5},
        {"name": "\ud800"},
        {"name": '\x00\x1f\x7f\u2028/\\"'},
        {"camundaFormRef": {"key": "k", "binding": "latest", "version": 1e16}},
        {"camundaFormRef": {"key": "k", "binding": "latest", "version": None}, "formKey": "f"},
        {"unknown": {"a": [1e400, -0.0]}},
    ],
    ids=str,
)
def test_an_unusual_value_is_written_as_json_dumps_writes_it(fields: dict[str, Any]) -> None:
    task = {"id": "a", "priority": 1, "created": 17, **fields}

    assert written([task]) == dumped([task])


@pytest.mark.parametrize("number", [1, _MANY])
def test_a_document_that_says_a_version_is_followed_by_it(number: int) -> None:
    text = json.dumps({"id": "a", "priority": 1, "created": 17}, separators=(",", ":")).encode()
    read = json.loads(tasks_text([text, *[VersionedDocument.of(text, 7)] * number]))

    assert "version" not in read[0]
    assert [each.pop("version") for each in read[1:]] == [7] * number
    assert read == [read[0]] * (number + 1)


@pytest.mark.parametrize("number", [1, _MANY])
def test_a_service_task_shows_service_and_state_behind_its_version(number: int) -> None:
    task = {"id": "a", "priority": 1, "created": 17, "service": 'p"r', "state": "started"}
    document = VersionedDocument.of(json.dumps(task, separators=(",", ":")).encode(), 7)

    for read in json.loads(tasks_text([document] * number)):
        assert list(read.items())[-3:] == [("version", 7), ("service", 'p"r'), ("state", "started")]


def test_an_empty_list_is_written_too() -> None:
    assert tasks_text([]) == "[]"


@settings(max_examples=300)
@given(worlds())
def test_the_tasks_of_a_world_are_written_as_json_dumps_writes_them(tasks: list[Task]) -> None:
    assert written(list(tasks)) == dumped(list(tasks))
