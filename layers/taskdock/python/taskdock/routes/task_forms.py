"""The form of a task, and the variables that it shows."""

from typing import Final

from taskdock.api.answers.tasks import variables_json
from taskdock.domain.tasks.forms import refuse_deployed_form, refuse_rendered_form, shown_form
from taskdock.runtime.answers import Answer
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.task_answers import task_id
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.tasks.read_task import read_open_task
from taskdock.use_cases.tasks.task_variables import show_variables

ROUTES: Final = Routes()


@ROUTES.get("/task/{id}/form")
def show(request: Request, wiring: Wiring) -> Answer:
    """The key of the form, or a reference to it."""
    stored = read_open_task(wiring.store, request.path["id"], request.caller)
    return Answer(200, shown_form(stored.task))


@ROUTES.get("/task/{id}/form-variables")
def list_variables(request: Request, wiring: Wiring) -> Answer:
    """The variables that the task sees, or those of them that are asked for."""
    variables = show_variables(wiring.store, task_id(request), request.caller.access, local=False)
    names = request.parameters.get("variableNames")
    if names:
        asked_for = names.split(",")
        variables = {name: variables[name] for name in asked_for if name in variables}
    return Answer(200, variables_json(variables, deserialized=request.deserialized))


@ROUTES.get("/task/{id}/rendered-form", produces=())
def render(request: Request, wiring: Wiring) -> Answer:
    """Always refuses: no form is rendered here."""
    refuse_rendered_form(read_open_task(wiring.store, request.path["id"], request.caller).task)


@ROUTES.get("/task/{id}/deployed-form")
def show_deployed(request: Request, wiring: Wiring) -> Answer:
    """The registered form that the task names; refuses where there is none."""
    task = read_open_task(wiring.store, request.path["id"], request.caller).task
    form = wiring.known_forms.of_task(task, wiring.now())
    if form is None:
        refuse_deployed_form(task)
    return Answer(200, form.schema)
