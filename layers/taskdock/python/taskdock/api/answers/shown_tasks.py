"""Reads what is shown of a task out of its document, and writes it, both by msgspec.

Import it where there are many tasks to write: it imports msgspec.
"""

import json
from typing import Any, Final

from msgspec import Raw, Struct
from msgspec.json import Decoder, Encoder

from taskdock.domain import instants
from taskdock.use_cases.documents import Document


class _Shown(Struct, kw_only=True):
    """What `task_json` shows, in its order; instants are numbers until they are written."""

    id: str
    name: str | None = None
    assignee: str | None = None
    created: int
    due: int | None = None
    followUp: int | None = None  # noqa: N815 - the names of the API
    lastUpdated: int | None = None  # noqa: N815
    delegationState: str | None = None  # noqa: N815
    description: str | None = None
    executionId: str | None = None  # noqa: N815
    owner: str | None = None
    parentTaskId: str | None = None  # noqa: N815
    priority: int
    processDefinitionId: str | None = None  # noqa: N815
    processInstanceId: str | None = None  # noqa: N815
    taskDefinitionKey: str | None = None  # noqa: N815
    caseExecutionId: str | None = None  # noqa: N815
    caseInstanceId: str | None = None  # noqa: N815
    caseDefinitionId: str | None = None  # noqa: N815
    suspended: bool = False
    formKey: str | None = None  # noqa: N815
    camundaFormRef: Any = None  # noqa: N815
    tenantId: str | None = None  # noqa: N815
    taskState: str | None = None  # noqa: N815


_read: Final = Decoder(_Shown).decode
_write: Final = Encoder().encode
_date: Final = instants.write


def written(document: Document) -> str:
    """The JSON text of the task's `task_json`, without blanks.

    Raises `MsgspecError` or `ValueError` where `json` has to do it.
    """
    shown: Any = _read(document)
    shown.created = _date(shown.created)
    if shown.due is not None:
        shown.due = _date(shown.due)
    if shown.followUp is not None:
        shown.followUp = _date(shown.followUp)
    if shown.lastUpdated is not None:
        shown.lastUpdated = _date(shown.lastUpdated)
    if shown.camundaFormRef is not None:
        form_ref = shown.camundaFormRef if shown.formKey is None else None
        # msgspec writes some numbers in another way than json does.
        text = json.dumps(form_ref, ensure_ascii=False, separators=(",", ":"))
        shown.camundaFormRef = Raw(text.encode())
    return _write(shown).decode()
