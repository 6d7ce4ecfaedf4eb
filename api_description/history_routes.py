"""The history of tasks described."""

from collections.abc import Iterator, Mapping
from typing import Final

from taskdock.api.history.queries import PROPERTY_NAMES
from taskdock.domain import errors
from taskdock.domain.history.historic_tasks import COMPARISONS, SORTS
from taskdock.domain.query.criteria import Kind

from api_description.json_shapes import (
    ANY_OBJECT,
    DATE,
    FLAG,
    GIVEN_DATE,
    INT32,
    MAYBE_DATE,
    MAYBE_FLAG,
    MAYBE_INT32,
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
from api_description.variable_routes import SORT_ORDER, variable_operations

_CONDITIONS: Final[Schema] = {"type": ["array", "null"], "items": ANY_OBJECT}
_TEXTS: Final[Schema] = {"type": ["array", "null"], "items": TEXT}
_IN_JSON: Final[Mapping[Kind, Schema]] = {
    Kind.TEXT: MAYBE_TEXT,
    Kind.TEXTS: _TEXTS,
    Kind.INTEGER: MAYBE_INT32,
    Kind.INSTANT: GIVEN_DATE,
    Kind.FLAG: MAYBE_FLAG,
    Kind.TASK_VARIABLES: _CONDITIONS,
    Kind.PROCESS_VARIABLES: _CONDITIONS,
}
_MAYBE_NUMBER: Final[Schema] = {"type": ["integer", "null"]}

_TEXTS_OF_A_TASK: Final = (
    "processDefinitionKey", "processDefinitionId", "processInstanceId", "executionId",
    "caseDefinitionKey", "caseDefinitionId", "caseInstanceId", "caseExecutionId",
    "activityInstanceId", "name", "description", "deleteReason", "owner", "assignee",
    "taskDefinitionKey", "parentTaskId", "tenantId", "rootProcessInstanceId", "taskState",
)  # fmt: skip
_TEXTS_OF_AN_ENTRY: Final = (
    "deploymentId", "processDefinitionId", "processDefinitionKey", "processInstanceId",
    "executionId", "caseDefinitionId", "caseInstanceId", "caseExecutionId", "jobId",
    "jobDefinitionId", "batchId", "externalTaskId", "property", "orgValue", "newValue",
    "removalTime", "rootProcessInstanceId", "annotation",
)  # fmt: skip

SCHEMAS: Final[Mapping[str, Schema]] = {
    "HistoricTask": answered(
        {
            "id": TEXT,
            **dict.fromkeys(_TEXTS_OF_A_TASK, MAYBE_TEXT),
            "startTime": DATE,
            "endTime": MAYBE_DATE,
            "duration": _MAYBE_NUMBER,
            "priority": INT32,
            "due": MAYBE_DATE,
            "followUp": MAYBE_DATE,
            "removalTime": {"type": "null"},
        }
    ),
    "HistoryQuery": given(
        {
            **{name: _IN_JSON[each.kind] for name, each in COMPARISONS.items()},
            "variableNamesIgnoreCase": MAYBE_FLAG,
            "variableValuesIgnoreCase": MAYBE_FLAG,
            "orQueries": _CONDITIONS,
            "sorting": _CONDITIONS,
            "sortBy": {"enum": list(SORTS)},
            "sortOrder": {"enum": ["asc", "desc"]},
        }
    ),
    "LogEntry": answered(
        {
            "id": TEXT,
            "taskId": TEXT,
            "userId": TEXT,
            "timestamp": DATE,
            "operationId": TEXT,
            "operationType": TEXT,
            "entityType": TEXT,
            "category": TEXT,
            **dict.fromkeys(_TEXTS_OF_AN_ENTRY, MAYBE_TEXT),
        }
    ),
    "TaskHistory": answered(
        {
            "tid": TEXT,
            "service": TEXT,
            "state": TEXT,
            "started": DATE,
            "ended": MAYBE_DATE,
            "duration": _MAYBE_NUMBER,
            "endReason": MAYBE_TEXT,
            "embedded": answered(
                {
                    "entries": list_of(
                        answered(
                            {
                                "operationId": TEXT,
                                "operation": TEXT,
                                "entity": TEXT,
                                "user": TEXT,
                                "time": DATE,
                                "property": MAYBE_TEXT,
                                "before": MAYBE_TEXT,
                                "after": MAYBE_TEXT,
                            }
                        )
                    )
                }
            ),
            "links": answered({"self": answered({"href": TEXT})}),
        }
    ),
}

_STRICT: Final = in_query("strict", FLAG, "Refuse unknown properties instead of ignoring them.")


def _asked() -> Iterator[Parameter]:
    """The properties of the query in a query string; all are texts there."""
    for name in sorted(PROPERTY_NAMES - {"sortBy", "sortOrder"}):
        yield in_query(name, TEXT, "As in a body.")
    yield in_query("sortBy", {"enum": list(SORTS)}, "Comes with `sortOrder`.")
    yield SORT_ORDER


_BODY: Final = takes_json(
    "the query; no body is as good as `{}`", ref("HistoryQuery"), required=False
)
_LISTED: Final = answers_json(200, "the tasks", list_of(ref("HistoricTask")), "X-Read-Units")
_COUNTED: Final = answers_json(200, "the number", ref("Count"), "X-Read-Units")
_LIST_REFUSALS: Final = (*REFUSALS, errors.ResponseTooLarge)
_LOG: Final = tuple(
    in_query(name, TEXT, about)
    for name, about in (
        ("taskId", "The task; this or the process instance is needed."),
        ("processInstanceId", "The process instance of the tasks."),
        ("userId", "Who did it."),
        ("operationId", "The request that did it."),
        ("operationType", "What was done, such as `Claim`."),
        ("entityType", "To what: `Task`, `IdentityLink`, `Variable`, `Attachment`, `Comment`."),
        ("entityTypeIn", "To one of these, separated by commas."),
        ("property", "Which property changed."),
        ("category", "There is only `TaskWorker`."),
        ("afterTimestamp", "Later than this date."),
        ("beforeTimestamp", "Earlier than this date."),
    )
)
_LOG_ORDER: Final = (in_query("sortBy", {"enum": ["timestamp"]}, "Comes with `sortOrder`."),
                     SORT_ORDER)  # fmt: skip

OPERATIONS: Final = (
    Operation(
        route="GET /history/task",
        title="the tasks, open and ended, that match the query string",
        answers=_LISTED,
        parameters=(FIRST, MAXIMUM, _STRICT, BUDGET, *_asked()),
        refusals=_LIST_REFUSALS,
    ),
    Operation(
        route="POST /history/task",
        title="the tasks, open and ended, that match the body",
        answers=_LISTED,
        parameters=(FIRST, MAXIMUM, _STRICT, BUDGET),
        body=_BODY,
        refusals=_LIST_REFUSALS,
    ),
    Operation(
        route="GET /history/task/count",
        title="how many tasks, open and ended, match the query string",
        answers=_COUNTED,
        parameters=(_STRICT, BUDGET, *_asked()),
        refusals=REFUSALS,
    ),
    Operation(
        route="POST /history/task/count",
        title="how many tasks, open and ended, match the body",
        answers=_COUNTED,
        parameters=(_STRICT, BUDGET),
        body=_BODY,
        refusals=REFUSALS,
    ),
    Operation(
        route="GET /history/user-operation",
        title="what was done to a task: who changed what from what to what",
        answers=answers_json(200, "the lines of the log", list_of(ref("LogEntry"))),
        parameters=(FIRST, MAXIMUM, BUDGET, *_LOG, *_LOG_ORDER),
        refusals=_LIST_REFUSALS,
    ),
    Operation(
        route="GET /history/user-operation/count",
        title="how many lines of the log match",
        answers=answers_json(200, "the number", ref("Count")),
        parameters=(BUDGET, *_LOG),
        refusals=REFUSALS,
    ),
    *variable_operations(
        "/history/variable-instance",
        "HistoricVariableInstance",
        (
            in_query("processInstanceId", TEXT, "Variables in this process instance."),
            in_query("includeDeleted", FLAG, "Show variables that were removed too."),
        ),
    ),
)
