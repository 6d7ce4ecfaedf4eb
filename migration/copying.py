"""Copies the open tasks of an old server, and goes on where an earlier run stopped."""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from migration.entries import LargeFile, Prepared, prepared
from migration.filters import FilterCounts, copy_filters
from migration.forms import Forms
from migration.gathering import gathered
from migration.http_client import WAITS, Connection, Refused, Trouble, may_pass
from migration.journal import UPDATED, Journal, Left, Moved
from migration.old_server import OldServer, Shown

PIECE: Final = 256 * 1024
"""Bytes of entries in one request."""

READERS: Final = 8

_NEVER: Final = frozenset({400, 409, 413, 422})


@dataclass(slots=True)
class Counts:
    """What one run has done with the tasks that it saw."""

    seen: int = 0
    moved: int = 0
    same: int = 0
    refused: int = 0
    ended: int = 0
    later: int = 0
    """Tasks that are on the old server and were not seen: they came while it was read."""
    filters: FilterCounts = field(default_factory=FilterCounts)


@dataclass(slots=True)
class Copy:
    """One run; `progress` hears the counts and the number of tasks to expect after each page."""

    server: OldServer
    target: Connection
    journal: Journal
    wait: Callable[[float], None]
    progress: Callable[[Counts, int], None] = lambda _counts, _total: None
    remove_ended: bool = False
    only_new: bool = False
    """Bring only tasks that were never moved, after the switch too: those are taskdock's now."""
    forms: Forms = field(default_factory=Forms)
    """Those that the tasks of the last run name."""

    def __call__(self) -> Counts:
        """Copy what is new or has changed. Raises `Trouble` with the journal ready to go on."""
        self.server.check()
        addresses = (self.server.connection.base_url, self.target.base_url)
        self.journal.bind(*addresses, undoes_nothing=self.only_new)
        counts, seen = Counts(), set[str]()
        total = self.server.count("/task/count")
        activities = self.server.activity_instances()
        with ThreadPoolExecutor(READERS) as workers:
            for page in self.server.pages():
                wanted = self._wanted(page)
                facts = gathered(self.server, wanted, workers, activities)
                seen.update(task["id"] for task in page if task not in wanted)
                seen.update(each.task["id"] for each in facts)
                self.forms.meet(page)
                counts.seen = len(seen)
                ready = list(workers.map(lambda each: prepared(each, self.server), facts))
                self._send_changed(ready, counts)
                self.progress(counts, total)
        counts.later = max(0, self.server.count("/task/count") - len(seen))
        if self.only_new:
            return counts
        self._end_missing(seen, counts)
        counts.filters = copy_filters(self.server, self.target, self.journal)
        return counts

    def _wanted(self, page: Sequence[Shown]) -> Sequence[Shown]:
        if not self.only_new:
            return page
        return [task for task in page if task["id"] not in self.journal.state.moved]

    def bring(self, ids: Sequence[str]) -> int:
        """Copy those of the tasks that are open, as they are now; how many were sent.

        Raises `Trouble` with the journal ready to go on.
        """
        counts = Counts()
        tasks = [*self.server.tasks(ids).values()]
        with ThreadPoolExecutor(READERS) as workers:
            instances = workers.map(self.server.activity_instance, [task["id"] for task in tasks])
            activities = {
                task["id"]: each for task, each in zip(tasks, instances, strict=True) if each
            }
            facts = gathered(self.server, tasks, workers, activities)
            ready = list(workers.map(lambda each: prepared(each, self.server), facts))
        self._send_changed(ready, counts)
        return counts.moved

    def _send_changed(self, ready: Sequence[Prepared], counts: Counts) -> None:
        known = self.journal.state.moved
        begun = self.journal.state.begun
        wanted = []
        for each in ready:
            if each.id in known and known[each.id].digest == each.digest and each.id not in begun:
                counts.same += 1
            else:
                wanted.append(each)
        for piece in _pieces(wanted):
            self._send(piece, counts)

    def _send(self, piece: Sequence[Prepared], counts: Counts) -> None:
        """Send new tasks so that no other's task is overwritten, known ones so that they change."""
        state = self.journal.state
        ours = [each for each in piece if each.id in state.moved or each.id in state.begun]
        known = {each.id for each in ours}
        new = [each for each in piece if each.id not in known]
        for tasks, on_existing in ((new, "fail"), (ours, "replace")):
            if tasks:
                self._import(tasks, on_existing, counts)

    def _import(self, tasks: Sequence[Prepared], on_existing: str, counts: Counts) -> None:
        if on_existing == "fail":
            tasks = self._without_strangers(tasks, counts)
        if not tasks:
            return
        sending = self.journal.sending([each.id for each in tasks])
        try:
            # What is written again by a second try was written by the first.
            self._patiently(tasks, on_existing)
        except Refused as refused:
            if refused.status not in _NEVER:
                raise
            if len(tasks) > 1:
                for each in tasks:
                    self._import_one(each, on_existing, counts)
                return
            self._refuse(tasks[0], str(refused), counts)
            return
        self.journal.moved({each.id: self._settled(each, sending) for each in tasks})
        counts.moved += len(tasks)

    def _import_one(self, task: Prepared, on_existing: str, counts: Counts) -> None:
        sending = self.journal.sending([task.id])
        try:
            self._patiently([task], on_existing)
        except Refused as refused:
            if refused.status not in _NEVER:
                raise
            self._refuse(task, str(refused), counts)
            return
        self.journal.moved({task.id: self._settled(task, sending)})
        counts.moved += 1

    def _patiently(self, tasks: Sequence[Prepared], on_existing: str) -> None:
        body = {"tasks": [each.entry for each in tasks]}
        for seconds in (*WAITS, None):
            try:
                query = {"onExisting": on_existing}
                answer = self.target.json_once("POST", "/v1/import", query=query, body=body)
                self._must_have_taken(answer, len(tasks))
                return
            except Trouble as problem:
                if seconds is None or not may_pass(problem):
                    raise
                self.wait(seconds)
                on_existing = "replace"

    def _must_have_taken(self, answer: Any, count: int) -> None:
        """Raises `Trouble` when the target does not say that it has taken them all."""
        if answer != {"imported": count, "skipped": 0}:
            place = f"{self.target.base_url}/v1/import"
            said = json.dumps(answer)[:100]
            raise Trouble(f"{place}: expected that {count} tasks are imported, got {said}")

    def _without_strangers(self, tasks: Sequence[Prepared], counts: Counts) -> list[Prepared]:
        """Those of the tasks whose ids are free on the target; the others are refused."""
        body = {"taskIdIn": [each.id for each in tasks]}
        query = {"maxResults": len(tasks)}
        found = OldServer(self.target).listed("POST", "/task", query=query, body=body)
        taken = {each["id"] for each in found}
        for each in tasks:
            if each.id in taken:
                self._refuse(each, "a task with this id is on the target already", counts)
        return [each for each in tasks if each.id not in taken]

    def _refuse(self, task: Prepared, why: str, counts: Counts) -> None:
        address = f"{self.server.connection.base_url}/task/{task.id}"
        self.journal.refused(task.id, Left(f"task {task.id}", address, why))
        counts.refused += 1

    def _settled(self, task: Prepared, sending: int) -> Moved:
        """The task as moved, its large files uploaded."""
        renamed: dict[str, str] = {}
        left = list(task.left)
        for file in task.files:
            try:
                renamed[file.id] = self._upload(task.id, file, sending)
            except Refused as refused:
                if refused.status not in _NEVER:
                    raise
                path = f"/task/{task.id}/attachment/{file.id}"
                address = f"{self.server.connection.base_url}{path}"
                left.append(Left(f"attachment {file.id}", address, str(refused)))
        if renamed:
            address = f"{self.server.connection.base_url}/task/{task.id}"
            left.append(Left(UPDATED, address, "attachments over 280 KB are added after the task"))
        return Moved(task.digest, tuple(left), renamed)

    def _upload(self, task_id: str, file: LargeFile, sending: int) -> str:
        kind, form = _form(file)
        # The number makes a repeated request one upload, and a later copy another.
        key = hashlib.sha256(f"{self.journal.path} {sending} {file.id}".encode()).hexdigest()
        headers = {"Content-Type": kind, "Idempotency-Key": key}
        path = f"/task/{quote(task_id, safe='')}/attachment/create"
        for seconds in (*WAITS, None):
            try:
                answer = self.target.ask("POST", path, body=form, headers=headers)
                break
            except Trouble as problem:
                if seconds is None or not may_pass(problem):
                    raise
                self.wait(seconds)
        return _created_id(answer.body, f"{self.target.base_url}{path}")

    def _end_missing(self, seen: set[str], counts: Counts) -> None:
        """Find tasks that were moved and have ended since; remove them if that was asked for."""
        state = self.journal.state
        missing = sorted((set(state.moved) | set(state.refused)) - seen)
        for start in range(0, len(missing), 100):
            some = missing[start : start + 100]
            there = self.server.tasks(some)
            gone = [each for each in some if each not in there]
            if gone:
                self.journal.ended(gone)
            if self.remove_ended:
                self.remove([each for each in gone if each in state.moved])
            counts.ended += len(gone)

    def remove(self, ids: Sequence[str]) -> None:
        """Take these tasks from the target. Raises `Trouble`."""
        for each in ids:
            try:
                self.target.json("DELETE", f"/task/{quote(each, safe='')}")
            except Refused as refused:
                if refused.status != 404:
                    raise
            self.journal.removed([each])


