"""Documents that are attached to a task: listed, fetched, added and taken away (§9.5).

The table knows every content before and for as long as it lies apart (docs/decisions/0014): an
upload is noted first, and the note goes with the write that adds the attachment. Wherever this
breaks off, the note runs out after a day. Content is removed by whoever hears from the table's
stream that it is named no more, and by nobody else.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from taskdock.domain.comments import Attachment
from taskdock.domain.errors import NotFound
from taskdock.domain.instants import Instant
from taskdock.domain.task_changes import with_attachments
from taskdock.use_cases.change_task import must_have_version, visible_task
from taskdock.use_cases.idempotency import ReceiptOf, Repeatable, answered_once
from taskdock.use_cases.ports import Contents, Record, StoredTask, TaskStore
from taskdock.use_cases.task_records import Edit, Visit, change_records, read_records

UPLOAD_TIME: Final = 24 * 60 * 60 * 1000
"""Milliseconds after which an upload that led to no attachment is given up."""

_KIND: Final = "attachment"
_UPLOAD: Final = "upload"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What is to be attached."""

    id: str
    """A name that nothing was ever called before."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """`name`, `description`, `type` and `url`, as far as they are given."""
    content: bytes | None = None


def list_attachments(store: TaskStore, visit: Visit) -> list[Attachment]:
    """The task's attachments in the order they were added; raises `TaskNotFound`."""
    attachments = [_attachment(record) for record in read_records(store, visit, _KIND)]
    return sorted(attachments, key=lambda each: (each["createTime"], each["id"]))


def show_attachment(store: TaskStore, visit: Visit, attachment_id: str) -> Attachment:
    """The attachment of that id; raises `TaskNotFound`, and `NotFound` when there is none."""
    attachment = _found(store, visit, attachment_id)
    if attachment is None:
        raise NotFound(
            f"Task attachment with id {attachment_id} does not exist for task id '{visit.task_id}'."
        )
    return attachment


def fetch_content(store: TaskStore, contents: Contents, visit: Visit, attachment_id: str) -> bytes:
    """The attachment's content.

    Raises `TaskNotFound`, and `NotFound` when there is no such attachment or it is a mere address.
    """
    attachment = _found(store, visit, attachment_id) or {}
    content: bytes | None = None
    if "contentId" in attachment:
        content = contents.get(attachment["contentId"])
    elif "content" in attachment:
        content = base64.b64decode(attachment["content"])
    if content is None:
        raise NotFound(
            f"Attachment content for attachment with id '{attachment_id}' does not exist for task"
            f" id '{visit.task_id}'."
        )
    return content


def add_attachment(
    store: TaskStore, contents: Contents, visit: Visit, document: Document
) -> Attachment:
    """The attachment that the task has now, or the one of the first request (idempotency).

    Content wins over an address (§9.5). Raises `TaskNotFound`, `IdempotencyMismatch`,
    `TemporarilyUnavailable` and as `change_records`.
    """
    attachment = _new_attachment(document, visit)
    note = Record(visit.task_id, _UPLOAD, document.id, {"contentId": document.id})
    added = Record(visit.task_id, _KIND, document.id, attachment)
    has_content = document.content is not None
    records = [added, _gone(note)] if has_content else [added]

    def attempt(receipt: ReceiptOf) -> Mapping[str, Any]:
        if document.content is not None:
            _must_be_changeable(store, visit)
            store.note(note, Instant(visit.now + UPLOAD_TIME))
            contents.put(document.id, document.content)

        def change(stored: StoredTask) -> Edit:
            return Edit(with_attachments(stored.task, 1, visit.now), records)

        answer = {"attachment": attachment}
        change_records(store, visit, change, ended_too=True, receipt=receipt(answer))
        return answer

    request = Repeatable(
        visit.caller.user, visit.idempotency_key, visit.now, _fingerprint(visit, document)
    )
    answered: Attachment = answered_once(store, request, attempt)["attachment"]
    return answered


def remove_attachment(store: TaskStore, visit: Visit, attachment_id: str) -> None:
    """Take the attachment away; its content follows.

    Raises `TaskNotFound`, `NotFound` when there is no such attachment, and as `change_records`.
    """

    def change(stored: StoredTask) -> Edit:
        for record in store.records(visit.task_id, _KIND):
            if record.id == attachment_id:
                return Edit(with_attachments(stored.task, -1, visit.now), [_gone(record)])
        raise NotFound(
            f"Deletion is not possible. No attachment exists for task id '{visit.task_id}' and"
            f" attachment id '{attachment_id}'."
        )

    change_records(store, visit, change, ended_too=True)


def _new_attachment(document: Document, visit: Visit) -> Attachment:
    given = dict(document.texts)
    if document.content is not None:
        given.pop("url", None)
        given["contentId"] = document.id
    return cast(Attachment, {"id": document.id, **given, "createTime": visit.now})


def _must_be_changeable(store: TaskStore, visit: Visit) -> None:
    """Nothing is uploaded for a request that is refused anyway."""
    stored = visible_task(store, visit.task_id, visit.caller.tenants, ended_too=True)
    must_have_version(stored, visit.expected_version)


def _fingerprint(visit: Visit, document: Document) -> tuple[object, ...]:
    content = document.content
    digest = None if content is None else hashlib.sha256(content).hexdigest()
    return _KIND, visit.task_id, dict(document.texts), digest


def _found(store: TaskStore, visit: Visit, attachment_id: str) -> Attachment | None:
    for record in read_records(store, visit, _KIND):
        if record.id == attachment_id:
            return _attachment(record)
    return None


def _gone(record: Record) -> Record:
    return Record(record.task_id, record.kind, record.id, None)


def _attachment(record: Record) -> Attachment:
    return cast(Attachment, record.content)
