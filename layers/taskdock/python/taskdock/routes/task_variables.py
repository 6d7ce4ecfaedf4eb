"""Shows, sets and removes variables: those that a task sees, and those of its own."""

import base64
import re
from collections.abc import Callable
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from taskdock.api.answers.tasks import variables_json
from taskdock.api.requests.variables import (
    modification_in,
    uploaded_object,
    uploaded_variable,
    variable_to_put,
)
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.history.operation import Detail, Type
from taskdock.domain.tasks.task import TaskId, Variable
from taskdock.domain.variables.scopes import Modification
from taskdock.domain.variables.values import to_api
from taskdock.runtime.answers import Answer, etag
from taskdock.runtime.changes.authorship import authored
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Action, Routes
from taskdock.runtime.task_answers import body_of, task_id
from taskdock.runtime.uploads import uploaded_form
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.tasks.task_variables import modify_variables, named, show_variables

ROUTES: Final = Routes()

_COLLECTIONS: Final = (("variables", False), ("localVariables", True))
"""The name of each collection in a path, and whether it has the task's own variables alone."""

_ANY_CONTENT: Final = "application/octet-stream"
_TOKEN: Final = r"[A-Za-z0-9!#$&^_.+-]{1,127}"  # noqa: S105 - of HTTP's grammar
_MEDIA_TYPE: Final = re.compile(f"{_TOKEN}/{_TOKEN}")
_CHARSET: Final = re.compile(_TOKEN)
_NOT_IN_QUOTES: Final = re.compile(r"[^ !#-\[\]-~]")

type _LocalAction = Callable[..., Answer]


def _both(
    register: Callable[..., Callable[[Action], Action]], below: str = "", **options: Any
) -> Callable[[_LocalAction], _LocalAction]:
    """Registers an action for both collections of variables."""

    def registered(action: _LocalAction) -> _LocalAction:
        for collection, local in _COLLECTIONS:
            register(f"/task/{{id}}/{collection}{below}", **options)(partial(action, local=local))
        return action

    return registered


@_both(ROUTES.get)
def list_variables(request: Request, wiring: Wiring, *, local: bool) -> Answer:
    """All variables by name."""
    variables = show_variables(wiring.store, task_id(request), request.caller.access, local=local)
    return Answer(200, variables_json(variables, deserialized=request.deserialized))


@_both(ROUTES.post, produces=())
def modify(request: Request, wiring: Wiring, *, local: bool) -> Answer:
    """Some variables set and others removed, all together."""
    modification = modification_in(body_of(request))
    return _modified(request, wiring, modification, Type.MODIFY_VARIABLE, local=local)


@_both(ROUTES.get, "/{name}")
def show(request: Request, wiring: Wiring, *, local: bool) -> Answer:
    """One variable; the content of a file is left out."""
    deserialized = request.flag("deserializeValue", default=True)
    variable = _variable(request, wiring, local=local)
    return Answer(200, to_api(variable, deserialized=deserialized))


@_both(ROUTES.put, "/{name}", produces=())
def put(request: Request, wiring: Wiring, *, local: bool) -> Answer:
    """One variable set."""
    modification = variable_to_put(body_of(request), request.path["name"])
    return _modified(request, wiring, modification, Type.SET_VARIABLE, local=local)


@_both(ROUTES.delete, "/{name}", produces=())
def delete(request: Request, wiring: Wiring, *, local: bool) -> Answer:
    """One variable removed, which need not have been there."""
    removal = Modification({}, (request.path["name"],))
    return _modified(request, wiring, removal, Type.REMOVE_VARIABLE, local=local)


@_both(ROUTES.get, "/{name}/data", produces=())
def download(request: Request, wiring: Wiring, *, local: bool) -> Answer:
    """The bytes of one variable."""
    return content_answer(_variable(request, wiring, local=local), task_id(request))


@_both(ROUTES.post, "/{name}/data", produces=())
def upload(request: Request, wiring: Wiring, *, local: bool) -> Answer:
    """One variable set to the field `data` of a form.

    The field `valueType` says whether to bytes or to a file; `type` names the class of an
    object that is sent as JSON.
    """
    form = uploaded_form(request)
    if "data" not in form:
        raise InvalidRequest("data: is missing")
    if "type" in form:
        variable = uploaded_object(form["data"], form["type"].text())
    else:
        value_type = form["valueType"].text() if "valueType" in form else None
        variable = uploaded_variable(form["data"], value_type)
    setting = Modification({request.path["name"]: variable})
    return _modified(request, wiring, setting, Type.SET_VARIABLE, local=local)


def _variable(request: Request, wiring: Wiring, *, local: bool) -> Variable:
    variables = show_variables(wiring.store, task_id(request), request.caller.access, local=local)
    return named(variables, request.path["name"])


def _modified(
    request: Request, wiring: Wiring, modification: Modification, kind: Type, *, local: bool
) -> Answer:
    version = modify_variables(
        authored(request, wiring, kind, task_id(request), Detail(None)),
        task_id(request),
        request.caller.access,
        modification=modification,
        local=local,
        now=wiring.now(),
        expected_version=request.expected_version,
    )
    return Answer(204, headers=etag(version))


def content_answer(variable: Variable, task_id: TaskId) -> Answer:
    """The bytes, with what is known of a file; raises `InvalidRequest` for any other variable."""
    if variable["type"] not in ("Bytes", "File"):
        raise InvalidRequest(f"Value of variable with id {task_id} is not a binary value.")
    content = base64.b64decode(variable["value"] or "")
    # A browser must never show uploaded content as a page of this service.
    headers = {"X-Content-Type-Options": "nosniff"}
    info = variable.get("valueInfo", {})
    if variable["type"] == "File":
        headers["Content-Disposition"] = _attachment(str(info.get("filename", "")))
    return Answer(
        200, content, headers, media_type=_media_type(info.get("mimeType"), info.get("encoding"))
    )


def _media_type(mime_type: str | None, encoding: str | None) -> str:
    """The given type, without characters that a header cannot have."""
    if mime_type is None or not _MEDIA_TYPE.fullmatch(mime_type):
        return _ANY_CONTENT
    if encoding is None or not _CHARSET.fullmatch(encoding):
        return mime_type
    return f"{mime_type}; charset={encoding}"


def _attachment(file_name: str) -> str:
    """A download under that name: plainly for old clients, and in full (RFC 6266)."""
    plain = _NOT_IN_QUOTES.sub("_", file_name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"
