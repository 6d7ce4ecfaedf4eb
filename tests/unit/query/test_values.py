"""How a property's value is read from JSON and from a query string
(docs/camunda-behaviour.md, JSON bodies, Query strings)."""

import json
from typing import Final

import pytest
from taskdock.api.queries.reading import read_body, read_parameters
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.json_text import read_json
from taskdock.domain.query.model import TaskQuery
from taskdock.domain.query.operands import VariableCondition

from tests.unit.query.asking import NOW, NOW_TEXT
from tests.unit.query.test_property_names import EXTRAS, SWITCHES

ABSENT: Final = object()
MOST: Final = 2**31 - 1
LONGEST: Final = 2**63 - 1
FIVE: Final = "\u0665"
"""A digit, but none that JSON or a date is written with."""


def operand(query: TaskQuery) -> object:
    """What the query's only filter compares with; `ABSENT` when it has none."""
    if not query.top.filters:
        return ABSENT
    [only] = query.top.filters
    return only.operand


def of_json(name: str, text: str) -> object:
    """What the property is read as when a body says `text` for it."""
    return operand(read_body(read_json(f'{{"{name}": {text}}}')))


def of_parameter(name: str, text: str) -> object:
    """What the property is read as when a query string says `text` for it."""
    return operand(read_parameters({name: text}, json.loads))


# From JSON.


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"a"', "a"),
        ('""', ""),
        ('" a "', " a "),
        ("5", "5"),
        ("-0", "0"),
        ("5.70", "5.70"),
        ("1e2", "1e2"),
        ("true", "true"),
        ("false", "false"),
        ("12345678901234567890123", "12345678901234567890123"),
        ("null", ABSENT),
    ],
)
def test_a_text_in_json(text: str, value: object) -> None:
    assert of_json("owner", text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("-5", -5),
        ("5.7", 5),
        ("-5.7", -5),
        ("1e2", 100),
        ('"5"', 5),
        ('" 5 "', 5),
        ('"-5"', -5),
        (str(MOST), MOST),
        (str(-MOST - 1), -MOST - 1),
        (f'"{MOST}"', MOST),
        ('""', ABSENT),
        ('"  "', ABSENT),
        ("null", ABSENT),
    ],
)
def test_an_integer_in_json(text: str, value: object) -> None:
    assert of_json("priority", text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ('"true"', True),
        ('"True"', True),
        ('"TRUE"', True),
        ("1", True),
        ("-7", True),
        ("false", ABSENT),
        ('"false"', ABSENT),
        ('"False"', ABSENT),
        ('"FALSE"', ABSENT),
        ("0", ABSENT),
        ('""', ABSENT),
        ("null", ABSENT),
    ],
)
def test_a_flag_in_json(text: str, value: object) -> None:
    assert of_json("assigned", text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('["a", "b"]', ("a", "b")),
        ('["a,b", ""]', ("a,b", "")),
        ('[5, 5.70, true, "a"]', ("5", "5.70", "true", "a")),
        ("[]", ABSENT),
        ("null", ABSENT),
        # one text, split as in a query string (D6)
        ('"a,b"', ("a", "b")),
        ('"a, b,,c,,"', ("a", " b", "", "c")),
        ('""', ("",)),
        ('","', ABSENT),
    ],
)
@pytest.mark.parametrize(
    "name",
    [
        *("taskIdIn", "processInstanceIdIn", "processInstanceBusinessKeyIn"),
        *("processDefinitionKeyIn", "activityInstanceIdIn", "tenantIdIn", "assigneeIn"),
        *("assigneeNotIn", "taskDefinitionKeyIn", "taskDefinitionKeyNotIn", "serviceIn"),
    ],
)
def test_a_list_in_json(name: str, text: str, value: object) -> None:
    assert of_json(name, text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('["a", "b"]', ("a", "b")),
        ('[""]', ("",)),
        ('"a,b,"', ("a", "b")),
        ("null", ABSENT),
    ],
)
def test_candidate_groups_in_json(text: str, value: object) -> None:
    assert of_json("candidateGroups", text) == value


