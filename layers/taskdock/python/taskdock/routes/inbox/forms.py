"""The registered forms: Camunda Forms by key and version."""

from typing import Any, Final

from taskdock.api.requests.forms import form_in, version_in
from taskdock.domain.identifiers import identifier
from taskdock.domain.instants import write
from taskdock.runtime.answers import NO_CONTENT, Answer
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.forms.registry import (
    FormVersion,
    find_form,
    register_form,
    remove_form,
)

SHOWN: Final = Routes()
"""The routes that read."""

REGISTERED: Final = Routes()
"""The routes that change what is registered."""


@SHOWN.get("/v1/forms")
def list_forms(_: Request, wiring: Wiring) -> Answer:
    """All forms in their newest versions, by key, without their schemas."""
    shown = [_json(each, wiring) for each in wiring.forms.list()]
    links = {"self": {"href": f"{wiring.settings.base_path}/v1/forms"}}
    return Answer(200, {"embedded": {"forms": shown}, "links": links})


@SHOWN.get("/v1/forms/{key}")
def show_form(request: Request, wiring: Wiring) -> Answer:
    """One form with its schema, in the version that is asked for or in its newest."""
    form = find_form(wiring.forms, request.path["key"], version_in(request.parameters))
    return Answer(200, {**_json(form.about, wiring), "schema": form.schema})


@REGISTERED.put("/v1/forms/{key}")
def put_form(request: Request, wiring: Wiring) -> Answer:
    """The form as it is registered now: 201 when it is new, else 200."""
    key = identifier(request.path["key"], "key")
    schema = form_in(request.json())
    about, is_new = register_form(wiring.forms, key, schema, wiring.now())
    content = _json(about, wiring)
    headers = {"Location": content["href"]} if is_new else {}
    return Answer(201 if is_new else 200, content, headers)


@REGISTERED.delete("/v1/forms/{key}", produces=())
def delete_form(request: Request, wiring: Wiring) -> Answer:
    """Nothing, once every version of the form is gone."""
    remove_form(wiring.forms, request.path["key"])
    return NO_CONTENT


def _json(about: FormVersion, wiring: Wiring) -> dict[str, Any]:
    href = f"{wiring.settings.base_path}/v1/forms/{about.key}"
    return {
        "key": about.key,
        "version": about.version,
        "registered": write(about.registered),
        "href": href,
        "links": {"self": {"href": href}},
    }
