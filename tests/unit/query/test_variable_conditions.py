"""Conditions on variables: what each operator finds among values of every type (D5, D9 to D11)."""

from collections.abc import Mapping
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from taskdock.domain.json_text import read_json
from taskdock.domain.query.operands import Switches, VariableCondition
from taskdock.domain.query.variable_conditions import PROCESS_OPERATORS, variable_test
from taskdock.domain.tasks.task import Variable

from tests.support.builders import a_task
from tests.unit.query.asking import NOW, NOW_TEXT, found, found_by_get


def typed(kind: str, value: object) -> Variable:
    return {"type": kind, "value": value}


SAME_INSTANT: Final = "2026-03-01T12:00:00+02:00"
"""The instant of `NOW_TEXT`, written otherwise."""

VALUES: Final[Mapping[str, Variable]] = {
    "Integer 5": typed("Integer", 5),
    "Long 5": typed("Long", 5),
    "Short 5": typed("Short", 5),
    "Double 5": typed("Double", 5.0),
    "Double 5.5": typed("Double", 5.5),
    "Integer 6": typed("Integer", 6),
    "Long 2^53+1": typed("Long", 2**53 + 1),
    "Double 2^53": typed("Double", float(2**53)),
    "Long max": typed("Long", 2**63 - 1),
    "String 5": typed("String", "5"),
    "String empty": typed("String", ""),
    "String null": typed("String", "null"),
    "String true": typed("String", "true"),
    "String abc": typed("String", "abc"),
    "String ABC": typed("String", "ABC"),
    "String a%c": typed("String", "a%c"),
    "String date": typed("String", NOW_TEXT),
    "String same instant": typed("String", SAME_INSTANT),
    "Date": typed("Date", NOW),
    "Date later": typed("Date", NOW + 1),
    "Boolean true": typed("Boolean", True),
    "Boolean false": typed("Boolean", False),
    "Null": typed("Null", None),
    "null String": typed("String", None),
    "null Integer": typed("Integer", None),
    "null Date": typed("Date", None),
    "Json": typed("Json", '{"a":5}'),
    "Json 5": typed("Json", "5"),
    "Bytes": typed("Bytes", "NQ=="),
    "Object": typed("Object", "abc"),
}
TASKS: Final = [
    *(a_task(label, variables={"v": value}) for label, value in VALUES.items()),
    a_task("~ none", variables={"w": typed("Integer", 5)}),
    a_task("~ none at all"),
]
EVERY: Final = frozenset(VALUES)
FIVES: Final = {"Integer 5", "Long 5", "Short 5", "Double 5"}
NUMBERS: Final = {
    *FIVES,
    *("Double 5.5", "Integer 6", "Long 2^53+1", "Double 2^53", "Long max"),
}
NULLS: Final = {"Null", "null String", "null Integer", "null Date"}
STRINGS: Final = {label for label, value in VALUES.items() if value["type"] == "String"} - NULLS


def having(operator: str, value: object, **flags: bool) -> set[str]:
    """The labels of the values for which the condition holds, the same on every level (D11)."""
    condition = {"name": "v", "operator": operator, "value": value}
    level = {"taskVariables": [condition], **flags}
    labels = found(level, *TASKS)
    assert found({"orQueries": [level]}, *TASKS) == labels
    return set(labels)


@pytest.mark.parametrize(
    ("value", "equal"),
    [
        (5, FIVES),
        (5.0, FIVES),
        (5.5, {"Double 5.5"}),
        (2**53 + 1, {"Long 2^53+1"}),
        (2**53, {"Double 2^53"}),
        (float(2**53), {"Double 2^53"}),
        (2**63 - 1, {"Long max"}),
        (2**70, set()),
        ("5", {"String 5"}),
        ("", {"String empty"}),
        ("null", {"String null"}),
        ("true", {"String true"}),
        ("abc", {"String abc"}),
        ("a%c", {"String a%c"}),
        (NOW_TEXT, {"String date", "Date"}),
        (SAME_INSTANT, {"String same instant", "Date"}),
        ("2026-03-01T10:00:00.001Z", {"Date later"}),
        (True, {"Boolean true"}),
        (False, {"Boolean false"}),
        (None, NULLS),
        (str(NOW), set()),
        (NOW, set()),
        ('{"a":5}', set()),
        ("NQ==", set()),
    ],
)
def test_eq_finds_the_same_value_and_neq_every_other(value: object, equal: set[str]) -> None:
    assert having("eq", value) == equal
    assert having("neq", value) == EVERY - equal


