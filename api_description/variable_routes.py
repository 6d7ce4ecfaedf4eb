"""Variable instances described: those of open tasks, and those that are kept."""

from collections.abc import Iterator, Mapping
from typing import Final

from taskdock.domain import errors

from api_description.json_shapes import (
    ANY_OBJECT,
    ANYTHING,
    FLAG,
    MAYBE_DATE,
    MAYBE_TEXT,
    TEXT,
    answered,
    given,
    list_of,
    ref,
)
from api_description.operations import (
    Operation,
    Parameter,
    Schema,
    answers_json,
    in_query,
    takes_json,
)
from api_description.task_query import BUDGET, FIRST, MAXIMUM, REFUSALS

_NOTHING: Final[Schema] = {"type": "null"}
_TEXTS: Final[Schema] = {"type": ["array", "null"], "items": TEXT}

_VARIABLE: Final[Mapping[str, Schema]] = {
    "type": TEXT,
    "value": ANYTHING,
    "valueInfo": ANY_OBJECT,
    "id": TEXT,
    "name": TEXT,
    **dict.fromkeys(
        (
            "processDefinitionId",
            "processInstanceId",
            "executionId",
            "caseInstanceId",
            "caseExecutionId",
            "taskId",
            "activityInstanceId",
            "errorMessage",
            "tenantId",
        ),
        MAYBE_TEXT,
    ),
}
SCHEMAS: Final[Mapping[str, Schema]] = {
    "VariableInstance": answered({**_VARIABLE, "batchId": _NOTHING}),
    "HistoricVariableInstance": answered(
        {
            **_VARIABLE,
            "processDefinitionKey": MAYBE_TEXT,
            "caseDefinitionKey": MAYBE_TEXT,
            "caseDefinitionId": MAYBE_TEXT,
            "state": {"enum": ["CREATED", "DELETED"]},
            "createTime": MAYBE_DATE,
            "removalTime": _NOTHING,
            "rootProcessInstanceId": MAYBE_TEXT,
        }
    ),
    "VariableQuery": given(
        {
            **dict.fromkeys(
                (
                    "taskIdIn",
                    "processInstanceIdIn",
                    "caseInstanceIdIn",
                    "variableScopeIn",
                    "tenantIdIn",
                ),
                _TEXTS,
            ),
            "variableName": MAYBE_TEXT,
            "variableNameLike": MAYBE_TEXT,
            "variableValues": {"type": ["array", "null"], "items": ANY_OBJECT},
        }
    ),
}

SORT_BY: Final = in_query("sortBy", TEXT, "Comes with `sortOrder`.")
SORT_ORDER: Final = in_query("sortOrder", {"enum": ["asc", "desc"]}, "Comes with `sortBy`.")
DESERIALIZED: Final = in_query(
    "deserializeValues", FLAG, "False: show objects by the text of their JSON."
)
VARIABLE_PARAMETERS: Final = (
    in_query("taskIdIn", TEXT, "Variables of these tasks, separated by commas."),
    in_query("processInstanceIdIn", TEXT, "Variables in these process instances."),
    in_query("caseInstanceIdIn", TEXT, "Variables in these case instances."),
    in_query("variableName", TEXT, "The variable's name."),
    in_query("variableNameLike", TEXT, "The variable's name is like the pattern."),
    in_query("tenantIdIn", TEXT, "The tenant of the task, one of these."),
    SORT_BY,
    SORT_ORDER,
)


def variable_operations(
    path: str, schema: str, more: tuple[Parameter, ...] = ()
) -> Iterator[Operation]:
    """The routes for variable instances, by GET and by POST."""
    which = "variables that are kept" if "history" in path else "variables"
    body = takes_json("which variables", ref("VariableQuery"), required=False)
    listed = answers_json(200, "the variables", list_of(ref(schema)))
    counted = answers_json(200, "the number", ref("Count"))
    for method, taken in (("GET", None), ("POST", body)):
        asked = (*VARIABLE_PARAMETERS, *more) if taken is None else ()
        yield Operation(
            route=f"{method} {path}",
            title=f"the {which} that match",
            answers=listed,
            parameters=(FIRST, MAXIMUM, BUDGET, DESERIALIZED, *asked),
            body=taken,
            refusals=(*REFUSALS, errors.ResponseTooLarge),
        )
        yield Operation(
            route=f"{method} {path}/count",
            title=f"how many {which} match",
            answers=counted,
            parameters=(BUDGET, *asked),
            body=taken,
            refusals=REFUSALS,
        )
    yield Operation(
        route=f"GET {path}/{{id}}",
        title=f"one of the {which}",
        answers=answers_json(200, "the variable", ref(schema)),
        parameters=(DESERIALIZED,),
        refusals=(errors.NotFound, *REFUSALS),
    )


OPERATIONS: Final = (*variable_operations("/variable-instance", "VariableInstance"),)
