"""Camunda 7's routes about one task described: reading, changing, assigning, handing in."""

from typing import Final

from taskdock.api.answers.group_counts import CSV_TYPES
from taskdock.api.answers.hal import HAL
from taskdock.domain import errors

from api_description.json_shapes import (
    COUNT,
    FLAG,
    MAYBE_FLAG,
    MAYBE_TEXT,
    TEXT,
    answered,
    given,
    list_of,
    map_of,
    ref,
)
from api_description.operations import (
    JSON,
    Operation,
    Success,
    answers_json,
    answers_nothing,
    in_query,
    takes_json,
)
from api_description.service_routes import IF_MATCH, ONCE
from api_description.task_query import BUDGET, EXTRAS, VERSION

_TASK: Final = "/task/{id}"

UNKNOWN: Final = (errors.TaskNotFound,)
CHANGE: Final = (
    errors.InvalidRequest,
    errors.TaskNotFound,
    errors.TaskSuspended,
    errors.ConcurrentChange,
    errors.PreconditionFailed,
)
TOGETHER: Final = (*CHANGE, errors.ChangeTooLarge)
"""Of a change that takes other tasks along: sub tasks, or those of a process instance."""
_GIVEN_VARIABLES: Final = {
    "type": ["object", "null"],
    "additionalProperties": ref("GivenVariable"),
}
VARIABLES: Final = map_of(ref("Variable"))
_USER: Final = takes_json("the user, or null", given({"userId": MAYBE_TEXT}), required=False)
_SUBMISSION: Final = takes_json(
    "variables, and whether to answer them",
    given({"variables": _GIVEN_VARIABLES, "withVariablesInReturn": MAYBE_FLAG}),
    required=False,
)
_HANDED_IN: Final = (
    *answers_json(200, "the variables, with `withVariablesInReturn`", VARIABLES),
    *answers_nothing("done"),
)
_LINK: Final = takes_json(
    "one user or one group, and the type of the link",
    given({"userId": MAYBE_TEXT, "groupId": MAYBE_TEXT, "type": TEXT}, "type"),
)
_DONE: Final = answers_nothing("done", "ETag")


def _assignment(action: str, title: str, *refusals: type[errors.TaskdockError]) -> Operation:
    return Operation(
        route=f"POST {_TASK}/{action}",
        title=title,
        answers=_DONE,
        parameters=(IF_MATCH,),
        body=_USER,
        refusals=(*CHANGE, *refusals),
    )


