"""Orders (docs/camunda-behaviour.md, Sorting; docs/api.md, D15 to D18): keys, nulls, ties,
variables."""

from collections.abc import Mapping
from typing import Any, Final

import pytest
from taskdock.api.queries.reading import read_body
from taskdock.domain.query.sorting import PLAIN_SORTS, VARIABLE_SORTS
from taskdock.domain.tasks.task import Task

from tests.support.builders import CREATED, a_task
from tests.unit.query.asking import found, found_by_get

Entry = Mapping[str, Any]


def in_order(entries: list[Entry], *tasks: Task) -> str:
    """The ids in the order of these entries, one letter each."""
    return "".join(found({"sorting": entries}, *tasks))


def by(name: str, order: str = "asc", **more: Any) -> Entry:
    return {"sortBy": name, "sortOrder": order, **more}


def by_variable(scope: str, kind: str, order: str = "asc", variable: str = "v") -> Entry:
    return by(scope, order, parameters={"variable": variable, "type": kind})


FIELDS: Final = {
    "instanceId": "processInstanceId",
    "caseInstanceId": "caseInstanceId",
    "executionId": "executionId",
    "caseExecutionId": "caseExecutionId",
    "assignee": "assignee",
    "description": "description",
    "name": "name",
    "nameCaseInsensitive": "name",
    "tenantId": "tenantId",
    "dueDate": "due",
    "followUpDate": "followUp",
    "lastUpdated": "lastUpdated",
}
"""Sort names with the field that each looks at and that may be null."""

NEVER_NULL: Final = ("id", "created", "priority")


def values_of(name: str) -> tuple[Any, Any]:
    if name == "tenantId":
        return "t1", "t2"
    return (1, 2) if name in ("dueDate", "followUpDate", "lastUpdated") else ("k", "m")


@pytest.mark.parametrize("name", FIELDS)
def test_nulls_are_last_ascending_and_first_descending_by_default(
    name: str,
) -> None:
    field, (small, large) = FIELDS[name], values_of(name)
    tasks = (
        a_task("a", **{"name": None, field: large}),
        a_task("b", name=None),
        a_task("c", **{"name": None, field: small}),
    )
    assert in_order([by(name)], *tasks) == "cab"
    assert in_order([by(name, "desc")], *tasks) == "bac"
    assert in_order([by(name, nulls="first")], *tasks) == "bca"
    assert in_order([by(name, "desc", nulls="last")], *tasks) == "acb"
    assert in_order([by(name, nulls="last")], *tasks) == "cab"


def test_there_is_a_case_for_each_sort_name() -> None:
    assert {*FIELDS, *NEVER_NULL} == set(PLAIN_SORTS)


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("name", PLAIN_SORTS)
def test_equal_tasks_are_in_ascending_order_of_their_ids(name: str, order: str) -> None:
    wanted = "baB" if (name, order) == ("id", "desc") else "Bab"
    tasks = [a_task(each, name="same") for each in ("b", "a", "B")]
    assert in_order([by(name, order)], *tasks) == wanted


def test_without_an_order_the_id_decides() -> None:
    tasks = [a_task(each, priority=place) for place, each in enumerate("bZa")]
    assert found({}, *tasks) == ["Z", "a", "b"]
    assert found({"sorting": []}, *tasks) == ["Z", "a", "b"]


def test_texts_are_in_order_of_code_points() -> None:
    tasks = [
        a_task(each, name=name) for each, name in zip("abcd", ["b", "B", "ä", "z"], strict=True)
    ]
    assert in_order([by("name")], *tasks) == "badc"
    assert in_order([by("name", "desc")], *tasks) == "cdab"


def test_names_can_be_sorted_ignoring_case() -> None:
    tasks = [a_task(each, name=name) for each, name in zip("abc", ["b", "A", "C"], strict=True)]
    assert in_order([by("nameCaseInsensitive")], *tasks) == "bac"
    assert in_order([by("nameCaseInsensitive", "desc")], *tasks) == "cab"


def test_several_keys_count_in_their_order() -> None:
    tasks = [
        a_task("a", priority=1, name="y", due=5),
        a_task("b", priority=2, name="x", due=5),
        a_task("c", priority=1, name="x", due=4),
        a_task("d", priority=2, name=None, due=5),
    ]
    assert in_order([by("priority"), by("name")], *tasks) == "cabd"
    assert in_order([by("priority", "desc"), by("name", "desc")], *tasks) == "dbac"
    assert in_order([by("dueDate"), by("priority", "desc"), by("name", nulls="first")], *tasks) == (
        "cdba"
    )


