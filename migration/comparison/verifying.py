"""Compares every task of two servers, then their answers to queries."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from migration.comparison.asking import compared
from migration.comparison.parts import VARIABLES, Difference, View, differences, viewed
from migration.comparison.queries import Query, at_random, of_filters
from migration.copying import READERS
from migration.entries import prepared
from migration.gathering import gathered
from migration.http_client import Refused
from migration.journal import UPDATED, Left, Moved, State
from migration.old_server import Facts, OldServer

_SAMPLE: Final = 400
"""Tasks whose values random queries use."""

LISTED: Final = "listed as not moved"
CHANGED: Final = "changed on the old server since its copy"
ENDED: Final = "ended on the old server after its copy: run copy --remove-ended"


@dataclass(slots=True)
class Verification:
    """One run; `journal` says what the copy moved and what it listed as not moved."""

    old: OldServer
    new: OldServer
    journal: State
    progress: Callable[[int, int], None] = lambda _done, _total: None
    _found: list[Difference] = field(default_factory=list)
    _sample: list[Facts] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def __call__(self, queries: Sequence[Query], count: int, seed: int) -> dict[str, Any]:
        """The report, as JSON has it; `count` random queries beside the given and the filters'.

        Raises `Trouble` when a server does not answer.
        """
        begun = time.monotonic()
        version = self.old.check()
        with ThreadPoolExecutor(READERS) as workers:
            absent = self._compare_tasks(workers)
            filters = self.old.listed_if_allowed("/filter?resourceType=Task")
            copied = {key: each.id for key, each in self.journal.filters.items() if each.id}
            asked = [*queries, *of_filters(filters, copied)]
            asked += at_random(self._sample, count, seed)
            servers = (self.old, self.new)
            answers = workers.map(lambda each: compared(each, servers, absent), asked)
            self._found += [each for each in answers if each is not None]
        open_ones = [each for each in self._found if not each.why]
        return {
            "source": self.old.connection.base_url,
            "target": self.new.connection.base_url,
            "version": version,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(time.monotonic() - begun, 1),
            "requests": {
                "old": self.old.connection.requests,
                "new": self.new.connection.requests,
            },
            "tasks": len(self._seen),
            "queries": len(asked),
            "seed": seed,
            "notExplained": len(open_ones),
            "explained": len(self._found) - len(open_ones),
            "differences": [asdict(each) for each in sorted(self._found, key=lambda one: one.why)],
        }

    def _compare_tasks(self, workers: Executor) -> set[str]:
        """Compare all tasks; those that only one side has."""
        total = self.old.count("/task/count")
        absent: set[str] = set()
        for page in self.old.pages():
            absent.update(self._compare_page([task["id"] for task in page], workers))
            if len(self._sample) < _SAMPLE:
                self._sample += gathered(self.old, page[:20], workers, {})
            self.progress(len(self._seen), total)
        for page in self.new.pages():
            absent.update(self._strays([task["id"] for task in page]))
        return absent

    def _compare_page(self, ids: Sequence[str], workers: Executor) -> set[str]:
        """Compare some tasks of the old server; those that the new one has not."""
        ours, theirs = workers.map(lambda server: viewed(server, ids), (self.old, self.new))
        open_ones = [each for each in ids if each in ours.tasks]
        for found in workers.map(lambda each: self._compare(each, (ours, theirs)), open_ones):
            self._found += found
        self._seen.update(ids)
        return {each for each in open_ones if each not in theirs.tasks}

    def _compare(self, task_id: str, views: tuple[View, View]) -> list[Difference]:
        if task_id not in views[1].tasks:
            why = LISTED if task_id in self.journal.refused else ""
            if not why and not self.old.tasks([task_id]):
                return []
            return [Difference(task_id, "task", "open", "missing", why)]
        moved = self.journal.moved.get(task_id)
        renamed = moved.renamed if moved else {}
        try:
            found = differences(task_id, views, renamed)
        except Refused as refused:
            if self.old.has_ended(task_id, refused):
                return []
            raise
        return self._explained(found, moved) if moved and found else found

    def _explained(self, found: Sequence[Difference], moved: Moved) -> list[Difference]:
        """The differences of one task that was moved, with what was shown to explain them."""
        listed = [replace(each, why=LISTED) if is_listed(each, moved) else each for each in found]
        if all(each.why for each in listed) or self._is_as_moved(found[0].task, moved):
            return listed
        return [each if each.why else replace(each, why=CHANGED) for each in listed]

    def _is_as_moved(self, task_id: str, moved: Moved) -> bool:
        """Whether the old server has the task as it was when it was moved."""
        with ThreadPoolExecutor(1) as one:
            there = self.old.tasks([task_id])
            now = gathered(self.old, [*there.values()], one, self._activities())
        return bool(now) and prepared(now[0], self.old).digest == moved.digest

    def _activities(self) -> dict[str, str]:
        known: dict[str, str] = self.old.remembered("activities", self.old.activity_instances)
        return known

    def _strays(self, ids: Sequence[str]) -> list[str]:
        """Tasks of the target that the old server has not; those of the copy are differences."""
        only = [each for each in ids if each not in self._seen]
        there = self.old.tasks(only) if only else {}
        strays = [each for each in only if each not in there]
        for each in strays:
            shown = "open" if each in self.journal.moved else "open, never copied"
            why = ENDED if each in self.journal.ended else ""
            self._found.append(Difference(each, "task", "missing", shown, why))
        return strays


def is_listed(found: Difference, moved: Moved) -> bool:
    """Whether the copy listed as not moved what the new server lacks."""
    part, _, name = found.what.partition(" ")
    if part == "attachment" and not name:
        return found.new == "false" and any(_is_of(left, "attachment") for left in moved.left)
    if found.what == UPDATED:
        return any(left.what == UPDATED for left in moved.left)
    if found.new != "null":
        return False
    if part in VARIABLES:
        return any(left.what == f"variable {name}" for left in moved.left)
    return part == "attachment" and any(
        left.address.removesuffix("/data").endswith(f"/attachment/{name}") for left in moved.left
    )


def _is_of(left: Left, kind: str) -> bool:
    return left.what.startswith(f"{kind} ")
