"""What surrounds tasks described: instances, definitions, rights."""

from collections.abc import Iterator, Mapping
from typing import Final

from taskdock.domain import errors

from api_description.json_shapes import (
    ANY_OBJECT,
    FLAG,
    MAYBE_TEXT,
    TEXT,
    answered,
    given,
    list_of,
    map_of,
    ref,
)
from api_description.operations import (
    Operation,
    Parameter,
    Schema,
    answers_json,
    answers_nothing,
    in_query,
    takes_json,
)
from api_description.task_query import BUDGET, FIRST, MAXIMUM, REFUSALS
from api_description.variable_routes import DESERIALIZED, SORT_BY, SORT_ORDER

_MAYBE_COUNT: Final[Schema] = {"type": ["integer", "null"]}
_MAYBE_FLAG: Final[Schema] = {"type": ["boolean", "null"]}
_NOTHING: Final[Schema] = {"type": "null"}
_LISTS: Final = ("processInstanceIds", "processDefinitionKeyIn", "tenantIdIn")
_NAMES: Final = (
    "businessKey", "businessKeyLike", "processDefinitionId", "processDefinitionKey",
    "caseInstanceId", "caseDefinitionId", "caseDefinitionKey",
)  # fmt: skip
_SWITCHES: Final = ("variableNamesIgnoreCase", "variableValuesIgnoreCase")
_OBJECTS: Final[Schema] = {"type": ["array", "null"], "items": ANY_OBJECT}
_TEXTS: Final[Schema] = {"type": ["array", "null"], "items": TEXT}

_INSTANCE: Final[Mapping[str, Schema]] = {
    "links": {"type": "array", "maxItems": 0},
    "id": TEXT,
    "definitionId": MAYBE_TEXT,
    "businessKey": MAYBE_TEXT,
    "caseInstanceId": MAYBE_TEXT,
    "ended": FLAG,
    "suspended": FLAG,
    "tenantId": MAYBE_TEXT,
    "definitionKey": MAYBE_TEXT,
}
_DEFINITION: Final[Mapping[str, Schema]] = {
    "id": TEXT,
    "key": MAYBE_TEXT,
    "category": _NOTHING,
    "name": MAYBE_TEXT,
    "version": _MAYBE_COUNT,
    "resource": _NOTHING,
    "deploymentId": _NOTHING,
    "tenantId": MAYBE_TEXT,
    "historyTimeToLive": _NOTHING,
}
SCHEMAS: Final[Mapping[str, Schema]] = {
    "ProcessInstance": answered(_INSTANCE),
    "CaseInstance": answered(
        {
            "links": {"type": "array", "maxItems": 0},
            "id": TEXT,
            "caseDefinitionId": MAYBE_TEXT,
            "businessKey": MAYBE_TEXT,
            "tenantId": MAYBE_TEXT,
            "active": FLAG,
            "completed": FLAG,
            "terminated": FLAG,
        }
    ),
    "InstanceQuery": given(
        {
            **dict.fromkeys(_LISTS, _TEXTS),
            **dict.fromkeys(_NAMES, MAYBE_TEXT),
            **dict.fromkeys((*_SWITCHES, "active", "suspended", "withoutTenantId"), _MAYBE_FLAG),
            **dict.fromkeys(("variables", "sorting"), _OBJECTS),
        }
    ),
    "Execution": {"type": "object", "properties": {"id": TEXT, "tenantId": MAYBE_TEXT}},
    "ProcessDefinition": answered(
        {
            **_DEFINITION,
            "description": _NOTHING,
            "diagram": _NOTHING,
            "suspended": FLAG,
            "versionTag": _NOTHING,
            "startableInTasklist": FLAG,
        }
    ),
    "CaseDefinition": answered(_DEFINITION),
}


def _instance_operations(kind: str, schema: str, names: tuple[str, ...]) -> Iterator[Operation]:
    searched = (
        *(in_query(name, TEXT, f"The instance's `{name}`.") for name in names),
        in_query("variables", TEXT, "Such as `level_eq_high,kind_like_a%`: compares texts."),
    )
    path = f"/{kind}-instance"
    yield from _list_operations(path, kind, schema, searched)
    yield Operation(
        route=f"GET {path}/{{id}}",
        title=f"one {kind} instance of open tasks",
        answers=answers_json(200, "the instance", ref(schema)),
        refusals=(errors.NotFound, *REFUSALS),
    )
    yield Operation(
        route=f"GET {path}/{{id}}/variables",
        title=f"the variables of a {kind} instance",
        answers=answers_json(200, "the variables by name", map_of(ref("Variable"))),
        parameters=(DESERIALIZED,),
        refusals=(errors.NotFound, *REFUSALS),
    )
    yield Operation(
        route=f"GET {path}/{{id}}/variables/{{name}}",
        title=f"one variable of a {kind} instance",
        answers=answers_json(200, "the variable", ref("Variable")),
        parameters=(in_query("deserializeValue", FLAG, "False: show an object by its text."),),
        refusals=(errors.NotFound, *REFUSALS),
    )
    executions = "execution" if kind == "process" else "case-execution"
    yield Operation(
        route=f"GET /{executions}/{{id}}",
        title=f"one execution of a {kind}",
        answers=answers_json(200, "the execution", ref("Execution")),
        refusals=(errors.NotFound, *REFUSALS),
    )


