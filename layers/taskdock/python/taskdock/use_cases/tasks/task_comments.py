"""List, add, change and remove a task's comments
(docs/camunda-behaviour.md, Comments).

Comments of an ended task can be read and added, as in Camunda 7, but not changed or removed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, cast

from taskdock.domain.errors import InvalidRequest, NotAuthorized, NotFound
from taskdock.domain.history.operation import Detail
from taskdock.domain.tasks.changes import with_comments
from taskdock.domain.tasks.comments import Comment, comment_key, newest_first
from taskdock.use_cases.ports import Record, StoredTask, TaskStore
from taskdock.use_cases.tasks.idempotency import ReceiptOf, Repeatable, answered_once
from taskdock.use_cases.tasks.task_records import (
    Edit,
    RecordContext,
    change_records,
    read_records,
    root_of,
)

_KIND: Final = "comment"

_AT_ONCE: Final = 50
"""How many comments are deleted in one write; a store takes 100 items, the task's own included."""


def list_comments(store: TaskStore, record_context: RecordContext) -> list[Comment]:
    """The task's comments, the newest first; those of one millisecond as they were made.

    Raises `TaskNotFound`.
    """
    return newest_first(_comment(record) for record in read_records(store, record_context, _KIND))


def show_comment(store: TaskStore, record_context: RecordContext, comment_id: str) -> Comment:
    """The task's comment of that id; raises `TaskNotFound`, and `NotFound` when it has none."""
    for comment in list_comments(store, record_context):
        if comment["id"] == comment_id:
            return comment
    raise NotFound(
        f"Task comment with id {comment_id} does not exist for task id '{record_context.task_id}'."
    )


def add_comment(
    store: TaskStore,
    record_context: RecordContext,
    comment_id: str,
    message: str,
    *,
    process_instance_id: str | None = None,
) -> Comment:
    """The caller's new comment, or that of the first request under the same idempotency key.

    Raises `TaskNotFound`, `IdempotencyMismatch` and as `change_records`.
    """
    given: Comment = {
        "id": comment_id,
        "userId": record_context.caller.user,
        "time": record_context.now,
        "message": message,
    }
    if process_instance_id is not None:
        given["processInstanceId"] = process_instance_id

    def attempt(receipt: ReceiptOf) -> Mapping[str, Any]:
        answer: dict[str, Any] = {}

        def change(stored: StoredTask) -> Edit:
            comment = cast(Comment, {**given, **root_of(stored.task)})
            answer["comment"] = comment
            return Edit(
                with_comments(stored.task, 1, record_context.now),
                [_said(comment, stored, record_context)],
            )

        change_records(store, record_context, change, ended_too=True, receipt=receipt(answer))
        return answer

    content = (_KIND, record_context.task_id, message, process_instance_id)
    request = Repeatable(
        record_context.caller.user, record_context.idempotency_key, record_context.now, content
    )
    added: Comment = answered_once(store, request, attempt)["comment"]
    return added


def replace_comment(
    store: TaskStore, record_context: RecordContext, comment_id: str, message: str
) -> None:
    """Replace the comment's message, its time and its author.

    Raises `TaskNotFound`, for an ended task too; `InvalidRequest` for an unknown comment;
    `NotAuthorized` for another's; and as `change_records`.
    """

    def change(stored: StoredTask) -> Edit:
        for record in _records(store, record_context, comment_id):
            _must_be_theirs([record], record_context)
            said: Comment = {
                **_comment(record),
                "userId": record_context.caller.user,
                "time": record_context.now,
                "message": message,
            }
            task = with_comments(stored.task, 0, record_context.now)
            detail = Detail("comment", _comment(record)["message"], message)
            return Edit(task, [_gone(record), _said(said, stored, record_context)], detail)
        raise InvalidRequest(
            f"No comment exists with commentId: {comment_id} and taskId: {record_context.task_id}:"
            " comment is null"
        )

    change_records(store, record_context, change)


def remove_comment(store: TaskStore, record_context: RecordContext, comment_id: str) -> None:
    """Remove the comment; an unknown one is no error.

    Raises `TaskNotFound`, for an ended task too, `NotAuthorized` for another's comment, and as
    `change_records`.
    """
    change_records(
        store,
        record_context,
        lambda stored: _without(
            _records(store, record_context, comment_id), stored, record_context
        ),
    )


def remove_all_comments(store: TaskStore, record_context: RecordContext) -> None:
    """Remove all comments, in transactions of dozens; see `remove_comment`. After a failure in
    between the same request removes the rest.
    """
    left = 0

    def change(stored: StoredTask) -> Edit | None:
        nonlocal left
        records = store.records(record_context.task_id, _KIND)
        left = len(records[_AT_ONCE:])
        _must_be_theirs(records, record_context)
        return _without(records[:_AT_ONCE], stored, record_context)

    change_records(store, record_context, change)
    while left:
        change_records(store, replace(record_context, expected_version=None), change)


def _without(
    records: Sequence[Record], stored: StoredTask, record_context: RecordContext
) -> Edit | None:
    if not records:
        return None
    _must_be_theirs(records, record_context)
    task = with_comments(stored.task, -len(records), record_context.now)
    return Edit(task, [_gone(record) for record in records], Detail("comment"))


def _must_be_theirs(records: Sequence[Record], record_context: RecordContext) -> None:
    """Raises `NotAuthorized` unless the caller said all of these or supervises the task."""
    caller = record_context.caller
    if not caller.supervises and any(_comment(each)["userId"] != caller.user for each in records):
        raise NotAuthorized("A comment is changed and removed by its author or by a supervisor.")


def _records(store: TaskStore, record_context: RecordContext, comment_id: str) -> list[Record]:
    """The record of that comment, if there is one."""
    records = store.records(record_context.task_id, _KIND)
    return [each for each in records if _comment(each)["id"] == comment_id]


def _said(comment: Comment, before: StoredTask, record_context: RecordContext) -> Record:
    # Versions only grow, so they give the order of comments of the same millisecond.
    return Record(record_context.task_id, _KIND, comment_key(comment, before.version), comment)


def _gone(record: Record) -> Record:
    return Record(record.task_id, _KIND, record.id, None)


def _comment(record: Record) -> Comment:
    return cast(Comment, record.content)