OPERATIONS: Final = (
    Operation(
        route="POST /task/create",
        title="create a task of no service",
        answers=answers_nothing("created"),
        parameters=(ONCE,),
        body=takes_json("the task; an omitted `priority` is 0", ref("NewTask"), required=False),
        refusals=(
            errors.NotAuthorized,
            errors.TaskSuspended,
            errors.AlreadyExists,
            errors.ConcurrentChange,
            errors.IdempotencyMismatch,
        ),
    ),
    Operation(
        route=f"GET {_TASK}",
        title="an open task",
        answers=(
            Success(200, "the task", {JSON: ref("Task"), HAL: ref("HalResource")}, ("ETag",)),
        ),
        parameters=(
            *(in_query(name, FLAG, f"{what}.") for name, what in EXTRAS.items()),
            VERSION,
        ),
        refusals=UNKNOWN,
    ),
    Operation(
        route=f"PUT {_TASK}",
        title="replace a task's properties; what is left out becomes null, the priority 0",
        answers=_DONE,
        parameters=(IF_MATCH,),
        body=takes_json("the properties", ref("TaskContent"), required=False),
        refusals=(*CHANGE, errors.BadUserRequest),
    ),
    Operation(
        route=f"DELETE {_TASK}",
        title="delete a task with its sub tasks",
        answers=answers_nothing("it is gone"),
        parameters=(IF_MATCH,),
        refusals=(*TOGETHER, errors.BadUserRequest),
    ),
    _assignment(
        "claim",
        "claim a task that no other user has; without a user, unclaim it",
        errors.TaskAlreadyClaimed,
    ),
    Operation(
        route=f"POST {_TASK}/unclaim",
        title="give a task back",
        answers=_DONE,
        parameters=(IF_MATCH,),
        refusals=CHANGE,
    ),
    _assignment("assignee", "set the assignee, also of an assigned task"),
    _assignment("delegate", "have a user resolve the task for its owner"),
    Operation(
        route=f"POST {_TASK}/resolve",
        title="give a delegated task back to its owner",
        answers=_DONE,
        parameters=(IF_MATCH,),
        body=takes_json("variables", given({"variables": _GIVEN_VARIABLES}), required=False),
        refusals=TOGETHER,
    ),
    Operation(
        route=f"GET {_TASK}/identity-links",
        title="who is tied to the task; assignee and owner come last",
        answers=answers_json(200, "the links", list_of(ref("IdentityLink"))),
        parameters=(in_query("type", TEXT, "Only links of this type."),),
        refusals=UNKNOWN,
    ),
    Operation(
        route=f"POST {_TASK}/identity-links",
        title="tie a user or a group to the task",
        answers=_DONE,
        parameters=(IF_MATCH,),
        body=_LINK,
        refusals=(*CHANGE, errors.BadUserRequest),
    ),
    Operation(
        route=f"POST {_TASK}/identity-links/delete",
        title="untie a user or a group, which need not be tied",
        answers=_DONE,
        parameters=(IF_MATCH,),
        body=_LINK,
        refusals=(*CHANGE, errors.BadUserRequest),
    ),
    Operation(
        route=f"POST {_TASK}/complete",
        title="complete a task with its sub tasks",
        answers=_HANDED_IN,
        parameters=(IF_MATCH,),
        body=_SUBMISSION,
        refusals=TOGETHER,
    ),
    Operation(
        route=f"POST {_TASK}/submit-form",
        title="complete a task or, while it is delegated, resolve it",
        answers=_HANDED_IN,
        parameters=(IF_MATCH,),
        body=_SUBMISSION,
        refusals=TOGETHER,
    ),
    Operation(
        route=f"POST {_TASK}/bpmnError",
        title="end a task of a process by an error",
        answers=answers_nothing("it has ended"),
        parameters=(IF_MATCH,),
        body=takes_json(
            "the error",
            given(
                {
                    "errorCode": {"type": "string", "pattern": r"\S"},
                    "errorMessage": MAYBE_TEXT,
                    "variables": _GIVEN_VARIABLES,
                },
                "errorCode",
            ),
        ),
        refusals=(*TOGETHER, errors.BadUserRequest),
    ),
    Operation(
        route=f"POST {_TASK}/bpmnEscalation",
        title="always refused: nothing here handles an escalation",
        answers=(),
        parameters=(IF_MATCH,),
        body=takes_json(
            "the escalation",
            given(
                {
                    "escalationCode": {"type": "string", "pattern": r"\S"},
                    "variables": _GIVEN_VARIABLES,
                },
                "escalationCode",
            ),
        ),
        refusals=(*CHANGE, errors.BadUserRequest),
    ),
    Operation(
        route=f"GET {_TASK}/form",
        title="which form the task has",
        answers=answers_json(200, "its key or a reference to it", ref("Form")),
        refusals=UNKNOWN,
    ),
    Operation(
        route=f"GET {_TASK}/form-variables",
        title="the variables that the task sees",
        answers=answers_json(200, "the variables", VARIABLES),
        parameters=(in_query("variableNames", TEXT, "Only these, separated by commas."),),
        refusals=UNKNOWN,
    ),
    Operation(
        route=f"GET {_TASK}/rendered-form",
        title="always refused: no form is drawn here",
        answers=(),
        refusals=(errors.TaskNotFound, errors.NotFound),
    ),
    Operation(
        route=f"GET {_TASK}/deployed-form",
        title="the registered form that a task names",
        answers=answers_json(200, "the form", ref("CamundaForm")),
        refusals=(
            errors.TaskNotFound,
            errors.NotFound,
            errors.InvalidRequest,
            errors.BadUserRequest,
        ),
    ),
    Operation(
        route="GET /task/report/candidate-group-count",
        title="how many unassigned tasks are offered to each group",
        answers=(
            Success(
                200,
                "the numbers; null means no group",
                {
                    JSON: list_of(answered({"groupName": MAYBE_TEXT, "taskCount": COUNT})),
                    **dict.fromkeys(CSV_TYPES, TEXT),
                },
                ("X-Read-Units",),
            ),
        ),
        parameters=(BUDGET,),
        refusals=(errors.QueryTooExpensive, errors.OutOfTime),
    ),
)
