"""Compares every task of two servers, then their answers to queries."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from migration.comparison.asking import compared
from migration.comparison.parts import Difference, differences
from migration.comparison.queries import Query, at_random, of_filters
from migration.copying import READERS
from migration.entries import prepared
from migration.gathering import gathered
from migration.http_client import Refused
from migration.journal import Moved, State
from migration.old_server import Facts, OldServer, Shown

_SAMPLE: Final = 400
"""Tasks whose values random queries use."""

LISTED: Final = "listed as not moved"
CHANGED: Final = "changed on the old server since its copy"


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
            asked = [*queries, *of_filters(self._filters()), *at_random(self._sample, count, seed)]
            servers = (self.old.connection, self.new.connection)
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
            theirs = self.new.tasks([task["id"] for task in page])
            pairs = [(task, theirs.get(task["id"])) for task in page]
            for found in workers.map(lambda pair: self._compare(*pair), pairs):
                self._found += found
            absent.update(task["id"] for task, other in pairs if other is None)
            self._seen.update(task["id"] for task in page)
            if len(self._sample) < _SAMPLE:
                self._sample += gathered(self.old, page[:20], workers, {})
            self.progress(len(self._seen), total)
        for page in self.new.pages():
            absent.update(self._strays([task["id"] for task in page]))
        return absent

    def _compare(self, task: Shown, other: Shown | None) -> list[Difference]:
        if other is None:
            why = LISTED if task["id"] in self.journal.refused else ""
            if not why and not self.old.tasks([task["id"]]):
                return []
            return [Difference(task["id"], "task", "open", "missing", why)]
        moved = self.journal.moved.get(task["id"])
        renamed = moved.renamed if moved else {}
        try:
            found = differences(task, other, (self.old, self.new), renamed)
        except Refused as refused:
            if self.old.has_ended(task["id"], refused):
                return []
            raise
        return self._explained(found, moved) if moved and found else found

    def _explained(self, found: Sequence[Difference], moved: Moved) -> list[Difference]:
        """The differences of one task that was moved, with what explains them."""
        listed = [replace(each, why=LISTED) if _is_listed(each, moved) else each for each in found]
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
            why = "it was never copied" if each not in self.journal.moved else ""
            why = "ended on the old server after its copy" if each in self.journal.ended else why
            self._found.append(Difference(each, "task", "missing", "open", why))
        return strays

    def _filters(self) -> list[Shown]:
        try:
            return self.old.listed("GET", "/filter?resourceType=Task")
        except Refused as refused:
            if refused.status in (403, 404):
                return []
            raise


def _is_listed(found: Difference, moved: Moved) -> bool:
    name = found.what.rpartition(" ")[2]
    if any(left.what.partition(" ")[2] == name for left in moved.left):
        return True
    return found.what.startswith("attachment ") and found.new == "null" and bool(moved.left)
