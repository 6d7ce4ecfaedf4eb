"""Lists are written byte for byte as `json.dumps` writes them."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from taskdock.api.answers.tasks import task_json, tasks_text

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


def dumped(tasks: list[Any]) -> str:
    return json.dumps(
        [task_json(task) for task in tasks], ensure_ascii=False, separators=(",", ":")
    )


@given(st.lists(_TASKS, max_size=3))
def test_a_list_is_written_as_json_dumps_writes_it(tasks: list[Any]) -> None:
    assert tasks_text(tasks) == dumped(tasks)


def test_a_value_of_an_unknown_type_is_written_as_json_dumps_writes_it() -> None:
    plain = {"id": "a", "priority": 1, "created": 17}
    tasks = [{**plain, "priority": 1.5}, {**plain, "name": 5}, {**plain, "suspended": None}]

    assert tasks_text(tasks) == dumped(tasks)  # type: ignore[arg-type]
