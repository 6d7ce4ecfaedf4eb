"""A search in words is the query that it stands for."""

from typing import Any

import pytest
from taskdock.api.queries.reading import Strictness, read_body
from taskdock.api.queries.search import or_queries_of
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.query.matching import matcher
from taskdock.domain.tasks.task import Task

from tests.support.builders import a_task


def found(search: str, *tasks: Task, variables: str = "") -> list[str]:
    """The ids of the tasks that the words find."""
    words = or_queries_of({"search": search, "searchVariables": variables})
    query = read_body({"orQueries": words}, Strictness(refuse_unknown=True))
    test = matcher(query, frozenset()).test
    return [task["id"] for task in tasks if test(task)]


def test_a_word_is_looked_for_in_every_field() -> None:
    tasks = (
        a_task("t1", name="A LARGE order"),
        a_task("t2", description="enlarged"),
        a_task("t3", processInstanceBusinessKey="large-7"),
        a_task("t4", assignee="Large"),
        a_task("large", name="x"),
        a_task("t5", caseInstanceBusinessKey="xlargex"),
        a_task("t6", name="small", owner="large", processDefinitionName="large"),
    )

    assert found("Large", *tasks) == ["t1", "t2", "t3", "t4", "t5"]
    assert found("large", *tasks) == ["t1", "t2", "t3", "t4", "large", "t5"]


def test_every_word_has_to_be_found_each_in_any_field() -> None:
    tasks = (
        a_task("t1", name="large order", assignee="mary"),
        a_task("t2", name="large", description="an order"),
        a_task("t3", name="order, large"),
        a_task("t4", name="order"),
    )

    assert found("order large", *tasks) == ["t1", "t2", "t3"]
    assert found('"large order"', *tasks) == ["t1"]
    assert found("large mary order", *tasks) == ["t1"]


@pytest.mark.parametrize("text", ["50%", "a_b", "back\\slash", "_", "%"])
def test_what_patterns_use_is_looked_for_as_it_is(text: str) -> None:
    tasks = (a_task("t1", name=f"x{text}x"), a_task("t2", name="50 axb backslash"))

    assert found(text, *tasks) == ["t1"]


def text(value: str) -> dict[str, Any]:
    return {"type": "String", "value": value}


def test_named_variables_are_searched_too() -> None:
    number: dict[str, Any] = {"type": "Double", "value": 1000.0}
    tasks = (
        a_task("t1", variables={"customer": text("ACME Ltd")}),
        a_task("t2", processVariables={"customer": text("acme")}),
        a_task("t3", variables={"other": text("acme")}),
        a_task("t4", processVariables={"customer": number}),
        a_task("t5", variables={"amount": {"type": "Integer", "value": 1000}}),
    )

    assert found("acme", *tasks) == []
    assert found("acme", *tasks, variables="customer") == ["t1", "t2"]
    assert found("acme", *tasks, variables=" customer , other,") == ["t1", "t2", "t3"]
    assert found("1000", *tasks, variables="customer,amount") == ["t4", "t5"]
    assert found("1000.5", *tasks, variables="customer,amount") == []


@pytest.mark.parametrize("search", ["", "  ", '""', '" "'])
def test_without_words_everything_is_found(search: str) -> None:
    assert or_queries_of({"search": search}) == []
    assert or_queries_of({"searchVariables": "a"}) == []


def test_an_open_quotation_mark_is_a_character() -> None:
    assert found('19" rack', a_task("t1", name='rack of 19"'), a_task("t2", name="rack 19")) == [
        "t1"
    ]


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"search": "x" * 201}, "search: at most 200 characters"),
        ({"search": " ".join(map(str, range(11)))}, "search: at most 10 words, got 11"),
        ({"search": "x", "searchVariables": "x" * 201}, "searchVariables: at most 200"),
        (
            {"search": "x", "searchVariables": ",".join(map(str, range(11)))},
            "searchVariables: at most 10 names",
        ),
    ],
)
def test_more_than_there_may_be_is_refused(parameters: dict[str, str], named: str) -> None:
    with pytest.raises(InvalidRequest, match=named):
        or_queries_of(parameters)
