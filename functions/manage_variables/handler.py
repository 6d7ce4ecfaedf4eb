"""Shows, sets and removes variables: those that a task sees, and those of its own."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext
from taskdock.api.answers.tasks import variables_json
from taskdock.api.requests.variables import (
    modification_in,
    uploaded_object,
    uploaded_variable,
    variable_to_put,
)
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.tasks.task import Variable
from taskdock.domain.variables.scopes import Modification
from taskdock.domain.variables.values import to_api
from taskdock.runtime.answers import Answer, etag
from taskdock.runtime.http_app import HttpApp
from taskdock.runtime.requests import Request
from taskdock.runtime.task_answers import body_of, task_id
from taskdock.runtime.uploads import uploaded_form
from taskdock.runtime.variable_contents import content_answer
from taskdock.runtime.wiring import Wiring, deployed
from taskdock.use_cases.task_variables import modify_variables, named, show_variables


def create_app(wiring: Callable[[], Wiring] = deployed) -> HttpApp:
    """The routes of this function."""
    app = HttpApp(wiring)
    for collection, local in (("variables", False), ("localVariables", True)):
        path = f"/task/{{id}}/{collection}"
        app.add("GET", path, partial(list_variables, local=local))
        app.add("POST", path, partial(modify, local=local), produces=())
        app.add("GET", f"{path}/{{name}}", partial(show, local=local))
        app.add("PUT", f"{path}/{{name}}", partial(put, local=local), produces=())
        app.add("DELETE", f"{path}/{{name}}", partial(delete, local=local), produces=())
        app.add("GET", f"{path}/{{name}}/data", partial(download, local=local), produces=())
        app.add("POST", f"{path}/{{name}}/data", partial(upload, local=local), produces=())
    return app


def list_variables(request: Request, wiring: Wiring, *, local: bool) -> Answer:
    """All variables by name."""
    variables = show_variables(wiring.store, task_id(request), request.caller.tenants, local=local)
    return Answer(200, variables_json(variables))


def modify(request: Request, wiring: Wiring, *, local: bool) -> Answer:
    """Some variables set and others removed, all together."""
    return _modified(request, wiring, modification_in(body_of(request)), local=local)


def show(request: Request, wiring: Wiring, *, local: bool) -> Answer:
    """One variable; the content of a file is left out."""
    return Answer(200, to_api(_variable(request, wiring, local=local)))


def put(request: Request, wiring: Wiring, *, local: bool) -> Answer:
    """One variable set."""
    modification = variable_to_put(body_of(request), request.path["name"])
    return _modified(request, wiring, modification, local=local)


def delete(request: Request, wiring: Wiring, *, local: bool) -> Answer:
    """One variable removed, which need not have been there."""
    removal = Modification({}, (request.path["name"],))
    return _modified(request, wiring, removal, local=local)


def download(request: Request, wiring: Wiring, *, local: bool) -> Answer:
    """The bytes of one variable."""
    return content_answer(_variable(request, wiring, local=local), task_id(request))


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
    return _modified(request, wiring, setting, local=local)


def _variable(request: Request, wiring: Wiring, *, local: bool) -> Variable:
    variables = show_variables(wiring.store, task_id(request), request.caller.tenants, local=local)
    return named(variables, request.path["name"])


def _modified(
    request: Request, wiring: Wiring, modification: Modification, *, local: bool
) -> Answer:
    version = modify_variables(
        wiring.store,
        task_id(request),
        request.caller.tenants,
        modification=modification,
        local=local,
        now=wiring.now(),
        expected_version=request.expected_version,
    )
    return Answer(204, headers=etag(version))


_APP: Final = create_app()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """One request through API Gateway."""
    return _APP(event, context)
