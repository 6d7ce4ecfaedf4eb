"""The journal of a copy: what was moved, in a file that survives any interruption."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from migration.http_client import Trouble

FORMAT: Final = 1
UPDATED: Final = "lastUpdated"
"""What is left of a task whose time of change is another on the target."""


@dataclass(frozen=True, slots=True)
class Left:
    """Something that was not moved, and why."""

    what: str
    address: str
    why: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A task that the target has taken."""

    digest: str
    left: tuple[Left, ...] = ()
    """Parts of it that were not moved."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Attachments whose id in the target differs, by their old id."""


@dataclass(frozen=True, slots=True)
class CopiedFilter:
    """A filter that the target has taken, or has refused for what `left` says."""

    id: str
    """Its id on the target; empty when it was refused."""
    digest: str
    left: tuple[Left, ...] = ()


@dataclass(slots=True)
class State:
    """What the journal says altogether."""

    source: str = ""
    target: str = ""
    moved: dict[str, Moved] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    """Tasks that were sent without an answer on record."""
    refused: dict[str, Left] = field(default_factory=dict)
    """Tasks that were not moved."""
    ended: set[str] = field(default_factory=set)
    """Tasks that were moved and have ended on the old server since."""
    filters: dict[str, CopiedFilter] = field(default_factory=dict)
    """By their ids on the old server."""
    begun_filters: set[str] = field(default_factory=set)
    """Filters that were sent without an answer on record."""
    sendings: int = 0
    switched: bool = False


class Journal:
    """A journal in a folder of its own, held by one run at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "journal.jsonl"
        self.state = State()

    def __enter__(self) -> Self:
        """Take the journal; raises `Trouble` when another run holds it or it cannot be read."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as problem:
            raise Trouble(f"{self.path}: {problem.strerror}") from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._file)
            raise Trouble(f"{self.path}: another run is using this journal") from None
        try:
            self._read()
        except BaseException:
            os.close(self._file)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._file)

    def bind(self, source: str, target: str, *, undoes_nothing: bool = False) -> None:
        """Say what is copied where.

        Raises `Trouble` when the journal is of another copy, and after the switch unless what is
        to come leaves alone what was moved.
        """
        state = self.state
        if not state.source:
            self._append({"kind": "start", "format": FORMAT, "source": source, "target": target})
        elif (state.source, state.target) != (source, target):
            raise Trouble(f"{self.path}: this journal is of {state.source} to {state.target}")
        if state.switched and not undoes_nothing:
            raise Trouble(
                f"{self.path}: the switch was made; a copy would undo what has changed since"
            )

    def sending(self, ids: Sequence[str]) -> int:
        """Record that these tasks are about to be sent; the number of this sending."""
        self._append({"kind": "sending", "ids": list(ids)})
        return self.state.sendings

    def moved(self, tasks: Mapping[str, Moved]) -> None:
        """Record that the target has taken these tasks."""
        self._append({"kind": "moved", "tasks": {key: _row(task) for key, task in tasks.items()}})

    def refused(self, task_id: str, left: Left) -> None:
        """Record that a task was not moved."""
        self._append({"kind": "refused", "id": task_id, "left": _left_row(left)})

    def ended(self, ids: Sequence[str]) -> None:
        """Record that these tasks have ended on the old server after they were moved."""
        self._append({"kind": "ended", "ids": list(ids)})

    def removed(self, ids: Sequence[str]) -> None:
        """Record that these tasks were removed from the target."""
        self._append({"kind": "removed", "ids": list(ids)})

    def sending_filter(self, old_id: str) -> None:
        """Record that a filter is about to be sent."""
        self._append({"kind": "sending filter", "id": old_id})

    def filter(self, old_id: str, copied: CopiedFilter) -> None:
        """Record what became of a filter."""
        left = [_left_row(each) for each in copied.left]
        row = {"old": old_id, "id": copied.id, "digest": copied.digest, "left": left}
        self._append({"kind": "filter", **row})

    def switched(self) -> None:
        """Record that clients use the target from now on."""
        self._append({"kind": "switched"})

    def returned(self) -> None:
        """Record that clients use the old server again."""
        self._append({"kind": "returned"})

    def lefts(self) -> Iterator[Left]:
        """Everything that was not moved: tasks first, then parts of those that were, filters."""
        yield from self.state.refused.values()
        for task in self.state.moved.values():
            yield from task.left
        for each in self.state.filters.values():
            yield from each.left

    def _read(self) -> None:
        text = self.path.read_bytes()
        whole = text.rfind(b"\n") + 1
        for number, line in enumerate(text[:whole].splitlines(), 1):
            try:
                _apply(self.state, json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError):
                raise Trouble(f"{self.path}:{number}: this line is no record of a copy") from None
        # A write that was interrupted leaves a line without an end; it never took effect.
        os.ftruncate(self._file, whole)
        os.lseek(self._file, whole, os.SEEK_SET)

    def _append(self, row: Mapping[str, Any]) -> None:
        line = json.dumps(row, ensure_ascii=True).encode() + b"\n"
        end = os.lseek(self._file, 0, os.SEEK_END)
        try:
            _write_all(self._file, line)
            os.fsync(self._file)
        except OSError as problem:
            os.ftruncate(self._file, end)
            raise Trouble(f"{self.path}: {problem.strerror}; run it again to go on") from None
        _apply(self.state, row)


def _write_all(file: int, line: bytes) -> None:
    while line:
        line = line[os.write(file, line) :]


def _apply(state: State, row: Mapping[str, Any]) -> None:
    match row["kind"]:
        case "start":
            state.source, state.target = row["source"], row["target"]
        case "sending":
            state.begun.update(row["ids"])
            state.sendings += 1
        case "moved":
            _apply_moved(state, row["tasks"])
        case "refused":
            state.refused[row["id"]] = Left(**row["left"])
            state.begun.discard(row["id"])
        case "ended":
            state.ended.update(row["ids"])
            state.refused = {k: v for k, v in state.refused.items() if k not in row["ids"]}
        case "removed":
            state.begun.difference_update(row["ids"])
            state.ended.difference_update(row["ids"])
            state.moved = {k: v for k, v in state.moved.items() if k not in row["ids"]}
        case "sending filter":
            state.begun_filters.add(row["id"])
        case "filter":
            left = tuple(Left(**each) for each in row["left"])
            state.filters[row["old"]] = CopiedFilter(row["id"], row["digest"], left)
            state.begun_filters.discard(row["old"])
        case "switched" | "returned" as kind:
            state.switched = kind == "switched"
        case kind:
            raise ValueError(kind)


def _apply_moved(state: State, tasks: Mapping[str, Any]) -> None:
    for key, task in tasks.items():
        left = tuple(Left(**each) for each in task["left"])
        state.moved[key] = Moved(task["digest"], left, task["renamed"])
        state.begun.discard(key)
        state.refused.pop(key, None)
        state.ended.discard(key)


def _row(task: Moved) -> dict[str, Any]:
    return {
        "digest": task.digest,
        "left": [_left_row(left) for left in task.left],
        "renamed": dict(task.renamed),
    }


def _left_row(left: Left) -> dict[str, str]:
    return {"what": left.what, "address": left.address, "why": left.why}