DATES: Final = [
    (NOW_TEXT, NOW),
    ("2026-03-01T12:00:00.000+0200", NOW),
    ("2026-03-01T10:00:00Z", NOW),
    ("2026-03-01T10:00:00+00:00", NOW),
    ("2026-03-01T05:30:00-04:30", NOW),
    ("2026-03-01T10:00:00.5Z", NOW + 500),
    ("2026-03-01T10:00:00.05+0000", NOW + 50),
    ("2026-03-01T10:00:00.123456Z", NOW + 123),
    ("2026-03-01T10:00:00.9999Z", NOW + 999),
    ("2024-02-29T00:00:00Z", 1_709_164_800_000),
]
NO_DATES: Final = [
    "2026-03-01",
    "2026-03-01T10:00:00",  # no offset
    "2026-03-01T10:00:00.000UTC",
    "2026-03-01T10:00:00.000GMT+02:00",
    "2026-03-01T10:00:00.000 0000",
    "2026-03-01 10:00:00.000+0000",
    "2026-03-01T10:00:00.1234567890Z",
    "2026-03-01T10:00:00.Z",
    "2026-13-01T10:00:00Z",
    "2026-02-30T10:00:00Z",
    "2025-02-29T00:00:00Z",
    "2026-03-01T24:00:00Z",
    "2026-03-01T10:60:00Z",
    "2026-03-01T10:00:00+24:00",
    "2026-03-01T10:00:00Z and more",
    " 2026-03-01T10:00:00Z",
    "2026-3-1T10:00:00Z",
    "\u0662\u0660\u0662\u0666-03-01T10:00:00Z",
    "tomorrow",
]


@pytest.mark.parametrize(("text", "value"), DATES)
def test_a_date_in_every_accepted_form(text: str, value: int) -> None:
    assert of_json("dueDate", json.dumps(text)) == value
    assert of_parameter("dueDate", text) == value


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_is_refused(text: str) -> None:
    for read, written in ((of_json, json.dumps(text)), (of_parameter, text)):
        with pytest.raises(InvalidRequest, match="dueDate: expected a date such as"):
            read("dueDate", written)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1772359200000", NOW),
        ("0", 0),
        ("-1", -1),
        (str(LONGEST), LONGEST),
        ('""', ABSENT),
        ('"  "', ABSENT),
        ('"null"', ABSENT),
        ("null", ABSENT),
    ],
)
def test_a_date_in_json_can_be_epoch_milliseconds_or_absent(text: str, value: object) -> None:
    assert of_json("dueDate", text) == value


@pytest.mark.parametrize("text", ['"PENDING"', '"pending"', '"Pending"'])
def test_a_delegation_state_takes_any_letter_case(text: str) -> None:
    assert of_json("delegationState", text) == "PENDING"
    assert of_parameter("delegationState", text.strip('"')) == "PENDING"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        *(
            ("owner", text, f"owner: expected a string, got {shown}")
            for text, shown in [('["a"]', "a list"), ('{"a": 1}', "an object")]
        ),
        *(
            ("priority", text, f"priority: expected an integer, got {shown}")
            for text, shown in [
                *((text, text) for text in ('"abc"', '"5.7"', '"0x5"', f'"{FIVE}"')),
                *(("true", "true"), ("[5]", "a list"), ("{}", "an object")),
            ]
        ),
        *(
            ("priority", text, "priority: expected an integer from -2147483648 to 2147483647, got ")
            for text in [str(MOST + 1), str(-MOST - 2), '"99999999999"', "3e9", "1" * 500]
        ),
        *(
            ("assigned", text, f"assigned: expected true or false, got {text}")
            for text in ['"yes"', '"tRUE"', "1.0", "0.0"]
        ),
        ("assigned", "[]", "assigned: expected true or false, got a list"),
        *(
            ("dueDate", text, f"dueDate: expected a date such as 2013-01-23T14:42:45.546\\+0200 .*"
             f"epoch milliseconds, got {shown}")
            for text, shown in [
                *(("true", "true"), ("1.5", "1.5"), ("1e12", "1e12"), ("[]", "a list")),
                (str(LONGEST + 1), str(LONGEST + 1)),
            ]
        ),
        ("assigneeIn", "5", "assigneeIn: expected a list of strings, got 5"),
        ("assigneeIn", "true", "assigneeIn: expected a list of strings, got true"),
        ("assigneeIn", '{"a": 1}', "assigneeIn: expected a list of strings, got an object"),
        ("assigneeIn", '["a", ["b"]]', r"assigneeIn\[1\]: expected a string, got a list"),
        ("assigneeIn", '["a", null]', r"assigneeIn\[1\]: expected a string, got null"),
        ("delegationState", '"foo"', "Valid values for property 'delegationState' are 'PENDING' or "
         "'RESOLVED', but was 'foo'"),
        ("delegationState", '""', "but was ''"),
        ("taskVariables", '"a_eq_1"', 'taskVariables: expected a list of variable conditions, got '
         '"a_eq_1"'),
        ("taskVariables", "[5]", r"taskVariables\[0\]: expected an object .*, got 5"),
        ("assigneeExpression", "[]", "assigneeExpression: expected a string, got a list"),
        ("orQueries", '{"name": "a"}', "orQueries: expected a list of queries, got an object"),
        ("orQueries", "[5]", r"orQueries\[0\]: expected an object, got 5"),
        *(
            (name, "1.5", f"{name}: expected true or false, got 1.5")
            for name in [*SWITCHES, *EXTRAS]
        ),
    ],
)  # fmt: skip
def test_a_wrong_type_in_json_is_refused_by_name_and_value(
    name: str, text: str, message: str
) -> None:
    with pytest.raises(InvalidRequest, match=message):
        of_json(name, text)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("priority", '"x"', r"orQueries\[1\].priority: expected an integer"),
        ("dueDate", '"x"', r"orQueries\[1\].dueDate: expected a date"),
        ("assigneeIn", "[null]", r"orQueries\[1\].assigneeIn\[0\]: expected a string"),
        ("taskVariables", "[5]", r"orQueries\[1\].taskVariables\[0\]: expected an object"),
        ("likePatternIgnoreCase", '"x"', r"orQueries\[1\].likePatternIgnoreCase: expected true"),
        ("withCommentAttachmentInfo", '"x"', r"orQueries\[1\].withCommentAttachmentInfo: expected"),
    ],
)
def test_a_wrong_type_inside_an_or_query_is_refused_by_its_path(
    name: str, text: str, message: str
) -> None:
    with pytest.raises(InvalidRequest, match=message):
        of_json("orQueries", f'[{{}}, {{"{name}": {text}}}]')


