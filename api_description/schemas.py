"""The JSON that the API takes and answers, as JSON Schemas by name."""

from collections.abc import Mapping
from typing import Final

from taskdock.api.requests.imports import TASK_STATES
from taskdock.domain.services.actions import Action
from taskdock.domain.services.lists import ListName
from taskdock.domain.tasks.task import DelegationState, State

from api_description.json_shapes import (
    ANY_OBJECT,
    ANYTHING,
    COUNT,
    DATE,
    FILLED,
    FLAG,
    GIVEN_DATE,
    INT32,
    MAYBE_DATE,
    MAYBE_FILLED,
    MAYBE_FLAG,
    MAYBE_IDENTIFIER,
    MAYBE_INT32,
    MAYBE_NAME,
    MAYBE_OBJECT,
    MAYBE_TEXT,
    NAMES,
    TEXT,
    answered,
    given,
    list_of,
    map_of,
    ref,
)
from api_description.operations import Schema

_DELEGATION: Final[Schema] = {"enum": [*DelegationState, None]}

_VARIABLE: Final = answered({"type": TEXT, "value": ANYTHING, "valueInfo": ANY_OBJECT}, "valueInfo")
_GIVEN_VARIABLE: Final = given({"type": MAYBE_TEXT, "value": ANYTHING, "valueInfo": ANYTHING})

_TASK: Final[Mapping[str, Schema]] = {
    "id": TEXT,
    "name": MAYBE_TEXT,
    "assignee": MAYBE_TEXT,
    "created": DATE,
    "due": MAYBE_DATE,
    "followUp": MAYBE_DATE,
    "lastUpdated": MAYBE_DATE,
    "delegationState": _DELEGATION,
    "description": MAYBE_TEXT,
    "executionId": MAYBE_TEXT,
    "owner": MAYBE_TEXT,
    "parentTaskId": MAYBE_TEXT,
    "priority": INT32,
    "processDefinitionId": MAYBE_TEXT,
    "processInstanceId": MAYBE_TEXT,
    "taskDefinitionKey": MAYBE_TEXT,
    "caseExecutionId": MAYBE_TEXT,
    "caseInstanceId": MAYBE_TEXT,
    "caseDefinitionId": MAYBE_TEXT,
    "suspended": FLAG,
    "formKey": MAYBE_TEXT,
    "camundaFormRef": {
        "type": ["object", "null"],
        "properties": {"key": TEXT, "binding": MAYBE_TEXT, "version": MAYBE_INT32},
    },
    "tenantId": MAYBE_TEXT,
    "taskState": {"enum": [*TASK_STATES, None]},
}
_BESIDE_A_TASK: Final[Mapping[str, Schema]] = {
    "variables": map_of(ref("Variable")),
    "attachment": FLAG,
    "comment": FLAG,
    "version": {"type": "integer", "minimum": 1},
    "service": TEXT,
    "state": {"enum": list(State)},
}

_LINK: Final = answered({"self": answered({"href": TEXT})})
_ITEM: Final = answered({"index": COUNT, "href": TEXT, "metadata": ANY_OBJECT})
_LIST: Final[Mapping[str, Schema]] = {
    "metadata": ANY_OBJECT,
    "embedded": answered({"listItems": list_of(ref("ListItem"))}),
}
_SERVICE_TASK: Final[Mapping[str, Schema]] = {
    "tid": TEXT,
    "name": MAYBE_TEXT,
    "service": TEXT,
    "type": MAYBE_TEXT,
    "owner": MAYBE_TEXT,
    "state": {"enum": list(State)},
    "created": DATE,
    "lastUpdated": MAYBE_DATE,
    "metadata": ANY_OBJECT,
    "lists": answered({name: answered(_LIST, "embedded") for name in ListName}),
    "href": TEXT,
    "links": _LINK,
}
_OF_SOME_SERVICE_TASKS: Final[Mapping[str, Schema]] = {
    "assignee": TEXT,
    "candidateUsers": list_of(TEXT),
    "candidateGroups": list_of(TEXT),
    "priority": INT32,
    "due": DATE,
    "followUp": DATE,
    "parentTaskId": TEXT,
    "tenantId": TEXT,
    "formKey": TEXT,
    "ended": DATE,
    "endReason": TEXT,
}

