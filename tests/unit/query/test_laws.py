"""Laws that hold for all queries and all tasks."""

import json
import random
from collections.abc import Mapping
from typing import Any, Final

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from taskdock.api.queries.reading import (
    PROPERTY_NAMES,
    Strictness,
    read_body,
    read_parameters,
)
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.json_text import read_json
from taskdock.domain.query.criteria import BY_NAME, PROPERTIES, SUPERSEDED, Kind
from taskdock.domain.query.model import TaskQuery
from taskdock.domain.tasks.task import Task
from taskdock.use_cases.query.paging import Window
from taskdock.use_cases.query.query_tasks import count_tasks, find_tasks

from tests.support.in_memory_store import InMemoryTaskStore
from tests.unit.query.asking import bound, chosen, found, keep, query_request
from tests.unit.query.worlds import (
    FILTERS,
    SWITCHES,
    TOP_ONLY,
    levels,
    queries,
    sort_orders,
    worlds,
)

Body = Mapping[str, Any]


# What a query means.


@settings(max_examples=300)
@given(worlds(), levels(inside=False), st.sampled_from(sorted(FILTERS)), st.data())
def test_a_filter_more_never_finds_more(
    tasks: list[Task], body: Body, name: str, data: st.DataObject
) -> None:
    silenced = {each for pair in SUPERSEDED.items() for each in pair}
    assume(name not in body and not (name in silenced and silenced & body.keys()))
    more = {**body, name: data.draw(FILTERS[name])}
    try:
        query = read_body(more)
    except InvalidRequest:  # the filters exclude each other
        assume(False)
    assert set(chosen(query, tasks)) <= set(found(body, *tasks))


@settings(max_examples=200)
@given(worlds(), levels(inside=False), queries())
def test_an_or_query_more_never_finds_more(tasks: list[Task], level: Body, body: Body) -> None:
    more = {**body, "orQueries": [*body["orQueries"], _as_or_query(level)]}
    assert set(found(more, *tasks)) <= set(found(body, *tasks))


def _as_or_query(level: Body) -> Body:
    inner = {name: value for name, value in level.items() if name not in TOP_ONLY}
    if not any(BY_NAME[name].traits.candidates for name in inner if name in BY_NAME):
        inner.pop("includeAssignedTasks", None)
    return inner


@settings(max_examples=300)
@given(worlds(), levels(inside=True, at_most=4))
def test_an_or_query_finds_what_any_of_its_parts_finds(tasks: list[Task], level: Body) -> None:
    switches = {name: True for name in SWITCHES if name in level}
    filters = {name: value for name, value in level.items() if name in FILTERS}
    assume(filters and not filters.keys() >= {"active", "suspended"})
    assume(not filters.keys() >= {"followUpBefore", "followUpBeforeOrNotExistent"})
    parts: set[str] = set()
    for name, value in filters.items():
        include = "includeAssignedTasks" in level and BY_NAME[name].traits.candidates
        part = {name: value, **switches, **({"includeAssignedTasks": True} if include else {})}
        parts |= set(found({"orQueries": [part]}, *tasks))
    assert set(found({"orQueries": [level]}, *tasks)) == parts


@settings(max_examples=200)
@given(worlds(), queries())
def test_a_query_finds_what_its_top_level_and_each_or_query_find(
    tasks: list[Task], body: Body
) -> None:
    top = {name: value for name, value in body.items() if name != "orQueries"}
    wanted = set(found(top, *tasks))
    for level in body["orQueries"]:
        wanted &= set(found({"orQueries": [level]}, *tasks))
    assert set(found(body, *tasks)) == wanted


# Orders.


@settings(max_examples=200)
@given(worlds(), sort_orders(), st.randoms(use_true_random=False))
def test_an_order_is_total_whatever_order_tasks_come_in(
    tasks: list[Task], sorting: list[Any], chance: random.Random
) -> None:
    body = {"sorting": sorting}
    mixed = chance.sample(tasks, len(tasks))
    assert found(body, *mixed) == found(body, *tasks)
    assert found(body, *mixed, *mixed[:1]).count(mixed[0]["id"]) in (0, 2)


# Plans, pages and counts.


@settings(max_examples=300)
@given(
    worlds(),
    queries(),
    st.integers(0, 6),
    st.integers(0, 8),
    st.sampled_from([1, 2, 50]),
)
def test_what_is_planned_and_read_is_what_filtering_everything_gives(
    tasks: list[Task], body: Body, first: int, maximum: int, page_size: int
) -> None:
    store = InMemoryTaskStore(page_size)
    keep(store, *tasks)
    whole = chosen(read_body(body), tasks)
    asked = query_request(body)
    assert [task["id"] for task in find_tasks(asked, store, Window()).tasks] == whole
    assert count_tasks(asked, store).count == len(whole)
    answer = find_tasks(asked, store, Window(first, maximum))
    assert [task["id"] for task in answer.tasks] == whole[first : first + maximum]
    assert (answer.next is None) is (maximum == 0 or first + maximum >= len(whole))
    if answer.next is not None:
        rest = find_tasks(asked, store, Window(after=answer.next))
        assert [task["id"] for task in rest.tasks] == whole[first + maximum :]


