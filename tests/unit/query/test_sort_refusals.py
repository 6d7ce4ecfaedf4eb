"""Orders that are none are refused with what can be said instead (D18, D21)."""

from collections.abc import Mapping
from typing import Any, Final

import pytest
from taskdock.api.queries.reading import read_body, read_parameters
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.json_text import read_json
from taskdock.domain.query.sorting import PLAIN_SORTS, VARIABLE_SORTS, VARIABLE_TYPES

PLAIN: Final = ", ".join(PLAIN_SORTS)
EVERY: Final = ", ".join((*PLAIN_SORTS, *VARIABLE_SORTS))
TYPES: Final = ", ".join(VARIABLE_TYPES)

NAME: Final = {"sortBy": "name", "sortOrder": "asc"}
PARAMETERS: Final = {"variable": "v", "type": "String"}
VARIABLE: Final = {"sortBy": "taskVariable", "sortOrder": "asc", "parameters": PARAMETERS}


def refusal(body: Mapping[str, Any]) -> str:
    with pytest.raises(InvalidRequest) as refused:
        read_body(body)
    return refused.value.message


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"sortOrder": "asc"}, f"sorting[1].sortBy is missing: expected one of {EVERY}"),
        ({**NAME, "sortBy": None}, f"sorting[1].sortBy is missing: expected one of {EVERY}"),
        ({**NAME, "sortBy": "due"}, f'sorting[1].sortBy was "due": expected one of {EVERY}'),
        ({**NAME, "sortBy": "Name"}, f'sorting[1].sortBy was "Name": expected one of {EVERY}'),
        ({**NAME, "sortBy": ["name"]}, f"sorting[1].sortBy was a list: expected one of {EVERY}"),
        ({**NAME, "sortBy": 5}, f"sorting[1].sortBy was 5: expected one of {EVERY}"),
        ({"sortBy": "name"}, "sorting[1].sortOrder is missing: expected one of asc, desc"),
        (
            {**NAME, "sortOrder": None},
            "sorting[1].sortOrder is missing: expected one of asc, desc",
        ),
        ({**NAME, "sortOrder": "ASC"}, 'sorting[1].sortOrder was "ASC": expected one of asc, desc'),
        ({**NAME, "sortOrder": ""}, 'sorting[1].sortOrder was "": expected one of asc, desc'),
        ({**NAME, "sortOrder": True}, "sorting[1].sortOrder was true: expected one of asc, desc"),
        ({**NAME, "nulls": "FIRST"}, 'sorting[1].nulls was "FIRST": expected one of first, last'),
        ({**NAME, "nulls": 0}, "sorting[1].nulls was 0: expected one of first, last"),
        (None, "sorting[1]: expected an object with sortBy and sortOrder, got null"),
        ("name", 'sorting[1]: expected an object with sortBy and sortOrder, got "name"'),
        (
            {**VARIABLE, "parameters": None},
            "sorting[1].parameters is missing: a variable sort needs variable and type",
        ),
        (
            {**VARIABLE, "parameters": "v"},
            'sorting[1].parameters: expected an object with variable and type, got "v"',
        ),
        (
            {**VARIABLE, "parameters": {"type": "String"}},
            "sorting[1].parameters.variable: expected the name of a variable, got null",
        ),
        (
            {**VARIABLE, "parameters": {**PARAMETERS, "variable": 5}},
            "sorting[1].parameters.variable: expected the name of a variable, got 5",
        ),
        *(
            (
                {**VARIABLE, "parameters": {"variable": "v", "type": kind}},
                f"sorting[1].parameters.type: cannot order by variables of type {shown}: "
                f"expected one of {TYPES}",
            )
            for kind, shown in [
                *((None, "null"), ("", '""'), (5, "5"), ("Foo", '"Foo"'), ("sTRING", '"sTRING"')),
                *((each, f'"{each}"') for each in ("Bytes", "Null", "Number", "Object", "File")),
            ]
        ),
        ({**VARIABLE, "sortOrder": "up"}, 'sorting[1].sortOrder was "up"'),
    ],
)
def test_an_entry_that_is_wrong_is_refused_with_its_place(entry: object, message: str) -> None:
    assert refusal({"sorting": [NAME, entry]}).startswith(message)


@pytest.mark.parametrize(
    ("sorting", "shown"), [({}, "an object"), ("name", '"name"'), (5, "5"), (True, "true")]
)
def test_sorting_is_a_list(sorting: object, shown: str) -> None:
    assert refusal({"sorting": sorting}) == f"sorting: expected a list of sort orders, got {shown}"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        *(
            (body, "Only a single sorting parameter specified. sortBy and sortOrder required")
            for body in ({"sortBy": "name"}, {"sortOrder": "asc"})
        ),
        ({**NAME, "sortBy": None}, f"sortBy is missing: expected one of {PLAIN}"),
        ({**NAME, "sortOrder": None}, "sortOrder is missing: expected one of asc, desc"),
        ({**NAME, "sortBy": "due"}, f'sortBy was "due": expected one of {PLAIN}'),
        ({**NAME, "sortOrder": "DESC"}, 'sortOrder was "DESC": expected one of asc, desc'),
        *(
            ({**NAME, "sortBy": each}, f"sortBy: {each} needs a variable's name and type")
            for each in VARIABLE_SORTS
        ),
    ],
)
def test_the_two_top_level_properties_come_together_and_right(
    body: Mapping[str, Any], message: str
) -> None:
    assert refusal(body).startswith(message)
    if None not in body.values():
        with pytest.raises(InvalidRequest) as refused:
            read_parameters(body, read_json)
        assert refused.value.message.startswith(message)


@pytest.mark.parametrize("name", ["sortBy", "sortOrder"])
def test_an_empty_one_in_a_query_string_is_none(name: str) -> None:
    with pytest.raises(InvalidRequest, match=f'{name} was ""'):
        read_parameters({**NAME, name: ""}, read_json)


def test_a_variable_sort_by_name_alone_says_how_to_send_it() -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_parameters({"sortBy": "processVariable", "sortOrder": "asc"}, read_json)
    for word in ("sorting", "parameters", "variable", "type", "URL-encoded"):
        assert word in refused.value.message


def test_in_a_query_string_the_entries_of_sorting_are_checked_alike() -> None:
    with pytest.raises(InvalidRequest, match=r"sorting\[0\].sortOrder is missing"):
        read_parameters({"sorting": '[{"sortBy": "name"}]'}, read_json)