_GIVEN_LIST: Final = given(
    {
        "metadata": MAYBE_OBJECT,
        "embedded": given(
            {"listItems": {"type": ["array", "null"], "items": ref("NewListItem")}}, strict=True
        ),
    },
    strict=True,
)
_INSTANCE: Final = given(
    {
        **dict.fromkeys(("id", "businessKey", "definitionId", "definitionKey"), MAYBE_FILLED),
        **dict.fromkeys(("definitionName", "executionId", "activityInstanceId"), MAYBE_FILLED),
        "suspended": MAYBE_FLAG,
        "variables": {
            "type": ["object", "null"],
            "additionalProperties": {"type": ["string", "integer", "boolean", "null"]},
        },
    },
    strict=True,
)
_CHANGEABLE: Final[Mapping[str, Schema]] = {
    "name": FILLED,
    "metadata": MAYBE_OBJECT,
    "type": MAYBE_NAME,
    "owner": MAYBE_NAME,
    "assignee": MAYBE_NAME,
    "candidateUsers": NAMES,
    "candidateGroups": NAMES,
    "priority": MAYBE_INT32,
    "due": GIVEN_DATE,
    "followUp": GIVEN_DATE,
    "formKey": MAYBE_FILLED,
}
_ONLY_AT_CREATION: Final[Mapping[str, Schema]] = {
    "parentTaskId": MAYBE_IDENTIFIER,
    "tenantId": MAYBE_NAME,
    "processInstance": _INSTANCE,
    "caseInstance": _INSTANCE,
    "lists": given(dict.fromkeys(ListName, _GIVEN_LIST), strict=True),
}

_STANDALONE: Final[Mapping[str, Schema]] = {
    "name": MAYBE_TEXT,
    "description": MAYBE_TEXT,
    "priority": MAYBE_INT32,
    "assignee": MAYBE_TEXT,
    "owner": MAYBE_TEXT,
    "delegationState": _DELEGATION,
    "due": GIVEN_DATE,
    "followUp": GIVEN_DATE,
    "parentTaskId": MAYBE_TEXT,
    "caseInstanceId": MAYBE_TEXT,
    "tenantId": MAYBE_TEXT,
}

_SELF_LINKS: Final = list_of(answered({"method": TEXT, "href": TEXT, "rel": TEXT}))