@pytest.mark.parametrize(
    ("body", "shown"),
    [(None, "null"), ([], "a list"), (5, "5"), ("{}", '"{}"'), (True, "true")],
)
def test_a_body_that_is_no_object_is_refused(body: object, shown: str) -> None:
    with pytest.raises(InvalidRequest, match=f"the body: expected an object, got {shown}"):
        read_body(body)


def test_a_long_value_is_not_repeated_at_length() -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_body({"priority": "x" * 10_000})
    assert len(refused.value.message) < 200


# From a query string.


@pytest.mark.parametrize("text", ["a", "", " a ", "null", "5", '"a"', "%"])
def test_a_text_in_a_query_string_is_taken_as_it_is(text: str) -> None:
    assert of_parameter("owner", text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("-5", -5),
        ("5.7", 5),
        ("-5.7", -5),
        ("1e2", 100),
        ('"5"', 5),
        (str(MOST), MOST),
        ("null", ABSENT),
    ],
)
def test_an_integer_in_a_query_string(text: str, value: object) -> None:
    assert of_parameter("priority", text) == value


@pytest.mark.parametrize("text", ["", "abc", "05", "+5", "0x5", "5,7", "true", "--5", FIVE, '"'])
def test_what_is_no_integer_in_a_query_string_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="priority: expected an integer, got "):
        of_parameter("priority", text)


@pytest.mark.parametrize("text", [str(MOST + 1), "1e10", "1e999", "-1e999", "9" * 40])
def test_an_integer_beyond_32_bits_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="priority: expected an integer from -2147483648"):
        of_parameter("priority", text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ('"true"', True),
        ("1", True),
        ("2", True),
        ("false", ABSENT),
        ("0", ABSENT),
        ("null", ABSENT),
    ],
)
def test_a_flag_in_a_query_string(text: str, value: object) -> None:
    assert of_parameter("assigned", text) == value


@pytest.mark.parametrize("text", ["TRUE", "True", "yes", "", "t", "1.0"])
def test_what_is_no_flag_in_a_query_string_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="assigned: expected true or false"):
        of_parameter("assigned", text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a,b", ("a", "b")),
        ("a, b,,c,,", ("a", " b", "", "c")),
        ('"a","b"', ('"a"', '"b"')),
        ("", ("",)),
        (",", ABSENT),
    ],
)
def test_a_list_in_a_query_string(text: str, value: object) -> None:
    assert of_parameter("assigneeIn", text) == value


