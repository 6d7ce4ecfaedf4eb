"""Each criterion asked of the stores: what the predicates find, the paths into a table find too."""

from collections.abc import Iterable

import pytest
from taskdock.api.queries.reading import read_body
from taskdock.domain.query.planning import plan
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.query.query_tasks import count_tasks

from tests.support.builders import a_task
from tests.support.in_memory_store import InMemoryTaskStore
from tests.support.tables import Table
from tests.unit.query.asking import bound, keep, query_request, stored
from tests.unit.query.criteria_cases import CASES, Case

KEYED = tuple(
    case for case in CASES if plan(bound(read_body({case.name: case.value}))).rows < 100_000
)
"""Those that some key of the table serves; the others read everything there is."""


def wrong_answers(store: TaskStore, cases: Iterable[Case]) -> list[str]:
    """The cases that a store with all cases' tasks answers wrongly."""
    cases = tuple(cases)
    tasks = {task["id"]: task for case in cases for group in case.tasks() for task in group}
    keep(store, *tasks.values())
    wrong = []
    for case in cases:
        finds, leaves = ({task["id"] for task in group} for group in case.tasks())
        body = {case.name: case.value}
        found = stored(body, store)
        if not finds <= set(found) or leaves & set(found):
            wrong.append(f"{case.name} {case.value}: {found}")
        if count_tasks(query_request(body), store).count != len(found):
            wrong.append(f"{case.name} {case.value}: count")
    return wrong


def test_the_fake_answers_every_criterion(in_memory_store: InMemoryTaskStore) -> None:
    assert wrong_answers(in_memory_store, CASES) == []


def test_dynoxide_answers_every_criterion(dynoxide_table: Table) -> None:
    assert wrong_answers(dynoxide_table.store(), CASES) == []


def test_moto_answers_every_criterion_that_a_key_serves(moto_table: Table) -> None:
    assert wrong_answers(moto_table.store(), KEYED) == []


@pytest.mark.parametrize(
    "text", ["", "~", "a#b", "ß" * 200, "x" * 3000, "\U0001f600", "=", "~" * 9]
)
def test_any_text_can_be_asked_for_under_any_key(store: TaskStore, text: str) -> None:
    """Keys of a table may be neither empty nor long; values may."""
    names = ("assignee", "candidateGroup", "candidateUser", "processInstanceId", "service")
    more = ("processInstanceBusinessKey", "caseInstanceId", "parentTaskId", "taskDefinitionKey")
    for name in (*names, *more, "processDefinitionKey", "taskId"):
        assert stored({name: text}, store) == []


@pytest.mark.parametrize("text", ["", "ß" * 200])
def test_a_value_that_is_no_key_is_found_all_the_same(store: TaskStore, text: str) -> None:
    fields = {
        "assignee": "assignee",
        "processInstanceId": "processInstanceId",
        "processInstanceBusinessKey": "processInstanceBusinessKey",
        "caseInstanceId": "caseInstanceId",
        "taskDefinitionKey": "taskDefinitionKey",
        "processDefinitionKey": "processDefinitionKey",
    }
    keep(store, a_task("a", **dict.fromkeys(fields.values(), text)))
    keep(store, a_task("b", groups=[text], users=[text]))
    for name in fields:
        assert stored({name: text}, store) == ["a"]
    assert stored({"candidateGroup": text}, store) == ["b"]
    assert stored({"candidateUser": text}, store) == ["b"]
