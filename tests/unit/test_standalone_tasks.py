"""Creating a task as Camunda 7 does: leniently."""

from typing import Any

import pytest
from taskdock.api.requests.standalone_tasks import new_standalone_task
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.json_text import read_json
from taskdock.domain.tasks.task import TaskId

from tests.support.builders import CREATED


def created(**properties: Any) -> dict[str, Any]:
    return dict(new_standalone_task(properties, TaskId("own"), CREATED))


def test_nothing_is_needed_and_the_priority_is_then_zero() -> None:
    assert created() == {
        "id": "own",
        "priority": 0,
        "created": CREATED,
        "taskState": "Created",
        "state": "created",
    }


def test_what_is_given_is_kept() -> None:
    given = {
        "id": "s02-a",
        "name": "Full",
        "description": "A description",
        "priority": 30,
        "assignee": "mary",
        "owner": "john",
        "delegationState": "pending",
        "due": "2026-04-01T10:00:00.000+0200",
        "followUp": 1_774_000_000_000,
        "parentTaskId": "s02-p",
        "caseInstanceId": "c1",
        "tenantId": "t1",
    }

    assert created(**given) == {
        **created(),
        **given,
        "delegationState": "PENDING",
        "due": 1_775_030_400_000,
    }


def test_properties_that_mean_nothing_are_passed_over() -> None:
    assert created(unknown=1, taskState="Updated", created=5, service="x") == created()


@pytest.mark.parametrize(
    ("text", "name"), [("5", "5"), ("5.70", "5.70"), ("true", "true"), ('""', "")]
)
def test_scalars_are_taken_for_text_as_they_were_written(text: str, name: str) -> None:
    body = read_json(f'{{"name": {text}}}')

    assert new_standalone_task(body, TaskId("own"), CREATED)["name"] == name


@pytest.mark.parametrize(("value", "priority"), [(5.7, 5), (" 5 ", 5), ("", 0), (None, 0)])
def test_a_priority_is_taken_from_fractions_and_text(value: object, priority: int) -> None:
    assert created(priority=value)["priority"] == priority


@pytest.mark.parametrize("value", ["", "  ", "null", None])
def test_a_blank_date_is_none(value: object) -> None:
    assert created(due=value, followUp=value) == created()


@pytest.mark.parametrize("body", [None, [], "x", 5])
def test_a_body_that_is_no_object_is_refused(body: object) -> None:
    with pytest.raises(InvalidRequest, match=r"^the body: expected an object"):
        new_standalone_task(body, TaskId("own"), CREATED)


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"id": ""}, "id: expected 1 to 64 letters"),
        ({"id": "a b"}, "id: expected 1 to 64 letters"),
        ({"name": ["a"]}, "name: expected a string, got a list"),
        ({"assignee": {}}, "assignee: expected a string, got an object"),
        ({"assignee": "x" * 256}, "assignee: expected at most 255 characters, got 256"),
        ({"priority": "abc"}, 'priority: expected an integer, got "abc"'),
        ({"priority": 10**1000}, "priority: expected an integer from"),
        ({"due": "tomorrow"}, "due: expected a date"),
        ({"followUp": 10**18}, "followUp: expected a date"),
        ({"delegationState": "foo"}, ".*'delegationState' are 'PENDING' or 'RESOLVED'.*'foo'"),
        ({"delegationState": ""}, ".*'delegationState' are 'PENDING' or 'RESOLVED'"),
        ({"description": "a\0"}, "description: text must not contain the NUL character"),
    ],
)
def test_what_is_wrong_is_named(properties: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidRequest, match=f"^{message}"):
        created(**properties)