@pytest.mark.parametrize(
    ("value", "less", "equal", "greater"),
    [
        (5, set(), FIVES, NUMBERS - FIVES),
        (5.5, FIVES, {"Double 5.5"}, NUMBERS - FIVES - {"Double 5.5"}),
        (
            2**53 + 1,
            NUMBERS - {"Long 2^53+1", "Long max"},
            {"Long 2^53+1"},
            {"Long max"},
        ),
        (5_000_000_000, NUMBERS - {"Long 2^53+1", "Double 2^53", "Long max"}, set(),
         {"Long 2^53+1", "Double 2^53", "Long max"}),
        (2**63, NUMBERS, set(), set()),
        (-(2**70), set(), set(), NUMBERS),
        ("abc", STRINGS - {"String abc", "String null", "String true"}, {"String abc"},
         {"String null", "String true"}),
        ("", set(), {"String empty"}, STRINGS - {"String empty"}),
        # a date-like text compares dates by instant and strings as text
        (NOW_TEXT, {"String empty"}, {"String date", "Date"},
         STRINGS - {"String empty", "String date"} | {"Date later"}),
        (SAME_INSTANT, {"String empty", "String date"}, {"String same instant", "Date"},
         STRINGS - {"String empty", "String date", "String same instant"} | {"Date later"}),
    ],
)  # fmt: skip
def test_ranges_compare_within_a_class_of_types(
    value: object, less: set[str], equal: set[str], greater: set[str]
) -> None:
    assert having("lt", value) == less
    assert having("lteq", value) == less | equal
    assert having("gt", value) == greater
    assert having("gteq", value) == greater | equal


@pytest.mark.parametrize(
    ("value", "like"),
    [
        ("abc", {"String abc"}),
        ("b", {"String abc"}),
        ("a%c", {"String abc", "String a%c"}),
        (r"a\%c", {"String a%c"}),
        ("_", STRINGS - {"String empty"}),
        ("", STRINGS),
        ("%", STRINGS),
        ("2026-", {"String date", "String same instant"}),
        (NOW_TEXT, {"String date"}),
        ("null", {"String null"}),
        (None, {"String null"}),
        (True, {"String true"}),
        (False, set()),
        # with a number, nothing
        (5, set()),
        (5.5, set()),
    ],
)
def test_like_looks_at_strings_only_and_not_like_finds_every_other(
    value: object, like: set[str]
) -> None:
    assert having("like", value) == like
    not_like = [{"name": "v", "operator": "notLike", "value": value}]
    in_process = [a_task(task["id"], processVariables=task.get("variables")) for task in TASKS]
    assert set(found({"processVariables": not_like}, *in_process)) == EVERY - like


def test_values_can_ignore_case() -> None:
    ignoring = {"variableValuesIgnoreCase": True}
    assert having("eq", "aBc", **ignoring) == {"String abc", "String ABC"}
    assert having("neq", "aBc", **ignoring) == EVERY - {"String abc", "String ABC"}
    assert having("like", "Bc", **ignoring) == {"String abc", "String ABC"}
    assert having("eq", 5, **ignoring) == FIVES
    assert having("eq", NOW_TEXT.lower(), **ignoring) == {"String date"}


@pytest.mark.parametrize(
    ("operator", "operand", "value", "holds"),
    [
        ("gt", "a", "B", True),
        ("lt", "a", "B", False),
        ("gt", "A", "a", False),
        ("gteq", "A", "a", True),
        # both sides upper-cased: _ stands behind Z, though before a
        ("gt", "z", "_", True),
        ("lt", "z", "_", False),
        ("eq", "STRASSE", "straße", True),
    ],
)
def test_ranges_ignoring_case_compare_upper_cased(
    operator: str, operand: str, value: str, holds: bool
) -> None:
    test = variable_test(
        VariableCondition("v", operator, operand), Switches(values_ignore_case=True)
    )
    assert test(typed("String", value)) is holds


def test_patterns_can_ignore_case_without_the_values_doing_so() -> None:
    ignoring = {"likePatternIgnoreCase": True}
    assert having("like", "B", **ignoring) == {"String abc", "String ABC"}
    assert having("eq", "aBc", **ignoring) == set()


def test_names_can_ignore_case_and_any_spelling_will_do() -> None:
    condition = {"taskVariables": [{"name": "Größe", "operator": "eq", "value": 5}]}
    other = a_task("other", variables={"größe": typed("Integer", 5)})
    both = a_task("both", variables={"GRÖSSE": typed("Integer", 5), "Größe": typed("Integer", 6)})
    assert found(condition, other, both) == []
    assert found({**condition, "variableNamesIgnoreCase": True}, other, both) == ["both", "other"]


@pytest.mark.parametrize("flag", ["variableNamesIgnoreCase", "variableValuesIgnoreCase",
                                  "likePatternIgnoreCase"])  # fmt: skip
