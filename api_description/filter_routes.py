"""Stored filters described, and what may be done with resources (OPTIONS)."""

from collections.abc import Iterator, Mapping
from typing import Final

from taskdock.api.answers.hal import HAL
from taskdock.domain import errors

from api_description.json_shapes import (
    ANY_OBJECT,
    FLAG,
    MAYBE_OBJECT,
    MAYBE_TEXT,
    TEXT,
    answered,
    given,
    list_of,
    ref,
)
from api_description.operations import (
    JSON,
    Operation,
    Parameter,
    Schema,
    Success,
    answers_json,
    answers_nothing,
    in_query,
    takes_json,
)
from api_description.task_query import (
    BUDGET,
    COUNT,
    FIRST,
    HOW,
    LIST,
    LIST_HEADERS,
    LIST_REFUSALS,
    MAXIMUM,
    PAGE,
    REFUSALS,
    SEARCH,
    VERSION,
)

_FILTER: Final[Mapping[str, Schema]] = {
    "id": TEXT,
    "resourceType": {"const": "Task"},
    "name": TEXT,
    "owner": MAYBE_TEXT,
    "query": ANY_OBJECT,
    "properties": MAYBE_OBJECT,
    "itemCount": {"type": "integer", "minimum": 0},
}

SCHEMAS: Final[Mapping[str, Schema]] = {
    "Filter": answered(_FILTER, "itemCount"),
    "NewFilter": given(
        {
            "resourceType": {"const": "Task"},
            "name": {"type": "string", "minLength": 1, "maxLength": 255},
            "owner": MAYBE_TEXT,
            "query": ref("TaskQuery"),
            "properties": MAYBE_OBJECT,
        },
        "resourceType",
        "name",
        "query",
    ),
    "FilterContent": given(
        {
            "resourceType": {"enum": ["Task", None]},
            "name": {"type": "string", "minLength": 1, "maxLength": 255},
            "owner": MAYBE_TEXT,
            "query": ref("TaskQuery"),
            "properties": MAYBE_OBJECT,
        },
        "name",
        "query",
    ),
    "Links": answered({"links": list_of(answered({"method": TEXT, "href": TEXT, "rel": TEXT}))}),
}

_SEARCH: Final = (
    in_query("filterId", TEXT, "The filter's id."),
    in_query("resourceType", TEXT, "The filter's resource type; there is only `Task`."),
    in_query("name", TEXT, "The filter's name."),
    in_query("nameLike", TEXT, "The filter's name is like the pattern."),
    in_query("owner", TEXT, "The filter's owner."),
    in_query(
        "sortBy",
        {"enum": ["filterId", "name", "owner", "resourceType"]},
        "Comes with `sortOrder`.",
    ),
    in_query("sortOrder", {"enum": ["asc", "desc"]}, "Comes with `sortBy`."),
)
_ITEM_COUNT: Final = in_query("itemCount", FLAG, "Say how many tasks the filter finds.")
_ADDED: Final = "a query that extends the stored one; no body is as good as `{}`"


def _running() -> Iterator[Operation]:
    """The routes that run a filter, each by GET and by POST with a query that extends it."""
    tasks: Mapping[str, Schema] = {JSON: LIST, HAL: ref("HalList")}
    ways: tuple[tuple[str, str, tuple[Success, ...], tuple[Parameter, ...]], ...] = (
        (
            "list",
            "the tasks that a filter finds",
            (Success(200, "the tasks, or with `explain` an object", tasks, LIST_HEADERS),),
            (*PAGE, *HOW, VERSION, *SEARCH),
        ),
        (
            "count",
            "how many tasks a filter finds",
            answers_json(200, "the number", COUNT),
            (*HOW, *SEARCH),
        ),
        (
            "singleResult",
            "the only task that a filter finds",
            (
                Success(200, "the task", {JSON: ref("Task"), HAL: ref("HalResource")}),
                Success(204, "there is none (in HAL: 200, empty)"),
            ),
            (BUDGET,),
        ),
    )
    for verb, title, answers, parameters in ways:
        refusals = (errors.NotFound, *(LIST_REFUSALS if verb == "list" else REFUSALS))
        for method, more, body in (
            ("GET", "", None),
            (
                "POST",
                " with what a body adds",
                takes_json(_ADDED, ref("TaskQuery"), required=False),
            ),
        ):
            yield Operation(
                route=f"{method} /filter/{{id}}/{verb}",
                title=title + more,
                answers=answers,
                parameters=parameters,
                body=body,
                refusals=refusals,
            )


def _options() -> Iterator[Operation]:
    """What may be done with a resource."""
    links = answers_json(200, "links by what they are for", ref("Links"))
    for kind in ("filter", "user", "group", "tenant", "authorization"):
        for below, whose in (("", f"all resources `{kind}`"), ("/{id}", f"one resource `{kind}`")):
            yield Operation(
                route=f"OPTIONS /{kind}{below}",
                title=f"what may be done with {whose}",
                answers=links,
            )


OPERATIONS: Final = (
    Operation(
        route="GET /filter",
        title="the filters that match",
        answers=answers_json(200, "the filters", list_of(ref("Filter"))),
        parameters=(FIRST, MAXIMUM, *_SEARCH, _ITEM_COUNT, BUDGET),
        refusals=LIST_REFUSALS,
    ),
    Operation(
        route="GET /filter/count",
        title="how many filters match",
        answers=answers_json(200, "the number", ref("Count")),
        parameters=_SEARCH,
    ),
    Operation(
        route="POST /filter/create",
        title="store a filter: a task query with a name",
        answers=answers_json(200, "the filter", ref("Filter")),
        body=takes_json("the filter", ref("NewFilter")),
        refusals=(errors.NotAuthorized, errors.BadUserRequest),
    ),
    Operation(
        route="GET /filter/{id}",
        title="one filter",
        answers=answers_json(200, "the filter", ref("Filter")),
        parameters=(_ITEM_COUNT, BUDGET),
        refusals=(errors.NotFound, *REFUSALS),
    ),
    Operation(
        route="PUT /filter/{id}",
        title="replace a filter; what is left out becomes null",
        answers=answers_nothing("done"),
        body=takes_json("the filter", ref("FilterContent")),
        refusals=(errors.NotFound, errors.NotAuthorized, errors.BadUserRequest),
    ),
    Operation(
        route="DELETE /filter/{id}",
        title="remove a filter",
        answers=answers_nothing("it is gone"),
        refusals=(errors.NotFound, errors.NotAuthorized),
    ),
    *_running(),
    *_options(),
)