def test_the_top_level_key_comes_before_those_of_sorting() -> None:
    tasks = [a_task("a", priority=1, name="x"), a_task("b", priority=2, name="x"), a_task("c")]
    body = {"sortBy": "name", "sortOrder": "desc", "sorting": [by("priority", "desc")]}
    assert found(body, *tasks) == ["b", "a", "c"]


def test_a_query_string_sorts_by_two_parameters_or_by_json() -> None:
    tasks = [a_task("a", priority=1), a_task("b", priority=2)]
    assert found_by_get({"sortBy": "priority", "sortOrder": "desc"}, *tasks) == ["b", "a"]
    sorting = '[{"sortBy": "priority", "sortOrder": "desc"}]'
    assert found_by_get({"sorting": sorting}, *tasks) == ["b", "a"]


# Variables.

SCOPES: Final = {
    "processVariable": "processVariables",
    "taskVariable": "variables",
    "caseInstanceVariable": "caseInstanceVariables",
}
SORTABLE: Final[Mapping[str, tuple[Any, Any]]] = {
    "String": ("apple", "Birne"),
    "Integer": (-1, 2),
    "Short": (9, 10),
    "Long": (2**53, 2**53 + 1),
    "Double": (0.5, 1),
    "Date": (CREATED, CREATED + 1),
    "Boolean": (False, True),
}


@pytest.mark.parametrize("kind", SORTABLE)
@pytest.mark.parametrize("scope", SCOPES)
def test_a_variable_sorts_by_its_value_and_whatever_is_not_of_the_type_as_null(
    scope: str, kind: str
) -> None:
    small, large = SORTABLE[kind]
    other = "Long" if kind == "Integer" else "Integer"
    values = {
        "a": {"type": kind, "value": large},
        "b": {"type": kind, "value": small},
        "c": {"type": kind, "value": None},
        "d": {"type": other, "value": 0},
    }
    tasks = [
        *(a_task(each, **{SCOPES[scope]: {"v": value}}) for each, value in values.items()),
        a_task("e", **{SCOPES[scope]: {"V": values["b"]}}),
        a_task("f"),
    ]
    assert in_order([by_variable(scope, kind)], *tasks) == "bacdef"
    assert in_order([by_variable(scope, kind, "desc")], *tasks) == "cdefab"
    assert in_order([{**by_variable(scope, kind), "nulls": "first"}], *tasks) == "cdefba"


def test_strings_of_variables_sort_ignoring_case() -> None:
    tasks = [
        a_task(each, variables={"v": {"type": "String", "value": value}})
        for each, value in zip("abc", ["c", "B", "a"], strict=True)
    ]
    assert in_order([by_variable("taskVariable", "String")], *tasks) == "cba"


def test_a_process_sort_does_not_see_a_variable_of_the_task_itself() -> None:
    one = {"v": {"type": "Integer", "value": 1}}
    tasks = [a_task("a", variables=one), a_task("b", processVariables=one), a_task("c")]
    assert in_order([by_variable("processVariable", "Integer")], *tasks) == "bac"


def test_an_execution_sort_sees_the_process_variables_of_a_task_right_on_the_process() -> None:
    variables = {"v": {"type": "Integer", "value": 1}}
    context = {"processInstanceId": "p", "processVariables": variables}
    tasks = [
        a_task("a", executionId="inner", **context),
        a_task("b", executionId="p", **context),
        a_task("c", **context),
    ]
    assert in_order([by_variable("executionVariable", "Integer")], *tasks) == "bac"


def test_a_case_execution_sort_sees_no_variables() -> None:
    variables = {"v": {"type": "Integer", "value": 1}}
    task = a_task("b", caseExecutionId="c", caseInstanceId="c", caseInstanceVariables=variables)
    assert in_order([by_variable("caseExecutionVariable", "Integer")], task, a_task("a")) == "ab"


@pytest.mark.parametrize("kind", ["string", "String", "integer", "boolean", "date"])
def test_the_first_letter_of_a_type_may_have_either_case(kind: str) -> None:
    [key] = read_body({"sorting": [by_variable("taskVariable", kind)]}).sorting
    assert key.variable is not None
    assert key.variable.type == kind.capitalize()


def test_two_variables_sort_one_after_the_other() -> None:
    tasks = [
        a_task(each, variables={"v": {"type": "Integer", "value": v},
                                "w": {"type": "String", "value": w}})
        for each, v, w in [("a", 1, "x"), ("b", 2, "x"), ("c", 2, "a")]
    ]  # fmt: skip
    entries = [
        by_variable("taskVariable", "Integer", "desc"),
        by_variable("taskVariable", "String", variable="w"),
    ]
    assert in_order(entries, *tasks) == "cba"
    assert set(VARIABLE_SORTS) == {*SCOPES, "executionVariable", "caseExecutionVariable"}
