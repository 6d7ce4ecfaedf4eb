"""The forms that open tasks name, as far as the old server has them."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from migration.http_client import Refused, TooLarge
from migration.old_server import OldServer, Shown
from migration.report_files import write_whole

_LIMIT: Final = 4_400_000


@dataclass(slots=True)
class Forms:
    """Each form that was met, by its key or reference, with a task that has it."""

    tasks: dict[str, str] = field(default_factory=dict)

    def meet(self, tasks: Iterable[Shown]) -> None:
        """Remember what these tasks name."""
        for task in tasks:
            name = _name(task)
            if name:
                self.tasks.setdefault(name, task["id"])

    def write(self, server: OldServer, folder: Path) -> list[dict[str, str]]:
        """Save what the old server has into `forms`, beside an index; the index.

        Of a form that it has not, `why` says what it answered: the form is a page of a program,
        and stays where that is. Raises `Trouble`.
        """
        index = [_saved(server, folder / "forms", *each) for each in sorted(self.tasks.items())]
        if index:
            write_whole(folder / "forms.json", json.dumps(index, indent=1) + "\n")
        return index


def _saved(server: OldServer, folder: Path, name: str, task_id: str) -> dict[str, str]:
    path = f"/task/{quote(task_id, safe='')}/deployed-form"
    try:
        content = server.connection.content_once(path, _LIMIT)
    except (Refused, TooLarge) as problem:
        if isinstance(problem, Refused) and problem.status in (401, 503):
            raise
        return {"form": name, "why": str(problem)}
    stem = re.sub(r"[^\w.-]+", "_", name)[-80:]
    file = f"{hashlib.sha256(name.encode()).hexdigest()[:8]}-{stem}"
    write_whole(folder / file, content.decode(errors="replace"))
    return {"form": name, "file": f"forms/{file}"}


def _name(task: Shown) -> str:
    reference: Mapping[str, Any] | None = task.get("camundaFormRef")
    if reference:
        parts = [str(reference[each]) for each in ("key", "version") if reference.get(each)]
        return " ".join([*parts, str(reference.get("binding"))])
    return str(task.get("formKey") or "")