def _list_operations(
    path: str, kind: str, schema: str, searched: tuple[Parameter, ...]
) -> Iterator[Operation]:
    body = takes_json("which instances", ref("InstanceQuery"))
    order = (SORT_BY, SORT_ORDER)
    for method, asked, sorted_by, taken in (("GET", searched, order, None), ("POST", (), (), body)):
        yield Operation(
            route=f"{method} {path}",
            title=f"the {kind} instances of open tasks that match",
            answers=answers_json(200, "the instances", list_of(ref(schema))),
            parameters=(FIRST, MAXIMUM, BUDGET, *asked, *sorted_by),
            body=taken,
            refusals=(*REFUSALS, errors.ResponseTooLarge),
        )
        yield Operation(
            route=f"{method} {path}/count",
            title=f"how many {kind} instances of open tasks match",
            answers=answers_json(200, "the number", ref("Count")),
            parameters=(BUDGET, *asked),
            body=taken,
            refusals=REFUSALS,
        )


def _definition_operations(kind: str, schema: str) -> Iterator[Operation]:
    path = f"/{kind}-definition"
    names = (f"{kind}DefinitionId", f"{kind}DefinitionIdIn", "key", "keysIn", "name", "nameLike")
    flags = ("latestVersion", "active", "startableInTasklist", "withoutTenantId")
    searched = (
        *(in_query(name, TEXT, f"The definition's `{name}`.") for name in names),
        *(in_query(name, FLAG, "Narrows as in Camunda 7.") for name in flags),
        SORT_BY,
        SORT_ORDER,
    )
    yield Operation(
        route=f"GET {path}",
        title=f"the {kind} definitions of these ids or keys, as open tasks name them",
        answers=answers_json(200, "the definitions", list_of(ref(schema))),
        parameters=(FIRST, MAXIMUM, BUDGET, *searched),
        refusals=REFUSALS,
    )
    yield Operation(
        route=f"GET {path}/count",
        title=f"how many {kind} definitions of these ids or keys open tasks name",
        answers=answers_json(200, "the number", ref("Count")),
        parameters=(BUDGET, *searched),
        refusals=REFUSALS,
    )
    one = answers_json(200, "the definition", ref(schema))
    unknown = (errors.NotFound, *REFUSALS)
    by_key = (errors.NoSuchDefinition, *REFUSALS)
    yield Operation(
        route=f"GET {path}/{{id}}", title=f"one {kind} definition", answers=one, refusals=unknown
    )
    for below in ("", "/tenant-id/{tenant}"):
        whose = " of a tenant" if below else ""
        yield Operation(
            route=f"GET {path}/key/{{key}}{below}",
            title=f"the latest {kind} definition of a key{whose}",
            answers=one,
            refusals=by_key,
        )
    yield Operation(
        route=f"GET {path}/{{id}}/xml",
        title="always refused: nothing is deployed here",
        answers=(),
        refusals=(errors.NotFound,),
    )
    if kind == "process":
        yield from _start_operations(path)


def _start_operations(path: str) -> Iterator[Operation]:
    """What a program asks before it starts a process."""
    form = answers_json(200, "no form", ref("Form"))
    yield Operation(
        route=f"GET {path}/key/{{key}}/xml",
        title="always refused: nothing is deployed here",
        answers=(),
        refusals=(errors.NoSuchDefinition,),
    )
    yield Operation(
        route=f"GET {path}/{{id}}/diagram",
        title="the diagram of a process: there is none",
        answers=answers_nothing("there is none"),
        refusals=(errors.NotFound, *REFUSALS),
    )
    yield Operation(
        route=f"GET {path}/{{id}}/startForm",
        title="the form that a process is started with: there is none",
        answers=form,
        refusals=REFUSALS,
    )
    yield Operation(
        route=f"GET {path}/key/{{key}}/startForm",
        title="the form that a process of a key is started with: there is none",
        answers=form,
        refusals=(errors.NoSuchDefinition, *REFUSALS),
    )


OPERATIONS: Final = (
    *_instance_operations(
        "process",
        "ProcessInstance",
        ("processInstanceIds", "businessKey", "businessKeyLike", "processDefinitionId",
         "processDefinitionKey", "caseInstanceId", "tenantIdIn"),
    ),
    *_instance_operations(
        "case",
        "CaseInstance",
        ("caseInstanceId", "businessKey", "caseDefinitionId", "caseDefinitionKey", "tenantIdIn"),
    ),
    *_definition_operations("process", "ProcessDefinition"),
    *_definition_operations("case", "CaseDefinition"),
)  # fmt: skip
