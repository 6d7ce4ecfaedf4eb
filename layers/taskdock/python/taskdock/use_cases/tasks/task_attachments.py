"""List, fetch, add and remove a task's attachments
(docs/camunda-behaviour.md, Attachments).

Before content is stored in the bucket, a note of the upload is written to the table
(docs/decisions/0011); the write that adds the attachment removes the note. If an upload fails in
between, its note expires after a day. Only `discard_attachments` removes content, when the table's
stream shows that the table no longer names it.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from taskdock.domain.errors import NotFound
from taskdock.domain.history.operation import Detail
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.changes import with_attachments
from taskdock.domain.tasks.comments import Attachment
from taskdock.domain.tasks.task import Task
from taskdock.use_cases.ports import Contents, Record, StoredTask, TaskStore
from taskdock.use_cases.tasks.change_task import must_have_version, visible_task
from taskdock.use_cases.tasks.idempotency import ReceiptOf, Repeatable, answered_once
from taskdock.use_cases.tasks.task_records import (
    Edit,
    RecordContext,
    change_records,
    read_records,
    root_of,
)

UPLOAD_TIME: Final = 24 * 60 * 60 * 1000
"""Milliseconds after which the note of an unfinished upload expires."""

_KIND: Final = "attachment"
_UPLOAD: Final = "upload"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A new attachment."""

    id: str
    """A new, unique name."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """The given ones of `name`, `description`, `type` and `url`."""
    content: bytes | None = None


def list_attachments(store: TaskStore, record_context: RecordContext) -> list[Attachment]:
    """The task's attachments in the order they were added; raises `TaskNotFound`."""
    attachments = [_attachment(record) for record in read_records(store, record_context, _KIND)]
    return sorted(attachments, key=lambda each: (each["createTime"], each["id"]))


def show_attachment(
    store: TaskStore, record_context: RecordContext, attachment_id: str
) -> Attachment:
    """The attachment of that id; raises `TaskNotFound`, and `NotFound` when there is none."""
    attachment = _found(store, record_context, attachment_id)
    if attachment is None:
        raise NotFound(
            f"Task attachment with id {attachment_id} does not exist"
            f" for task id '{record_context.task_id}'."
        )
    return attachment


def fetch_content(
    store: TaskStore, contents: Contents, record_context: RecordContext, attachment_id: str
) -> bytes:
    """The attachment's content.

    Raises `TaskNotFound`, and `NotFound` when there is no such attachment or it has only an
    address.
    """
    attachment = _found(store, record_context, attachment_id) or {}
    content: bytes | None = None
    if "contentId" in attachment:
        content = contents.get(attachment["contentId"])
    elif "content" in attachment:
        content = base64.b64decode(attachment["content"])
    if content is None:
        raise NotFound(
            f"Attachment content for attachment with id '{attachment_id}' does not exist for task"
            f" id '{record_context.task_id}'."
        )
    return content


def add_attachment(
    store: TaskStore, contents: Contents, record_context: RecordContext, document: Document
) -> Attachment:
    """The new attachment, or that of the first request under the same idempotency key. Content wins
    over an address. Raises `TaskNotFound`, `IdempotencyMismatch`, `TemporarilyUnavailable` and as
    `change_records`.
    """
    note = Record(record_context.task_id, _UPLOAD, document.id, {"contentId": document.id})
    notes = [] if document.content is None else [_gone(note)]

    def attempt(receipt: ReceiptOf) -> Mapping[str, Any]:
        if document.content is not None:
            _must_be_changeable(store, record_context)
            store.note(note, Instant(record_context.now + UPLOAD_TIME))
            contents.put(document.id, document.content)

        answer: dict[str, Any] = {}

        def change(stored: StoredTask) -> Edit:
            attachment = _new_attachment(document, record_context, stored.task)
            answer["attachment"] = attachment
            added = Record(record_context.task_id, _KIND, document.id, attachment)
            task = with_attachments(stored.task, 1, record_context.now)
            detail = Detail("name", None, document.texts.get("name"))
            return Edit(task, [added, *notes], detail)

        change_records(store, record_context, change, ended_too=True, receipt=receipt(answer))
        return answer

    request = Repeatable(
        record_context.caller.user,
        record_context.idempotency_key,
        record_context.now,
        _fingerprint(record_context, document),
    )
    answered: Attachment = answered_once(store, request, attempt)["attachment"]
    return answered


def remove_attachment(store: TaskStore, record_context: RecordContext, attachment_id: str) -> None:
    """Remove the attachment; its content is removed later.

    Raises `TaskNotFound`, `NotFound` when there is no such attachment, and as `change_records`.
    """

    def change(stored: StoredTask) -> Edit:
        for record in store.records(record_context.task_id, _KIND):
            if record.id == attachment_id:
                task = with_attachments(stored.task, -1, record_context.now)
                detail = Detail("name", None, _attachment(record).get("name"))
                return Edit(task, [_gone(record)], detail)
        raise NotFound(
            "Deletion is not possible. No attachment exists"
            f" for task id '{record_context.task_id}' and"
            f" attachment id '{attachment_id}'."
        )

    change_records(store, record_context, change, ended_too=True)


def _new_attachment(document: Document, record_context: RecordContext, task: Task) -> Attachment:
    given = {**document.texts, **root_of(task)}
    if document.content is not None:
        given.pop("url", None)
        given["contentId"] = document.id
    return cast(Attachment, {"id": document.id, **given, "createTime": record_context.now})


def _must_be_changeable(store: TaskStore, record_context: RecordContext) -> None:
    """Refuse a request before its content is uploaded."""
    stored = visible_task(
        store, record_context.task_id, record_context.caller.access, ended_too=True
    )
    must_have_version(stored, record_context.expected_version)


def _fingerprint(record_context: RecordContext, document: Document) -> tuple[object, ...]:
    content = document.content
    digest = None if content is None else hashlib.sha256(content).hexdigest()
    return _KIND, record_context.task_id, dict(document.texts), digest


def _found(
    store: TaskStore, record_context: RecordContext, attachment_id: str
) -> Attachment | None:
    for record in read_records(store, record_context, _KIND):
        if record.id == attachment_id:
            return _attachment(record)
    return None


def _gone(record: Record) -> Record:
    return Record(record.task_id, record.kind, record.id, None)


def _attachment(record: Record) -> Attachment:
    return cast(Attachment, record.content)
