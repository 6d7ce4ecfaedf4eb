"""Reads and checks the entries of an import, and makes documents of them.

An entry shows a task as `GET /task/{id}` does, and beside it its links, its variables, its
process or case instance, its comments and its attachments (docs/api.md, Importing). Unknown
properties are ignored (docs/api.md, D20).
"""

from collections.abc import Iterator
from typing import Any, Final, cast
from uuid import NAMESPACE_OID, uuid5

from taskdock.api.requests.fields import Fields
from taskdock.api.requests.property_values import delegation_state
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.tasks.comments import Attachment, Comment
from taskdock.domain.tasks.task import (
    FormRef,
    IdentityLink,
    State,
    Task,
    TaskId,
    Variables,
    changed,
)
from taskdock.domain.variables.values import from_api
from taskdock.domain.web_addresses import must_be_harmless
from taskdock.use_cases.tasks.import_tasks import ImportEntry

TASK_STATES: Final = ("Created", "Updated")
"""The values of `taskState` that an imported task may have
(docs/camunda-behaviour.md, Task state)."""

_TEXTS: Final = (
    "name",
    "description",
    "executionId",
    "caseExecutionId",
    "formKey",
)
_NAMES: Final = ("assignee", "owner", "taskDefinitionKey", "tenantId")
_INSTANTS: Final = ("lastUpdated", "due", "followUp")
_ATTACHMENT_TEXTS: Final = ("name", "description", "type", "url", "rootProcessInstanceId")
_COMMENT_NAMES: Final = ("userId", "processInstanceId", "rootProcessInstanceId")
_FORM_BINDINGS: Final = ("latest", "deployment", "version")


def read_import(body: object) -> tuple[ImportEntry, ...]:
    """The entries of the body of `POST /v1/import`, all of them checked.

    Raises `InvalidRequest` for the first error, naming index and field (`tasks[3].task.created:
    …`). An id that is in the body twice is an error too.
    """
    entries: dict[TaskId, ImportEntry] = {}
    tasks = Fields(body, "")
    if tasks.value("tasks") is None:
        raise tasks.wrong("tasks", "is missing: expected a list of entries")
    for fields in tasks.listed("tasks"):
        entry = _entry(fields)
        task_id = entry.task["id"]
        if task_id in entries:
            first = list(entries).index(task_id)
            raise InvalidRequest(f"{fields.place('task.id')}: {task_id} is that of tasks[{first}]")
        entries[task_id] = entry
    return tuple(entries.values())


def _entry(fields: Fields) -> ImportEntry:
    shown = fields.nested("task")
    if shown is None:
        raise fields.wrong("task", "is missing")
    task = _task(shown)
    comments = _comments(fields, task)
    attachments = _attachments(fields, task)
    task = changed(
        task,
        **_process(fields, shown),
        **_case(fields, shown),
        links=list(_links(fields)) or None,
        variables=_variables(fields),
        comments=len(comments) or int(fields.flag("hasComment")) or None,
        attachments=len(attachments) or int(fields.flag("hasAttachment")) or None,
    )
    return ImportEntry(task, tuple(comments), tuple(attachments))


def _task(shown: Fields) -> Task:
    task_id, created = shown.identifier("id"), shown.instant("created")
    if task_id is None:
        raise shown.wrong("id", "is missing")
    if created is None:
        raise shown.wrong("created", "is missing")
    task: Task = {
        "id": TaskId(task_id),
        "created": created,
        "priority": shown.integer("priority") or 0,
        "state": State.CREATED.value,
    }
    return changed(
        task,
        **{name: shown.text(name) for name in _TEXTS},
        **{name: shown.name(name) for name in _NAMES},
        **{name: shown.instant(name) for name in _INSTANTS},
        parentTaskId=_parent(shown, task_id),
        delegationState=delegation_state(
            shown.text("delegationState"), shown.place("delegationState")
        ),
        suspended=shown.flag("suspended") or None,
        camundaFormRef=_form(shown),
        taskState=_one_of(shown, "taskState", TASK_STATES),
    )


def _process(fields: Fields, shown: Fields) -> dict[str, Any]:
    process = fields.nested("processInstance") or Fields({}, fields.place("processInstance"))
    return {
        "processInstanceId": _agreed(shown, "processInstanceId", process, "id"),
        "processDefinitionId": _agreed(shown, "processDefinitionId", process, "definitionId"),
        "processInstanceBusinessKey": process.text("businessKey"),
        "processDefinitionKey": process.text("definitionKey"),
        "processDefinitionName": process.text("definitionName"),
        "activityInstanceId": process.text("activityInstanceId"),
        "processVariables": _variables(process),
    }


