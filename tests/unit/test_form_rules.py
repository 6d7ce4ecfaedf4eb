"""What a Camunda Form asks of values, and which forms are refused."""

from typing import Any

import pytest
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.forms.rules import violations
from taskdock.domain.forms.schema import checked_schema, rules_in
from taskdock.domain.tasks.task import Variables
from taskdock.domain.variables.values import from_json


def form(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": "default", "components": list(components)}


def field(kind: str = "textfield", key: str = "a", **parts: Any) -> dict[str, Any]:
    return {"type": kind, "key": key, **parts}


def variables(**values: Any) -> Variables:
    return {name: from_json(value) for name, value in values.items()}


def wrong(component: dict[str, Any], value: Any, **seen: Any) -> list[str]:
    """What is wrong with a submitted value of the field `a`."""
    rules = rules_in(checked_schema(form(component)))
    return violations(rules, variables(a=value), variables(**seen))


CHOICES: dict[str, Any] = {"values": [{"label": "One", "value": "1"}, {"label": "Two", "value": 2}]}


@pytest.mark.parametrize(
    ("component", "good", "bad", "sentence"),
    [
        (field(), ["x", "", None], [5, True], "a must be a text"),
        (field("textarea"), ["x"], [5], "a must be a text"),
        (field("datetime"), ["2026-01-01"], [5], "a must be a text"),
        (field("number"), [5, 0, -0.5, None], ["5", True], "a must be a number"),
        (field("number", serializeToString=True), ["0.10"], [5], "a must be a number in a text"),
        (
            field("number", serializeToString=True, validate={"min": 1}),
            ["1.0"],
            ["0.9"],
            "a must be at least 1",
        ),
        (field("number", serializeToString=True), ["1e3"], ["much"], "a must be a number"),
        (field("checkbox"), [True, False, None], ["true", 1], "a must be true or false"),
        (field("number", validate={"min": 1}), [1, 1.5], [0.99, -1], "a must be at least 1"),
        (field("number", validate={"max": 2.5}), [2.5], [2.51], "a must be at most 2.5"),
        (
            field(validate={"minLength": 2}),
            ["ab", ""],
            ["a"],
            "a must have at least 2 characters",
        ),
        (field(validate={"maxLength": 2}), ["ab"], ["abc"], "a must have at most 2 characters"),
        (field(validate={"pattern": "^[A-Z]\\d+$"}), ["A1"], ["a1", "A\u0664"], "a must match"),
        (field("select", **CHOICES), ["1", 2, None], ["2", "3"], "a must be one of the values"),
        (field("radio", **CHOICES), ["1"], [["1"]], "a must be one of the values"),
        (field("checklist", **CHOICES), [["1", 2], []], [["3"]], "a must be one of the values"),
        (field("taglist", **CHOICES), [["1"]], ["1"], "a must be a list"),
    ],
    ids=str,
)
def test_a_value_has_to_be_what_the_field_asks_for(
    component: dict[str, Any], good: list[Any], bad: list[Any], sentence: str
) -> None:
    for value in good:
        assert wrong(component, value) == [], value
    for value in bad:
        [said] = wrong(component, value)
        assert said.startswith(sentence), value


@pytest.mark.parametrize("kind", ["textfield", "number", "checkbox", "select", "checklist"])
def test_what_is_required_is_submitted_or_there_before(kind: str) -> None:
    component = field(kind, validate={"required": True})
    rules = rules_in(form(component))
    good: Any = {"number": 0, "checkbox": True, "checklist": ["x"]}.get(kind, "x")

    assert violations(rules, {}, {}) == ["a is required"]
    assert violations(rules, {}, variables(a=good)) == []
    assert violations(rules, variables(a=good), {}) == []
    assert violations(rules, variables(a=None), variables(a=good)) == ["a is required"]
    assert wrong(component, None) == ["a is required"]


def test_an_empty_value_is_no_value() -> None:
    for kind, empty in (("textfield", ""), ("checkbox", False), ("taglist", [])):
        assert wrong(field(kind, validate={"required": True}), empty) == ["a is required"]


@pytest.mark.parametrize(
    "part", [{"conditional": {"hide": "=x"}}, {"disabled": True}, {"readonly": True}]
)
def test_a_field_that_may_not_be_filled_in_is_not_missed(part: dict[str, Any]) -> None:
    component = field("number", validate={"required": True, "min": 1}, **part)

    assert violations(rules_in(form(component)), {}, {}) == []
    assert wrong(component, 0) == ["a must be at least 1"]


def test_fields_of_groups_are_within_their_path() -> None:
    inner = field("number", "net.amount", validate={"min": 1, "required": True})
    group = {"type": "group", "path": "order", "components": [inner]}
    rules = rules_in(checked_schema(form({"type": "group", "components": [group]})))

    assert [rule.name for rule in rules] == ["order.net.amount"]
    assert violations(rules, variables(order={"net": {"amount": 2}}), {}) == []
    for value, sentence in (
        ({"net": {"amount": 0}}, "order.net.amount must be at least 1"),
        ({"net": {"amount": "x"}}, "order.net.amount must be a number"),
        ({"net": []}, "order.net.amount is required"),
        ("text", "order.net.amount is required"),
    ):
        assert violations(rules, variables(order=value), {}) == [sentence]
    assert violations(rules, {"order": {"type": "Json", "value": "{"}}, {}) == [
        "order.net.amount is required"
    ]


def test_what_carries_no_value_or_is_told_by_an_expression_is_left_to_the_page() -> None:
    schema = form(
        {"type": "text", "text": "# Hello"},
        {"type": "button", "action": "submit"},
        field("filepicker", validate={"required": True}),
        {"type": "dynamiclist", "path": "rows", "components": [field("number", "x")]},
        field("number", "n", validate={"min": "=least", "required": "=needed"}),
        field("select", "s", valuesKey="offers"),
        field("textfield", ""),
    )
    rules = rules_in(checked_schema(schema))

    assert [rule.name for rule in rules] == ["n", "s"]
    assert violations(rules, variables(n=-5, s="anything", rows=[1]), {}) == []


def test_every_field_at_fault_is_named() -> None:
    rules = rules_in(form(field("number", "n"), field(key="t", validate={"required": True})))

    assert violations(rules, variables(n="x"), {}) == ["n must be a number", "t is required"]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ([], '"type": "default"'),
        ({}, '"type": "default"'),
        ({"type": "other"}, '"type": "default"'),
        ({"type": "default", "components": {}}, "components: expected a list"),
        (form("x"), "components[0]: expected an object with a type"),  # type: ignore[arg-type]
        (form({"key": "a"}), "components[0]: expected an object with a type"),
        (form(field(key="a..b")), "components[0].key: expected names"),
        (form({"type": "group", "path": 5, "components": []}), "components[0].path"),
        (
            form({"type": "group", "components": [field(validate=[])]}),
            "components[0].components[0].validate: expected an object",
        ),
        (form(field(validate={"required": "yes"})), "validate.required: expected true or false"),
        (form(field(validate={"min": True})), "validate.min: expected a number"),
        (form(field(validate={"maxLength": 1.5})), "validate.maxLength: expected a whole number"),
        (form(field(validate={"pattern": "("})), "validate.pattern: expected a pattern ("),
        (form(field(validate={"pattern": "x" * 501})), "validate.pattern: expected a pattern of"),
    ],
)
def test_a_form_whose_rules_cannot_be_heeded_is_refused(body: Any, named: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        checked_schema(body)

    assert named in refused.value.message


def test_groups_may_not_be_endless() -> None:
    schema = form()
    for _ in range(11):
        schema = form({"type": "group", "components": schema["components"]})

    with pytest.raises(InvalidRequest, match="more than 10 groups"):
        checked_schema(schema)