SCHEMAS: Final[Mapping[str, Schema]] = {
    "Task": answered({**_TASK, **_BESIDE_A_TASK}, *_BESIDE_A_TASK),
    "Variable": _VARIABLE,
    "GivenVariable": _GIVEN_VARIABLE,
    "HalResource": {
        "type": "object",
        "properties": {"_links": MAYBE_OBJECT, "_embedded": {}},
        "required": ["_links", "_embedded"],
    },
    "HalList": answered(
        {
            "_links": _LINK,
            "_embedded": {
                "type": "object",
                "additionalProperties": list_of(ref("HalResource")),
            },
            "count": COUNT,
        }
    ),
    "Count": {"type": "object", "properties": {"count": COUNT}, "required": ["count"]},
    "Explanation": {
        "type": "object",
        "properties": {
            "tasks": list_of(ref("Task")),
            "plan": ANY_OBJECT,
            "search": answered({"orQueries": list_of(ref("OrQuery"))}),
            "read": answered(
                {"items": COUNT, "pages": COUNT, "readUnits": {"type": "number", "minimum": 0}}
            ),
            "matched": COUNT,
            "returned": COUNT,
            "price": answered({"usd": {"type": "number"}, "per": TEXT}),
            "milliseconds": {"type": "number", "minimum": 0},
        },
        "required": ["plan", "read", "matched", "returned", "price", "milliseconds"],
    },
    "TaskContent": given(_STANDALONE),
    "NewTask": given({"id": MAYBE_IDENTIFIER, **_STANDALONE}),
    "ServiceTask": answered({**_SERVICE_TASK, **_OF_SOME_SERVICE_TASKS}, *_OF_SOME_SERVICE_TASKS),
    "ServiceTaskPage": answered(
        {
            "embedded": answered({"tasks": list_of(ref("ServiceTask"))}),
            "links": answered(
                {"self": answered({"href": TEXT}), "next": answered({"href": TEXT})}, "next"
            ),
        }
    ),
    "NewServiceTask": given({**_CHANGEABLE, **_ONLY_AT_CREATION}, "name", strict=True),
    "ServiceTaskContent": given(_CHANGEABLE, "name", strict=True),
    "ServiceTaskPatch": given({**_CHANGEABLE, "name": FILLED}, strict=True),
    "TaskAction": given(
        {"action": {"enum": list(Action)}, "reason": MAYBE_FILLED}, "action", strict=True
    ),
    "TaskList": answered({**_LIST, "href": TEXT, "links": _LINK}),
    "ListItem": _ITEM,
    "NewListItem": given({"href": FILLED, "metadata": MAYBE_OBJECT}, "href", strict=True),
    "AddedListItem": given({"href": FILLED, "metadata": MAYBE_OBJECT}, strict=True),
    "ListItemPatch": given({"metadata": MAYBE_OBJECT}, strict=True),
    "SignIn": answered(
        {
            "url": TEXT,
            "clientId": TEXT,
            "authorizeUrl": MAYBE_TEXT,
            "tokenUrl": MAYBE_TEXT,
            "signOutUrl": MAYBE_TEXT,
            "scopes": list_of(TEXT),
        }
    ),
    "Service": answered(
        {
            "sid": TEXT,
            "name": TEXT,
            "description": MAYBE_TEXT,
            "types": list_of(TEXT),
            "href": TEXT,
            "links": _LINK,
        }
    ),
    "ServiceContent": given(
        {
            "name": MAYBE_FILLED,
            "description": MAYBE_TEXT,
            "types": {"type": ["array", "null"], "items": FILLED},
        },
        strict=True,
    ),
    "Comment": answered(
        {
            "links": _SELF_LINKS,
            "id": TEXT,
            "userId": MAYBE_TEXT,
            "time": DATE,
            "taskId": TEXT,
            "message": TEXT,
            "removalTime": {"type": "null"},
            "rootProcessInstanceId": {"type": "null"},
            "processInstanceId": MAYBE_TEXT,
        }
    ),
    "Attachment": answered(
        {
            "links": _SELF_LINKS,
            "id": TEXT,
            "name": MAYBE_TEXT,
            "description": MAYBE_TEXT,
            "taskId": TEXT,
            "type": MAYBE_TEXT,
            "url": MAYBE_TEXT,
            "createTime": DATE,
            "removalTime": {"type": "null"},
            "rootProcessInstanceId": {"type": "null"},
        }
    ),
    "IdentityLink": answered({"userId": MAYBE_TEXT, "groupId": MAYBE_TEXT, "type": MAYBE_TEXT}),
    "User": answered(
        {"id": TEXT, "firstName": MAYBE_TEXT, "lastName": MAYBE_TEXT, "email": MAYBE_TEXT}
    ),
    "Group": answered({"id": TEXT, "name": TEXT, "type": {"type": "null"}}),
    "Form": answered(
        {"key": MAYBE_TEXT, "camundaFormRef": _TASK["camundaFormRef"], "contextPath": MAYBE_TEXT}
    ),
}
"""Every shape that has a name, by that name."""