def _pieces(tasks: Sequence[Prepared]) -> Iterator[list[Prepared]]:
    piece: list[Prepared] = []
    filled = 0
    for each in tasks:
        if piece and filled + each.size > PIECE:
            yield piece
            piece, filled = [], 0
        piece.append(each)
        filled += each.size
    if piece:
        yield piece


def _form(file: LargeFile) -> tuple[str, bytes]:
    boundary = f"part-{secrets.token_hex(16)}"
    lines: list[bytes] = []

    def part(head: str, content: bytes) -> None:
        disposition = f"Content-Disposition: form-data; {head}".encode()
        lines.extend([b"--" + boundary.encode(), disposition, b"", content])

    for part_name, name in (
        ("attachment-name", "name"),
        ("attachment-description", "description"),
        ("attachment-type", "type"),
    ):
        if file.shown.get(name) is not None:
            part(f'name="{part_name}"', str(file.shown[name]).encode())
    part('name="content"; filename="content"', file.content)
    ending = [b"--" + boundary.encode() + b"--", b""]
    return f"multipart/form-data; boundary={boundary}", b"\r\n".join(lines + ending)


def _created_id(body: bytes, place: str) -> str:
    try:
        answer: Any = json.loads(body)
        return str(answer["id"])
    except (ValueError, KeyError, TypeError):
        raise Trouble(f"{place}: the answer does not name the attachment") from None
