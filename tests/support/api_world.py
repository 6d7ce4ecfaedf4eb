"""A small world behind the API: tasks with everything that a path can name, made over HTTP."""

import json
from collections.abc import Mapping, Sequence
from secrets import token_hex
from typing import Any, Final

from local.service import LocalService
from tests.support.http import Answered, bearer, call
from tests.support.multipart import FORM_TYPE, form, part

SERVICE: Final = "operator-p4"
VARIABLE: Final = "amount"

Known = Mapping[str, Sequence[str]]
"""Parameters of paths, each with values that lead somewhere."""

_ITEM: Final = {"href": "/v1/services/files/repo/1", "metadata": {"pages": 3}}
_TASK: Final = {
    "name": "Print",
    "type": "print",
    "priority": 70,
    "candidateGroups": ["sales"],
    "metadata": {VARIABLE: 5, "description": "twice"},
    "lists": {
        "input": {"embedded": {"listItems": [_ITEM, _ITEM]}},
        "output": {"embedded": {"listItems": [_ITEM]}},
    },
}


def new_world(service: LocalService) -> Known:
    """Two tasks, one of a service and one of none, with all that belongs to a task."""
    of_service = _post(service, f"/v1/services/{SERVICE}/tasks", _TASK).json()["tid"]
    own = f"own-{token_hex(8)}"
    _post(service, "/task/create", {"id": own, "name": "Call", "assignee": "demo"})
    _post(service, f"/task/{own}/variables", {"modifications": {VARIABLE: {"value": "five"}}})
    comments = [_comment(service, task) for task in (own, of_service)]
    attachments = [_attachment(service, task) for task in (own, of_service)]
    return {
        "sid": [SERVICE],
        "tid": [of_service],
        "id": [own, of_service, "demo"],
        "index": ["0", "1"],
        "name": [VARIABLE],
        "cid": comments,
        "aid": attachments,
    }


def _comment(service: LocalService, task: str) -> str:
    comment = _post(service, f"/task/{task}/comment/create", {"message": "soon"}).json()
    return str(comment["id"])


def _attachment(service: LocalService, task: str) -> str:
    body = form(part("attachment-name", b"plan"), part("content", b"\x00\x01", file_name="plan"))
    answer = _sent(service, f"/task/{task}/attachment/create", body, FORM_TYPE)
    return str(answer.json()["id"])


def _post(service: LocalService, path: str, body: Any) -> Answered:
    return _sent(service, path, json.dumps(body).encode(), "application/json")


def _sent(service: LocalService, path: str, body: bytes, content_type: str) -> Answered:
    headers = {**bearer(service.token("demo")), "Content-Type": content_type}
    answer = call("POST", service.url + path, body, headers)
    assert answer.status < 300, answer.body
    return answer