def _case(fields: Fields, shown: Fields) -> dict[str, Any]:
    case = fields.nested("caseInstance") or Fields({}, fields.place("caseInstance"))
    return {
        "caseInstanceId": _agreed(shown, "caseInstanceId", case, "id"),
        "caseDefinitionId": _agreed(shown, "caseDefinitionId", case, "definitionId"),
        "caseInstanceBusinessKey": case.text("businessKey"),
        "caseDefinitionKey": case.text("definitionKey"),
        "caseDefinitionName": case.text("definitionName"),
        "caseInstanceVariables": _variables(case),
    }


def _agreed(shown: Fields, name: str, context: Fields, context_name: str) -> str | None:
    """An id that may be given with the task, with its context, or with both when they are equal."""
    at_task, at_context = shown.text(name), context.text(context_name)
    if None not in (at_task, at_context) and at_task != at_context:
        raise context.wrong(context_name, f"is not the task's {name}")
    return at_task if at_context is None else at_context


def _parent(shown: Fields, task_id: str) -> str | None:
    parent = shown.identifier("parentTaskId")
    if parent == task_id:
        raise shown.wrong("parentTaskId", "is the task itself")
    return parent


def _form(shown: Fields) -> FormRef | None:
    form = shown.nested("camundaFormRef")
    if form is None:
        return None
    return {
        "key": form.needed_text("key"),
        "binding": _one_of(form, "binding", _FORM_BINDINGS) or _FORM_BINDINGS[0],
        "version": form.integer("version"),
    }


def _one_of(fields: Fields, name: str, values: tuple[str, ...]) -> str | None:
    text = fields.text(name)
    if text is not None and text not in values:
        raise fields.wrong(name, f"expected one of {', '.join(values)}")
    return text


def _links(fields: Fields) -> Iterator[IdentityLink]:
    for link in fields.listed("identityLinks"):
        kind, user, group = link.name("type"), link.name("userId"), link.name("groupId")
        if (user is None) == (group is None):
            raise InvalidRequest(f"{link.where}: expected either userId or groupId")
        if kind in ("assignee", "owner"):
            raise link.wrong("type", f"the {kind} is a field of the task, not a link")
        yield {"type": kind, "userId": user, "groupId": group}


def _variables(fields: Fields) -> Variables | None:
    entries = fields.entries("variables")
    return {name: from_api(entry, place) for name, entry, place in entries} or None


def _comments(fields: Fields, task: Task) -> list[Comment]:
    ids: set[str] = set()
    comments: list[Comment] = []
    for said in fields.listed("comments"):
        comment: Comment = {
            "id": _own_id(said, task, ids),
            "time": said.instant("time") or task["created"],
            "message": said.needed_text("message"),
        }
        given = {name: said.text(name) for name in _COMMENT_NAMES}
        known = {name: value for name, value in given.items() if value is not None}
        comments.append(cast(Comment, {**comment, **known}))
    return comments


def _attachments(fields: Fields, task: Task) -> list[Attachment]:
    ids: set[str] = set()
    attachments: list[Attachment] = []
    for document in fields.listed("attachments"):
        attachment: dict[str, Any] = {
            "id": _own_id(document, task, ids),
            "createTime": document.instant("createTime") or task["created"],
            **{name: document.text(name) for name in _ATTACHMENT_TEXTS},
        }
        must_be_harmless(attachment["url"], document.place("url"))
        if document.value("content") is not None:
            content = {"type": "Bytes", "value": document.value("content")}
            attachment["content"] = from_api(content, document.place("content"))["value"]
        given = {name: value for name, value in attachment.items() if value is not None}
        attachments.append(cast(Attachment, given))
    return attachments


def _own_id(fields: Fields, task: Task, taken: set[str]) -> str:
    """The given id, or one derived from the place, so that a repeated import makes the same."""
    given = fields.identifier("id")
    own_id = given or str(uuid5(NAMESPACE_OID, f"{task['id']} {fields.where.rpartition('.')[2]}"))
    if own_id in taken:
        raise fields.wrong("id", f"{own_id} is there twice")
    taken.add(own_id)
    return own_id