@pytest.mark.parametrize("text", ["", " ", "null"])
def test_a_blank_date_in_a_query_string_is_absent(text: str) -> None:
    assert of_parameter("dueDate", text) is ABSENT


@pytest.mark.parametrize("text", ["1772359200000", f'"{NOW_TEXT}"', NOW_TEXT.replace("+", " ")])
def test_a_query_string_takes_no_other_form_of_a_date(text: str) -> None:
    with pytest.raises(InvalidRequest, match="dueDate: expected a date"):
        of_parameter("dueDate", text)


def test_a_raw_plus_in_a_query_strings_date_is_refused_with_what_to_send() -> None:
    with pytest.raises(InvalidRequest, match=r"dueDate: expected a date such as \S+%2B0200"):
        of_parameter("dueDate", "2026-03-01T10:00:00.000 0000")


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("a_eq_5", [("a", "eq", "5")]),
        ("a_eq_x_", [("a", "eq", "x")]),
        ("a_eq_null", [("a", "eq", "null")]),
        ("a_gt_true,b_neq_%", [("a", "gt", "true"), ("b", "neq", "%")]),
        ("a_eq_x,,", [("a", "eq", "x")]),
        ("_eq_x", [("", "eq", "x")]),
    ],
)
def test_variables_in_a_query_string_are_texts(
    text: str, conditions: list[tuple[str, str, str]]
) -> None:
    query = read_parameters({"processVariables": text}, json.loads)
    assert [each.operand for each in query.top.filters] == [
        VariableCondition(*condition) for condition in conditions
    ]


@pytest.mark.parametrize(
    "text", ["", "a", "a_eq", "a_eq_", "a_b_eq_1", "a_eq_1,b", ",a_eq_1", "___"]
)
def test_variables_of_another_form_are_refused(text: str) -> None:
    message = "Cannot set query parameter 'taskVariables' to value '.*KEY_OPERATOR_VALUE"
    with pytest.raises(InvalidRequest, match=message):
        of_parameter("taskVariables", text)


@pytest.mark.parametrize("name", ["orQueries", "sorting"])
def test_json_in_a_query_string_that_is_none_is_refused_by_name(name: str) -> None:
    with pytest.raises(InvalidRequest, match=f"{name}: malformed JSON at line 1, column 3"):
        read_parameters({name: "[{"}, read_json)


def test_or_queries_and_sorting_are_json_in_a_query_string() -> None:
    parameters = {
        "orQueries": '[{"priority": 5, "assigneeIn": ["a"]}]',
        "sorting": '[{"sortBy": "name", "sortOrder": "asc"}]',
        "owner": "demo",
    }
    assert read_parameters(parameters, read_json) == read_body(
        {
            "orQueries": [{"priority": 5, "assigneeIn": ["a"]}],
            "sorting": [{"sortBy": "name", "sortOrder": "asc"}],
            "owner": "demo",
        }
    )


# Limits.


@pytest.mark.parametrize(
    ("name", "element"),
    [
        ("assigneeIn", "a"),
        ("assigneeNotIn", "a"),
        ("candidateGroups", "a"),
        ("taskVariables", {"name": "a", "operator": "eq", "value": 1}),
        ("orQueries", {"owner": "a"}),
        ("sorting", {"sortBy": "name", "sortOrder": "asc"}),
    ],
)
def test_a_list_has_at_most_a_thousand_elements(name: str, element: object) -> None:
    assert read_body({name: [element] * 1000}) != TaskQuery()
    with pytest.raises(InvalidRequest, match=f"{name}: at most 1000 elements, got 1001"):
        read_body({name: [element] * 1001})


@pytest.mark.parametrize(
    ("name", "element"),
    [("assigneeIn", "a"), ("candidateGroups", "a"), ("taskVariables", "a_eq_b")],
)
def test_a_text_is_split_into_at_most_a_thousand_elements(name: str, element: str) -> None:
    assert of_parameter("assigneeIn", ",".join(["a"] * 1000)) == ("a",) * 1000
    with pytest.raises(InvalidRequest, match=f"{name}: at most 1000 elements, got 1001"):
        read_parameters({name: ",".join([element] * 1001)}, json.loads)
