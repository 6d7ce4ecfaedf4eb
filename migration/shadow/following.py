"""Copies over what the engine makes of a change: next tasks, changed variables, tasks that end."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from typing import Any, Final
from urllib.parse import quote

from migration.copying import Copy
from migration.http_client import Refused, Unreachable
from migration.journal import CopiedFilter, Moved
from migration.old_server import instant, written
from migration.shadow.report import COPIED, ENDED, Report

INSTANCES: Final = ("processInstanceId", "caseInstanceId")
_PAGE: Final = 100
_REST: Final = 5.0
"""Seconds before a copy that failed is tried again."""
_UNKNOWN: Final = Moved("")
"""What the journal says of a task that a client made: the next copy brings it as it is."""


@dataclass(slots=True)
class Following:
    """Keeps taskdock with the engine. All but `lost` is called from one thread."""

    copy: Copy
    report: Report
    every: float
    """Seconds between two looks for tasks that nobody's request explains, such as a timer's."""
    clock: Callable[[], float] = time.monotonic
    _lost: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)
    _next_look: float = 0.0
    _next_try: float = 0.0
    _newest: str = ""

    def begin(self) -> None:
        """Remember which task of the old server is the newest; raises `Trouble`."""
        self._newest = self._newest_now()
        self._next_look = self.clock() + self.every

    def lost(self, task_id: str) -> None:
        """A write on this task was not done on taskdock; empty for a task of unknown id."""
        with self._lock:
            self._lost.add(task_id)

    def creating(self, task_id: str) -> None:
        """This task is about to be created on taskdock."""
        self.copy.journal.sending([task_id])

    def created(self, task_id: str) -> None:
        """A client has created this task on both sides."""
        self.copy.journal.moved({task_id: _UNKNOWN})

    def stored(self, old_id: str, new_id: str) -> None:
        """A client has stored this filter on both sides."""
        self.copy.journal.filter(old_id, CopiedFilter(new_id, ""))

    def ended(self, task_id: str) -> None:
        """A client may have ended this task on both sides. Raises `Trouble`."""
        if task_id not in self.copy.server.tasks([task_id]):
            self.copy.journal.removed([task_id])

    def instance_of(self, task_id: str) -> tuple[str, str] | None:
        """Which instance a task of taskdock belongs to. Raises `Trouble`."""
        try:
            task = self.copy.target.json_once("GET", f"/task/{quote(task_id, safe=':')}")
        except (Refused, Unreachable):
            return None
        return next(((name, task[name]) for name in INSTANCES if task.get(name)), None)

    def started(self, answer: Any) -> None:
        """The old server has done something that taskdock has not, such as a process's start.

        Raises `Trouble`.
        """
        if isinstance(answer, dict) and "definitionId" in answer and answer.get("id"):
            self.follow("processInstanceId", str(answer["id"]))
        self._next_look = self.clock()

    def follow(self, name: str, instance: str) -> None:
        """Have taskdock show the open tasks of an instance as the engine has them now.

        Raises `Trouble`.
        """
        body = {name: instance}
        here = self.copy.server.listed("POST", "/task", body=body)
        found = self.copy.target.json("POST", "/task", body=body)
        self._bring([task["id"] for task in here])
        self._remove([task["id"] for task in found if task["id"] not in {t["id"] for t in here}])

    def look(self) -> None:
        """Copy what was lost, and from time to time what is new. Raises `Trouble`."""
        now = self.clock()
        with self._lock:
            lost = sorted(self._lost)
        if now < self._next_try or not (lost or now >= self._next_look):
            return
        # Unless all goes well, the servers are left alone for a while.
        self._next_try = now + _REST
        named = [each for each in lost if each]
        if named:
            there = self.copy.server.tasks(named)
            self._bring([*there])
            self._remove([each for each in named if each not in there])
        if now >= self._next_look or len(named) < len(lost):
            self._look_for_new()
            self._next_look = now + self.every
        with self._lock:
            self._lost.difference_update(lost)
        self._next_try = 0.0

    def _look_for_new(self) -> None:
        server, known = self.copy.server, self.copy.journal.state.moved
        body: dict[str, Any] = {"sorting": [{"sortBy": "created", "sortOrder": "asc"}]}
        if self._newest:
            body["createdAfter"] = written(instant(self._newest) - timedelta(milliseconds=1))
        found = server.listed("POST", "/task", body=body)
        self._bring([task["id"] for task in found if task["id"] not in known])
        if found:
            self._newest = str(found[-1]["created"])

    def _newest_now(self) -> str:
        body = {"sorting": [{"sortBy": "created", "sortOrder": "desc"}]}
        found = self.copy.server.listed("POST", "/task", query={"maxResults": 1}, body=body)
        return str(found[0]["created"]) if found else ""

    def _bring(self, ids: Sequence[str]) -> None:
        for start in range(0, len(ids), _PAGE):
            self.report.wrote(COPIED, self.copy.bring(ids[start : start + _PAGE]))

    def _remove(self, ids: Sequence[str]) -> None:
        if ids:
            self.copy.remove(ids)
            self.report.wrote(ENDED, len(ids))
