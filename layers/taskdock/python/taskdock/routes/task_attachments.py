"""Lists, shows, fetches, adds and takes away the attachments of a task."""

from collections.abc import Mapping
from typing import Final
from uuid import uuid4

from taskdock.api.answers.records import attachment_json, self_link
from taskdock.api.requests.uploads import Upload
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.history.operation import Type
from taskdock.domain.web_addresses import must_be_harmless
from taskdock.runtime.answers import NO_CONTENT, Answer
from taskdock.runtime.changes.authorship import authored
from taskdock.runtime.record_contexts import record_context
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.uploads import uploaded_form
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.tasks.task_attachments import (
    Document,
    add_attachment,
    fetch_content,
    list_attachments,
    remove_attachment,
    show_attachment,
)

BODY_LIMIT: Final = 4_500_000
"""Bytes of a form, content and all. In base64 they are 6,000,000 of the 6,291,556 that Lambda
takes in and gives out at once; the rest is room for whatever else is said."""

BYTES: Final = "application/octet-stream"

_TEXTS: Final = {
    "attachment-name": "name",
    "attachment-description": "description",
    "attachment-type": "type",
    "url": "url",
}

ROUTES: Final = Routes()


@ROUTES.get("/task/{id}/attachment")
def list_all(request: Request, wiring: Wiring) -> Answer:
    """The task's attachments in the order they were added."""
    here = record_context(request, wiring)
    attachments = list_attachments(wiring.store, here)
    return Answer(200, [attachment_json(each, here.task_id) for each in attachments])


@ROUTES.get("/task/{id}/attachment/{aid}")
def show_one(request: Request, wiring: Wiring) -> Answer:
    """One attachment, without its content."""
    here = record_context(request, wiring)
    attachment = show_attachment(wiring.store, here, request.path["aid"])
    return Answer(200, attachment_json(attachment, here.task_id))


@ROUTES.get("/task/{id}/attachment/{aid}/data", produces=())
def fetch(request: Request, wiring: Wiring) -> Answer:
    """The content of one attachment, as bytes that no browser is to make anything of.

    Whatever the caller accepts: generated clients say JSON here too, and look for a file name.
    """
    attachment_id = request.path["aid"]
    content = fetch_content(
        wiring.store, wiring.contents, record_context(request, wiring), attachment_id
    )
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'attachment; filename="{attachment_id}"',
    }
    return Answer(200, content, headers, media_type=BYTES)


@ROUTES.post("/task/{id}/attachment/create", body_limit=BODY_LIMIT)
def add(request: Request, wiring: Wiring) -> Answer:
    """The attachment as it was added, with its address."""
    here = record_context(request, wiring)
    document = _document(uploaded_form(request))
    attachment = add_attachment(
        authored(request, wiring, Type.ADD_ATTACHMENT, request.path["id"]),
        wiring.contents,
        here,
        document,
    )
    links = self_link(request.base_url, here.task_id, "attachment", attachment["id"])
    facts = {"attachmentId": attachment["id"]}
    return Answer(200, attachment_json(attachment, here.task_id, links), facts=facts)


@ROUTES.delete("/task/{id}/attachment/{aid}", produces=())
def remove(request: Request, wiring: Wiring) -> Answer:
    """Nothing, once the attachment is gone."""
    remove_attachment(
        authored(request, wiring, Type.DELETE_ATTACHMENT, request.path["id"]),
        record_context(request, wiring),
        request.path["aid"],
    )
    return NO_CONTENT


def _document(form: Mapping[str, Upload]) -> Document:
    content = form["content"].content if "content" in form else None
    if content is None and "url" not in form:
        raise InvalidRequest(
            "No content or url to remote content exists to create the task attachment."
        )
    texts = {key: form[name].text() for name, key in _TEXTS.items() if name in form}
    must_be_harmless(texts.get("url"), "url")
    return Document(id=str(uuid4()), texts=texts, content=content)
