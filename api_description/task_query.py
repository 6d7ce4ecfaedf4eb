"""The task query described from its own tables: criteria, switches, extras, sorting, answers."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from taskdock.api.answers.hal import HAL
from taskdock.api.queries.search import LONGEST_SEARCH
from taskdock.api.queries.values import LIST_LIMIT
from taskdock.api.requests.offset_pages import LARGEST
from taskdock.domain import errors
from taskdock.domain.query.criteria import CRITERIA, Criterion, Kind
from taskdock.domain.query.sorting import PLAIN_SORTS, VARIABLE_SORTS, VARIABLE_TYPES
from taskdock.domain.query.variable_conditions import OPERATORS, PROCESS_OPERATORS
from taskdock.domain.tasks.task import DelegationState

from api_description.comparison_words import meaning
from api_description.json_shapes import FLAG, MAYBE_FLAG, MAYBE_TEXT, given, list_of, ref
from api_description.operations import (
    JSON,
    Operation,
    Parameter,
    Schema,
    Success,
    answers_json,
    in_header,
    in_query,
    takes_json,
)

SWITCHES: Final[Mapping[str, str]] = {
    "includeAssignedTasks": "The candidate filters of its level see assigned tasks too; "
    "an error on a level without a candidate filter",
    "variableNamesIgnoreCase": "The variable filters of its level ignore the case of names",
    "variableValuesIgnoreCase": "The variable filters of its level ignore the case of texts",
    "likePatternIgnoreCase": "Every `…Like` filter, and `like` and `notLike` of variables, "
    "ignores case on its level",
}
"""What each switch changes; all of them hold for their own level only."""

EXTRAS: Final[Mapping[str, str]] = {
    "withCommentAttachmentInfo": "Each task says in `comment` and `attachment` whether it has any",
    "withTaskVariablesInReturn": "Each task has the `variables` that it sees",
    "withTaskLocalVariablesInReturn": "Each task has its own `variables`",
}
"""What each extra adds to the tasks of an answer; none of them filters."""


def _variables(operators: tuple[str, ...]) -> Schema:
    condition = given(
        {
            "name": {"type": "string"},
            "operator": {"enum": list(operators)},
            "value": {"type": ["string", "number", "boolean", "null"]},
        },
        "name",
        "operator",
    )
    return {"type": ["array", "null"], "items": condition, "maxItems": LIST_LIMIT}


_TEXTS: Final[dict[str, Any]] = {
    "type": ["array", "string", "null"],
    "items": {"type": "string"},
    "maxItems": LIST_LIMIT,
}

IN_JSON: Final[Mapping[Kind, Schema]] = {
    Kind.TEXT: MAYBE_TEXT,
    Kind.TEXTS: _TEXTS,
    Kind.GROUPS: {**_TEXTS, "minItems": 1, "minLength": 1},
    Kind.INTEGER: {"type": ["integer", "null"], "format": "int32"},
    Kind.INSTANT: {"type": ["string", "integer", "null"]},
    Kind.FLAG: MAYBE_FLAG,
    Kind.DELEGATION_STATE: {"enum": [*DelegationState, None]},
    Kind.TASK_VARIABLES: _variables(OPERATORS),
    Kind.PROCESS_VARIABLES: _variables(PROCESS_OPERATORS),
    Kind.CASE_VARIABLES: _variables(OPERATORS),
}
"""The form in which a property of each kind is best sent in a body."""


def _in_text(kind: Kind) -> Schema:
    if kind is Kind.FLAG:
        return FLAG
    if kind is Kind.INTEGER:
        return {"type": "integer", "format": "int32"}
    if kind is Kind.DELEGATION_STATE:
        return {"enum": list(DelegationState)}
    return {"type": "string"}


def about(criterion: Criterion) -> str:
    """A sentence about a filter: which tasks match, and what null does."""
    means = meaning(criterion)
    return f"Matches tasks {means.matches}. Null: {means.null}."


def _properties(*, inside: bool) -> Iterator[tuple[str, Schema, Schema, str]]:
    """Every property: its name, its form in JSON and in a query string, and what it does."""
    for row in CRITERIA:
        if inside and row.traits.top_only:
            continue
        yield row.name, IN_JSON[row.kind], _in_text(row.kind), about(row)
        if row.traits.alias is not None:
            alias = f"An older name of `{row.name}`."
            yield row.traits.alias, IN_JSON[row.kind], _in_text(row.kind), alias
        if row.traits.expression:
            twin = f"An expression whose value takes the place of `{row.name}`."
            yield f"{row.name}Expression", MAYBE_TEXT, {"type": "string"}, twin
    for name, what in {**SWITCHES, **({} if inside else EXTRAS)}.items():
        yield name, MAYBE_FLAG, FLAG, f"{what}."


_ORDER: Final[Schema] = {"enum": ["asc", "desc"]}
_SORTING: Final = list_of(
    given(
        {
            "sortBy": {"enum": [*PLAIN_SORTS, *VARIABLE_SORTS]},
            "sortOrder": _ORDER,
            "nulls": {"enum": ["first", "last", None]},
            "parameters": {
                "type": ["object", "null"],
                "properties": {
                    "variable": {"type": "string"},
                    "type": {"enum": list(VARIABLE_TYPES)},
                },
            },
        },
        "sortBy",
        "sortOrder",
    )
)


def _described(*, inside: bool) -> dict[str, Schema]:
    return {
        name: {**schema, "description": what}
        for name, schema, _, what in _properties(inside=inside)
    }


QUERY_SCHEMAS: Final[Mapping[str, Schema]] = {
    "OrQuery": given(_described(inside=True)),
    "TaskQuery": given(
        {
            **_described(inside=False),
            "orQueries": {
                "type": ["array", "null"],
                "items": ref("OrQuery"),
                "maxItems": LIST_LIMIT,
                "description": "Of each element at least one filter must match.",
            },
            "sorting": {
                **_SORTING,
                "type": ["array", "null"],
                "maxItems": LIST_LIMIT,
                "description": "The order, the most important entry first.",
            },
            "sortBy": {"enum": list(PLAIN_SORTS), "description": "Comes with `sortOrder`."},
            "sortOrder": _ORDER,
        }
    ),
}
"""The body of a task query."""


def _in_parameters() -> Iterator[Parameter]:
    for name, _, schema, what in _properties(inside=False):
        yield in_query(name, schema, what)
    yield in_query("orQueries", {"type": "string"}, "As in a body: JSON, URL-encoded.")
    yield in_query("sorting", {"type": "string"}, "As in a body: JSON, URL-encoded.")
    yield in_query("sortBy", {"enum": list(PLAIN_SORTS)}, "Comes with `sortOrder`.")
    yield in_query("sortOrder", _ORDER, "Comes with `sortBy`.")


BUDGET: Final = in_header(
    "X-Max-Read-Units",
    {"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,6})?$"},
    "A budget in read units below the deployment's own.",
)
OFFSET: Final[Schema] = {"type": "integer", "minimum": 0, "maximum": LARGEST}
FIRST: Final = in_query("firstResult", OFFSET, "How many to leave out at the start.")
MAXIMUM: Final = in_query("maxResults", OFFSET, "How many to answer at most.")
_STRICT: Final = in_query("strict", FLAG, "Refuse unknown properties instead of ignoring them.")
_EXPLAIN: Final = in_query("explain", FLAG, "Say how the answer was found and what it cost.")
_TOKEN: Final = in_query(
    "pageToken", {"type": "string"}, "`X-Next-Page-Token` of the page before this one."
)
PAGE: Final = (FIRST, MAXIMUM, _TOKEN)
HOW: Final = (_STRICT, _EXPLAIN, BUDGET)
SEARCH: Final = (
    in_query(
        "search",
        {"type": "string", "maxLength": LONGEST_SEARCH},
        "Words, each of which a task has to have in its name, description, business key, assignee "
        "or id, whatever their case; words in quotation marks belong together.",
    ),
    in_query(
        "searchVariables",
        {"type": "string", "maxLength": LONGEST_SEARCH},
        "Names of variables, with commas between, that the words are looked for in as well.",
    ),
)
VERSION: Final = in_query(
    "withVersion",
    FLAG,
    "Show each task's `version`, which is its `ETag` without the quotes, and of a service task "
    "`service` and `state`.",
)

REFUSALS: Final = (
    errors.InvalidRequest,
    errors.BadUserRequest,
    errors.QueryTooExpensive,
    errors.OutOfTime,
)
LIST_REFUSALS: Final = (*REFUSALS, errors.ResponseTooLarge)
LIST: Final[Schema] = {"oneOf": [list_of(ref("Task")), ref("Explanation")]}
LIST_HEADERS: Final = ("X-Read-Units", "X-Next-Page-Token")
COUNT: Final[Schema] = {"anyOf": [ref("Count"), ref("Explanation")]}
BODY: Final = takes_json("the query; no body is as good as `{}`", ref("TaskQuery"), required=False)

OPERATIONS: Final = (
    Operation(
        route="GET /task",
        title="the open tasks that match the query string",
        answers=(
            Success(
                200,
                "the tasks, or with `explain` an object",
                {JSON: LIST, HAL: ref("HalList")},
                LIST_HEADERS,
            ),
        ),
        parameters=(*PAGE, *HOW, VERSION, *SEARCH, *_in_parameters()),
        refusals=LIST_REFUSALS,
    ),
    Operation(
        route="POST /task",
        title="the open tasks that match the body",
        answers=answers_json(200, "the tasks, or with `explain` an object", LIST, *LIST_HEADERS),
        parameters=(*PAGE, *HOW, VERSION, *SEARCH),
        body=BODY,
        refusals=LIST_REFUSALS,
    ),
    Operation(
        route="GET /task/count",
        title="how many open tasks match the query string",
        answers=answers_json(200, "the number", COUNT, "X-Read-Units"),
        parameters=(*HOW, *SEARCH, *_in_parameters()),
        refusals=REFUSALS,
    ),
    Operation(
        route="POST /task/count",
        title="how many open tasks match the body",
        answers=answers_json(200, "the number", COUNT, "X-Read-Units"),
        parameters=(*HOW, *SEARCH),
        body=BODY,
        refusals=REFUSALS,
    ),
)
