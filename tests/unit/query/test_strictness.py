"""Unknown names are passed over, or named on request with what was probably meant (D20)."""

from collections.abc import Mapping
from typing import Any, Final

import pytest
from taskdock.api.queries.reading import Strictness, read_body, read_parameters
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.json_text import read_json
from taskdock.domain.query.model import TaskQuery

STRICT: Final = Strictness(refuse_unknown=True)

VARIABLE: Final = {"name": "v", "operator": "eq", "value": 1}
VARIABLE_SORT: Final = {"sortBy": "taskVariable", "sortOrder": "asc"}
PARAMETERS: Final = {"variable": "v", "type": "String"}

MISTAKES: Final[list[tuple[Mapping[str, Any], str]]] = [
    ({"nameLik": "a"}, "unknown properties: nameLik (did you mean nameLike?)"),
    ({"asignee": 1, "Owner": 2}, "asignee (did you mean assignee?), Owner (did you mean owner?)"),
    ({"firstResult": 5}, "unknown properties: firstResult (did you mean "),
    (
        {"orQueries": [{}, {"prioriti": 5}]},
        "orQueries[1]: unknown properties: prioriti (did you mean priority?)",
    ),
    (
        {"taskVariables": [VARIABLE, {**VARIABLE, "valeu": 1}]},
        "taskVariables[1]: unknown properties: valeu (did you mean value?)",
    ),
    (
        {"processVariables": [{**VARIABLE, "op": "eq"}]},
        "processVariables[0]: unknown properties: op (did you mean operator?)",
    ),
    (
        {"orQueries": [{"caseInstanceVariables": [{**VARIABLE, "Name": "v"}]}]},
        "orQueries[0].caseInstanceVariables[0]: unknown properties: Name (did you mean name?)",
    ),
    (
        {"sorting": [{"sortBy": "name", "sortOrder": "asc", "null": "first"}]},
        "sorting[0]: unknown properties: null (did you mean nulls?)",
    ),
    (
        {"sorting": [{**VARIABLE_SORT, "parameters": {**PARAMETERS, "typ": "String"}}]},
        "sorting[0].parameters: unknown properties: typ (did you mean type?)",
    ),
]


@pytest.mark.parametrize(("body", "message"), MISTAKES)
def test_on_request_an_unknown_name_is_refused_with_the_nearest_known_one(
    body: Mapping[str, Any], message: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_body(body, STRICT)
    assert message in refused.value.message


@pytest.mark.parametrize("body", [body for body, _ in MISTAKES])
def test_otherwise_it_is_passed_over(body: Mapping[str, Any]) -> None:
    assert isinstance(read_body(body), TaskQuery)


@pytest.mark.parametrize("name", ["orQueries", "sorting"])
def test_json_in_a_query_string_is_read_as_strictly(name: str) -> None:
    text = '[{"prioriti": 5, "sortBy": "name", "sortOrder": "asc"}]'
    with pytest.raises(InvalidRequest, match="prioriti"):
        read_parameters({name: text.replace('"sort', '"') if name == "orQueries" else text},
                        read_json, STRICT)  # fmt: skip
    with pytest.raises(InvalidRequest, match=r"nameLik \(did you mean nameLike\?\)"):
        read_parameters({"nameLik": "a"}, read_json, STRICT)


def test_every_name_that_is_known_passes() -> None:
    body = {
        "owner": "a",
        "dueDateExpression": "${now()}",
        "due": None,
        "taskVariables": [VARIABLE],
        "variableNamesIgnoreCase": True,
        "withCommentAttachmentInfo": True,
        "sorting": [{**VARIABLE_SORT, "parameters": PARAMETERS, "nulls": "first"}],
        "orQueries": [{"processVariables": [VARIABLE], "likePatternIgnoreCase": True}],
    }
    assert read_body(body, STRICT) == read_body(body)


def test_a_flood_of_unknown_names_gets_a_short_answer() -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_body({f"nameLik{number}" * 20: 1 for number in range(10_000)}, STRICT)
    assert len(refused.value.message) < 2000
    assert "and 9990 more" in refused.value.message


def test_ten_unknown_names_are_all_named() -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_body({f"nameLik{number}": 1 for number in range(10)}, STRICT)
    assert refused.value.message.count("did you mean nameLike?") == 10
    assert refused.value.message.endswith("nameLik9 (did you mean nameLike?)")