def test_a_flag_counts_on_its_own_level_only(flag: str) -> None:
    name = "V" if flag == "variableNamesIgnoreCase" else "v"
    operator = "like" if flag == "likePatternIgnoreCase" else "eq"
    filters = {"taskVariables": [{"name": name, "operator": operator, "value": "Abc"}]}
    task = a_task("a", variables={"v": typed("String", "Abc" if name == "V" else "abc")})
    assert found({**filters, flag: True}, task) == ["a"]
    assert found({"orQueries": [{**filters, flag: True}]}, task) == ["a"]
    assert found({flag: True, "orQueries": [filters]}, task) == []
    assert found({**filters, "orQueries": [{flag: True}]}, task) == []


@pytest.mark.parametrize("flag", ["likePatternIgnoreCase"])
@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("taskDefinitionKeyLike", "taskDefinitionKey"),
        ("processInstanceBusinessKeyLike", "processInstanceBusinessKey"),
        ("processDefinitionNameLike", "processDefinitionName"),
        ("caseInstanceBusinessKeyLike", "caseInstanceBusinessKey"),
        ("caseDefinitionNameLike", "caseDefinitionName"),
        ("assigneeLike", "assignee"),
    ],
)
def test_every_pattern_of_a_level_can_ignore_case(flag: str, name: str, field: str) -> None:
    task = a_task("a", **{field: "MIXED"})
    assert found({name: "mix"}, task) == []
    assert found({name: "mix", flag: True}, task) == ["a"]
    assert found({"orQueries": [{name: "mix", flag: True}]}, task) == ["a"]


def test_groups_too() -> None:
    task = a_task("a", groups=["Sales"])
    assert found({"candidateGroupLike": "sale"}, task) == []
    assert found({"candidateGroupLike": "sale", "likePatternIgnoreCase": True}, task) == ["a"]


def test_each_list_looks_at_its_own_scope() -> None:
    scopes = {
        "taskVariables": "variables",
        "processVariables": "processVariables",
        "caseInstanceVariables": "caseInstanceVariables",
    }
    tasks = [a_task(name, **{field: {"v": typed("Integer", 5)}}) for name, field in scopes.items()]
    for name in scopes:
        assert found({name: [{"name": "v", "operator": "eq", "value": 5}]}, *tasks) == [name]


def test_elements_are_conditions_of_their_own() -> None:
    over_5 = {"name": "v", "operator": "gt", "value": 5}
    under_6 = {"name": "v", "operator": "lt", "value": 6}
    both = [over_5, under_6]
    assert set(found({"taskVariables": both}, *TASKS)) == {"Double 5.5"}
    assert set(found({"orQueries": [{"taskVariables": both}]}, *TASKS)) == NUMBERS


def test_a_query_string_compares_texts() -> None:
    assert set(found_by_get({"taskVariables": "v_eq_5"}, *TASKS)) == {"String 5"}
    assert set(found_by_get({"taskVariables": "v_eq_null"}, *TASKS)) == {"String null"}
    assert set(found_by_get({"taskVariables": "v_eq_true"}, *TASKS)) == {"String true"}
    assert set(found_by_get({"taskVariables": f"v_eq_{NOW_TEXT}"}, *TASKS)) == {
        *("String date", "Date")
    }


def test_json_integers_keep_64_bits_on_their_way_in() -> None:
    text = '{"taskVariables": [{"name": "v", "operator": "eq", "value": 9007199254740993}]}'
    body: Any = read_json(text)
    assert found(body, *TASKS) == ["Long 2^53+1"]
    body = read_json(text.replace("993}", "993.0}"))
    assert found(body, *TASKS) == ["Double 2^53"]


SCALARS: Final = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**64), 2**64),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=4),
    st.sampled_from([NOW_TEXT, SAME_INSTANT, "", "null", "%"]),
)


@given(st.sampled_from(PROCESS_OPERATORS), SCALARS, st.sampled_from(sorted(VALUES)))
def test_whatever_is_compared_each_operator_and_its_opposite_split_the_world(
    operator: str, operand: Any, label: str
) -> None:
    def holds(name: str) -> bool:
        return variable_test(VariableCondition("v", name, operand), Switches())(VALUES[label])

    if operator in ("eq", "neq"):
        assert holds("eq") is not holds("neq")
    elif operator in ("like", "notLike"):
        assert holds("like") is not holds("notLike")
    elif operand is not None and not isinstance(operand, bool):
        outcomes = [holds(each) for each in ("lt", "gt")]
        assert outcomes.count(True) <= 1
        equal = holds("lteq") and holds("gteq")
        assert outcomes.count(True) + equal in (0, 1)
        assert holds("lteq") is (holds("lt") or equal)
        assert holds("gteq") is (holds("gt") or equal)
        assert not equal or holds("eq")
