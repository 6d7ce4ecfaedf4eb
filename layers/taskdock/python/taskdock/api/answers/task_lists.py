"""Long lists of tasks, written as JSON.

Most of the time of a long list that is not spent on decoding goes into writing it. msgspec reads
what is shown of a task and writes it in a third of the time that `json` takes
(docs/performance.md). What it does not read or would write in another way is left to `json`: an
answer is the same, byte for byte, however it is written.
"""

import json
import sys
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

from taskdock.api.answers.tasks import beyond_camunda, task_json
from taskdock.use_cases.documents import Document, decoded, version_of, whole_task

_BESIDE_A_VERSION: Final = frozenset(("service", "state"))
_MANY: Final = 200
"""From this many tasks on it pays to import msgspec."""


def tasks_text(documents: Sequence[Document]) -> str:
    """The JSON text of a list of `task_json`, as `json.dumps` writes it without blanks; documents
    that say a version are followed by it.

    It is written task by task: no list of dictionaries is held.
    """
    many = len(documents) >= _MANY or "msgspec" in sys.modules
    written = _writer() if many else _task_text
    texts = (_with_version(written(document), document) for document in documents)
    return f"[{','.join(texts)}]"


def _with_version(text: str, document: Document) -> str:
    """The text of a task, and behind it what belongs to the version if the document says one."""
    version = version_of(document)
    if version is None:
        return text
    [(_, task)] = decoded([document], _BESIDE_A_VERSION)
    return f"{text[:-1]},{_dumped(beyond_camunda(task, version))[1:]}"


def _task_text(document: Document) -> str:
    return _dumped(task_json(whole_task(document)))


def _dumped(shown: dict[str, Any]) -> str:
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


@cache
def _writer() -> Callable[[Document], str]:
    from msgspec import MsgspecError

    from taskdock.api.answers.shown_tasks import written

    def text(document: Document) -> str:
        try:
            return written(document)
        except (MsgspecError, ValueError):
            return _task_text(document)

    return text
