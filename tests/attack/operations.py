"""Requests to every operation of docs/openapi.json that lead to given things."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from api_description.operations import Operation
from api_description.routes import OPERATIONS
from tests.support.multipart import FORM_TYPE, form, part

BODIES: Final[Mapping[str, Any]] = {
    "POST /task/create": {"name": "n"},
    "PUT /task/{id}": {"name": "taken over"},
    "POST /task/{id}/claim": {"userId": "mary"},
    "POST /task/{id}/assignee": {"userId": "mary"},
    "POST /task/{id}/delegate": {"userId": "mary"},
    "POST /task/{id}/identity-links": {"userId": "mary", "type": "candidate"},
    "POST /task/{id}/identity-links/delete": {"groupId": "sales", "type": "candidate"},
    "POST /task/{id}/bpmnError": {"errorCode": "e"},
    "POST /task/{id}/bpmnEscalation": {"escalationCode": "e"},
    "POST /task/{id}/variables": {"modifications": {"amount": {"value": 1}}},
    "POST /task/{id}/localVariables": {"modifications": {"amount": {"value": 1}}},
    "PUT /task/{id}/variables/{name}": {"value": 1, "type": "Integer"},
    "PUT /task/{id}/localVariables/{name}": {"value": 1, "type": "Integer"},
    "POST /task/{id}/comment/create": {"message": "mine"},
    "PUT /v1/services/{sid}": {"name": "n"},
    "POST /v1/services/{sid}/tasks": {"name": "n"},
    "PUT /v1/services/{sid}/tasks/{tid}": {"name": "taken over"},
    "PATCH /v1/services/{sid}/tasks/{tid}": {"name": "taken over"},
    "POST /v1/services/{sid}/tasks/{tid}/action": {"action": "complete"},
    "POST /v1/services/{sid}/tasks/{tid}/input": {"href": "/a"},
    "POST /v1/services/{sid}/tasks/{tid}/output": {"href": "/a"},
    "PATCH /v1/services/{sid}/tasks/{tid}/input/{index}": {"metadata": {"x": 1}},
    "PATCH /v1/services/{sid}/tasks/{tid}/output/{index}": {"metadata": {"x": 1}},
    "POST /v1/import": {"tasks": []},
    "PUT /v1/programs/{clientId}": {"tenants": ["t9"], "services": [], "name": "n"},
    "POST /v1/look": {"queries": [{"query": {}}, {"query": {}, "count": True}], "filters": {}},
    "POST /filter/create": {"resourceType": "Task", "name": "n", "query": {}},
    "PUT /filter/{id}": {"resourceType": "Task", "name": "n", "query": {}},
    "POST /identity/verify": {"username": "mary", "password": "x"},
}
_FORMS: Final = ("/attachment/create", "/data")


class Sent(NamedTuple):
    """A request."""

    operation: Operation
    method: str
    target: str
    body: Any
    headers: Mapping[str, str]


def every_request(values: Mapping[str, str]) -> Iterator[Sent]:
    """One for each operation, its path filled with these values."""
    for operation in OPERATIONS:
        yield request_for(operation, values)


def request_for(operation: Operation, values: Mapping[str, str]) -> Sent:
    """The request to an operation; `values` by parameter, or by the path's first part."""
    own = {**values, "id": values.get(f"id of {operation.path.split('/')[1]}", values["id"])}
    target = operation.path.format_map(own)
    if operation.method == "POST" and operation.path.endswith(_FORMS):
        fields = form(
            part("attachment-name", b"n"), part("content", b"c"), part("data", b"1"),
            part("valueType", b"Bytes"),
        )  # fmt: skip
        return Sent(operation, operation.method, target, fields, {"Content-Type": FORM_TYPE})
    changes = operation.method in ("POST", "PUT", "PATCH")
    body = BODIES.get(operation.route, {}) if changes else None
    return Sent(operation, operation.method, target, body, {"Content-Type": "application/json"})