# Reading.


@settings(max_examples=200)
@given(queries(), st.sampled_from([None, ("name", "asc"), ("dueDate", "desc")]))
def test_a_query_string_says_the_same_as_a_body(body: Body, order: tuple[str, str] | None) -> None:
    said: dict[str, Any] = dict(body)
    for name in ("taskVariables", "processVariables", "caseInstanceVariables"):
        if name in said:
            said[name] = [each for each in said[name] if isinstance(each["value"], str)] or [
                {"name": "v", "operator": "eq", "value": "a"}
            ]
    if order is not None:
        said |= {"sortBy": order[0], "sortOrder": order[1]}
    assume(all(_can_be_a_parameter(name, value) for name, value in said.items()))
    parameters = {name: _parameter(name, value) for name, value in said.items()}
    assert read_parameters(parameters, read_json) == read_body(said)


def _can_be_a_parameter(name: str, value: Any) -> bool:
    """A list whose last element is empty cannot be written with commas."""
    return not (isinstance(value, list) and value and value[-1] == "" and len(value) > 1)


def _parameter(name: str, value: Any) -> str:
    if name in ("orQueries", "sorting"):
        return json.dumps(value)
    if name in BY_NAME and BY_NAME[name].kind.name.endswith("VARIABLES"):
        return ",".join("_".join((each["name"], each["operator"], each["value"])) for each in value)
    if isinstance(value, list):
        return ",".join(value)
    return value if isinstance(value, str) else json.dumps(value)


_NAMES: Final = st.sampled_from(
    [*sorted(PROPERTY_NAMES), *("name", "operator", "value", "sortBy", "sortOrder"),
     *("parameters", "variable", "type", "nulls", "unknown")]
)  # fmt: skip
_TEXTS: Final = st.text(max_size=5) | st.sampled_from(
    [
        *("", "a", "eq", "gt", "like", "asc", "desc", "null", "true", "5", "1e5", "PENDING"),
        *("String", "taskVariable", "name", "a,b,", "%\\", "${now()}", "#{", "\x00"),
        "2026-03-01T10:00:00Z",
    ]
)
_SCALARS: Final = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXTS
)
_VALUES: Final = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=8,
)
_SHAPES: Final = st.dictionaries(_NAMES, _VALUES, max_size=4)
_EXPRESSIONS: Final = st.lists(
    st.sampled_from(
        [
            *("${", "#{", "}", "now()", "dateTime()", "currentUser()", "currentUserGroups()"),
            *(".", "(", ")", "plusDays(1)", "concat('a')", "get(0)", "[0]", "toDate()", "time"),
            *("'a'", '"b"', "5", "1.5", "+", "-", "*", "/", "?", ":", "==", "<", "and", "empty"),
            *("null", "true", "a", " ", "%"),
        ]
    ),
    max_size=9,
).map("".join)


def comes_to_something(query: TaskQuery) -> None:
    """The query can be asked, or its expressions are refused (docs/api.md, D12, D13)."""
    try:
        ready = bound(query)
    except InvalidRequest as refused:
        assert refused.message
        return
    assert isinstance(ready, TaskQuery)
    chosen(
        query,
        [],
    )


@settings(max_examples=500)
@given(_SHAPES | _VALUES, st.booleans())
def test_json_of_any_shape_is_a_query_or_is_refused(value: Any, strict: bool) -> None:
    try:
        query = read_body(value, Strictness(refuse_unknown=strict))
    except InvalidRequest as refused:
        assert refused.message
        return
    comes_to_something(query)


@settings(max_examples=300)
@given(st.dictionaries(_NAMES, _TEXTS | _VALUES.map(json.dumps), max_size=4), st.booleans())
def test_parameters_of_any_kind_are_a_query_or_are_refused(
    parameters: dict[str, str], strict: bool
) -> None:
    try:
        query = read_parameters(parameters, read_json, Strictness(refuse_unknown=strict))
    except InvalidRequest as refused:
        assert refused.message
        return
    comes_to_something(query)


@settings(max_examples=300)
@given(
    st.sampled_from(sorted(name for name, each in PROPERTIES.items() if each.is_expression)),
    _EXPRESSIONS | st.text(max_size=20),
    st.booleans(),
    worlds(at_most=3),
)
def test_a_random_expression_is_a_value_or_is_refused(
    name: str, text: str, inside: bool, tasks: list[Task]
) -> None:
    body = {"orQueries": [{name: text}]} if inside else {name: text}
    try:
        ready = bound(read_body(body))
    except InvalidRequest as refused:
        assert refused.message.startswith((f"{name}: ", f"orQueries[0].{name}: "))
        return
    [level] = ready.or_queries if inside else [ready.top]
    [only] = level.filters
    types = {Kind.INSTANT: int, Kind.GROUPS: tuple}
    wanted = types.get(only.criterion.kind, object if name.startswith("candidateUser") else str)
    assert isinstance(only.operand, wanted)
    assert set(chosen(ready, tasks)) <= {task["id"] for task in tasks}
