"""The scopes of variables, and how setting and removing changes them."""

from typing import Any

import pytest
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import Task, TaskId, Variables
from taskdock.domain.variables.scopes import (
    Holder,
    Modification,
    modified,
    scopes,
    spread,
    visible,
)
from taskdock.domain.variables.values import from_json, plain

NOW = Instant(1_800_000_000_000)


def variables(**values: object) -> Variables:
    return {name: from_json(value) for name, value in values.items()}


def values(of: Variables) -> dict[str, object]:
    return {name: plain(variable) for name, variable in of.items()}


def a_task(name: str = "t1", **fields: Any) -> Task:
    task: Task = {"id": TaskId(name), "priority": 0, "created": Instant(0), "state": "created"}
    return {**task, **fields}  # type: ignore[typeddict-item]


IN_PROCESS = a_task(
    processInstanceId="p1",
    variables=variables(x="own", y="own"),
    processVariables=variables(x="process", z="process"),
)
IN_CASE = a_task(
    caseInstanceId="c1",
    caseExecutionId="ce",
    variables=variables(x="own"),
    caseInstanceVariables=variables(x="case", z="case"),
)
PARENT = a_task("parent", variables=variables(x="parent", z="parent"))
CHILD = a_task("child", parentTaskId="parent", variables=variables(x="own"))


def holders(task: Task, *ancestors: Task) -> list[tuple[Holder, str]]:
    return [(scope.holder, scope.id) for scope in scopes(task, ancestors)]


def test_a_standalone_task_sees_its_own_variables() -> None:
    assert holders(PARENT) == [(Holder.TASK, "parent")]


def test_around_a_task_is_its_process_instance_or_its_case_instance() -> None:
    assert holders(IN_PROCESS) == [(Holder.TASK, "t1"), (Holder.PROCESS_INSTANCE, "p1")]
    assert holders(IN_CASE) == [(Holder.TASK, "t1"), (Holder.CASE_INSTANCE, "c1")]


def test_a_process_hides_a_parent_task() -> None:
    assert holders(IN_PROCESS, PARENT) == holders(IN_PROCESS)


def test_a_case_that_is_only_referred_to_surrounds_nothing() -> None:
    assert holders(a_task(caseInstanceId="c1")) == [(Holder.TASK, "t1")]


def test_around_a_sub_task_is_its_parent_and_what_surrounds_that() -> None:
    assert holders(CHILD, PARENT) == [(Holder.TASK, "child"), (Holder.TASK, "parent")]
    assert holders(CHILD, a_task("middle"), IN_PROCESS) == [
        (Holder.TASK, "child"),
        (Holder.TASK, "middle"),
        (Holder.TASK, "t1"),
        (Holder.PROCESS_INSTANCE, "p1"),
    ]


def test_the_nearer_variable_hides_the_farther() -> None:
    assert values(visible(scopes(IN_PROCESS))) == {"x": "own", "y": "own", "z": "process"}
    assert values(visible(scopes(IN_CASE))) == {"x": "own", "z": "case"}
    assert values(visible(scopes(CHILD, [PARENT]))) == {"x": "own", "z": "parent"}


def settings(task: Task, names: str, *ancestors: Task) -> list[tuple[str, list[str]]]:
    modification = Modification(variables(**dict.fromkeys(names, 1)))
    return [
        (scope.id, list(part.settings))
        for scope, part in spread(modification, scopes(task, ancestors))
    ]


def test_a_variable_is_set_where_its_name_is_and_else_outermost() -> None:
    assert settings(IN_PROCESS, "xzn") == [("t1", ["x"]), ("p1", ["z", "n"])]
    assert settings(IN_CASE, "xzn") == [("t1", ["x"]), ("c1", ["z", "n"])]
    assert settings(CHILD, "xzn", PARENT) == [("child", ["x"]), ("parent", ["z", "n"])]
    assert settings(PARENT, "xn") == [("parent", ["x", "n"])]


def test_without_any_scope_variables_are_dropped() -> None:
    assert spread(Modification(variables(x=1), ("y",)), ()) == []


def test_a_variable_is_removed_where_it_is_found_first_and_nowhere_else() -> None:
    parts = spread(Modification({}, ("x", "z")), scopes(IN_PROCESS))
    assert [(scope.id, part.removals) for scope, part in parts] == [
        ("t1", ("x",)),
        ("p1", ("z",)),
    ]


def test_removing_what_is_not_there_changes_nothing() -> None:
    assert spread(Modification({}, ("none",)), scopes(IN_PROCESS)) == []


def test_a_name_that_is_set_and_removed_is_gone() -> None:
    ((scope, part),) = spread(Modification(variables(n=1), ("n",)), scopes(PARENT))
    task = modified(PARENT, scope.holder, part, NOW)
    assert values(task["variables"]) == {"x": "parent", "z": "parent"}
    assert task["lastUpdated"] == NOW


def test_own_variables_keep_their_order_and_new_ones_come_last() -> None:
    task = modified(IN_PROCESS, Holder.TASK, Modification(variables(n=1, x=2), ()), NOW)
    assert list(values(task["variables"]).items()) == [("x", 2), ("y", "own"), ("n", 1)]
    assert task["processVariables"] == IN_PROCESS["processVariables"]


@pytest.mark.parametrize(
    ("holder", "field"),
    [
        (Holder.TASK, "variables"),
        (Holder.PROCESS_INSTANCE, "processVariables"),
        (Holder.CASE_INSTANCE, "caseInstanceVariables"),
    ],
)
def test_each_holder_has_a_field_that_goes_with_its_last_variable(
    holder: Holder, field: str
) -> None:
    task = modified(a_task(), holder, Modification(variables(n=1)), NOW)
    assert {key for key in task if key.endswith("ariables")} == {field}
    assert field not in modified(task, holder, Modification({}, ("n",)), NOW)


def test_the_description_of_a_service_task_follows_its_metadata() -> None:
    task = a_task(service="s")
    task = modified(task, Holder.TASK, Modification(variables(description="text")), NOW)
    assert task["description"] == "text"
    other = modified(task, Holder.TASK, Modification(variables(description=5)), NOW)
    assert "description" not in other
    gone = modified(task, Holder.TASK, Modification({}, ("description",)), NOW)
    assert "description" not in gone


def test_a_variable_named_description_is_nothing_special_elsewhere() -> None:
    task = a_task(description="mine")
    task = modified(task, Holder.TASK, Modification(variables(description="text")), NOW)
    assert task["description"] == "mine"


def test_a_task_below_a_thousand_parents_sees_all_their_variables() -> None:
    parents = [a_task(f"p{n}", parentTaskId=f"p{n + 1}") for n in range(1500)]
    outermost = a_task("p1500", variables=variables(far="away"))

    around = scopes(CHILD, (*parents, outermost))

    assert [scope.id for scope in around] == [CHILD["id"]] + [f"p{n}" for n in range(1501)]
    assert values(visible(around)) == {"x": "own", "far": "away"}
