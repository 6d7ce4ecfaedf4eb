"""Compaction: the open tasks of a tenant become columns, and columns are brought up to date.

A compaction that starts at T cuts at W = T - `CUTS_BEFORE`: whatever has an earlier stamp was
committed and indexed by T, so it is in the segments, and readers find the rest beside them. Should
an entry of an index be later than that, the next compaction finds it: it reads again from
`READ_AGAIN` before the last cut.
"""

import base64
import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import uuid4

from taskdock.domain.changes.keeping import MOST_DELAY
from taskdock.domain.columns.manifest import (
    Head,
    Manifest,
    Part,
    read_manifest,
    written_manifest,
)
from taskdock.domain.columns.segment import ID, VERSION
from taskdock.domain.errors import TemporarilyUnavailable
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import Tenant
from taskdock.use_cases.changes.change_log import ChangeLog
from taskdock.use_cases.columns.column_store import ColumnStore, Work
from taskdock.use_cases.columns.columns import longest_age
from taskdock.use_cases.columns.opened import ColumnCache, Opener, Unusable
from taskdock.use_cases.columns.segments import SegmentWriter
from taskdock.use_cases.columns.tail import specs_since
from taskdock.use_cases.ports import TaskStore

CUTS_BEFORE: Final = MOST_DELAY + 2 * 60_000
"""Milliseconds. An index has followed within `MOST_DELAY`; should one be two minutes late beyond
that, readers still find beside the segments what it showed too late for them."""

READ_AGAIN: Final = 15 * 60_000
"""Milliseconds."""

_LEASE: Final = 16 * 60_000
"""Milliseconds for which nobody else makes columns of the same tenant: longer than a function
runs."""

_GOES_STALE: Final = 30 * 60_000
"""Milliseconds after which what a compaction had come to is not gone on with."""

_STAYS: Final = 60 * 60_000
"""Milliseconds for which objects stay that are named no more: readers may have begun before."""

_TO_FINISH: Final = 120.0
"""Seconds kept back for writing down how far a compaction has come."""


class Outcome(StrEnum):
    """What came of a compaction."""

    MADE = "made"
    BUSY = "busy"
    """Somebody else is at it."""
    LOST = "lost"
    """Somebody else was quicker, or something was erased meanwhile."""
    UNFINISHED = "unfinished"
    """It is to be gone on with."""
    OFF = "off"
    """Changes are not kept, or only since a moment ago."""


class _OutOfTime(Exception):
    """The rest is for another run."""


class _Superseded(Exception):
    """The work is somebody else's by now, or something was erased meanwhile."""


@dataclass(frozen=True, slots=True)
class Compactor:
    """Makes the columns of tenants."""

    store: ColumnStore
    tasks: TaskStore
    log: ChangeLog
    stamp: Callable[[], Instant | None]
    """`ChangeKeeping.stamp`: the time, held against the table's; None where changes are not kept.
    """
    ended_task_days: int

    def compact(
        self, tenant: Tenant, seconds_left: Callable[[], float], *, anew: bool = False
    ) -> Outcome:
        """Bring the columns of a tenant up to date, or make them where there are none of use;
        `anew` says that those there are turned out to be broken.

        Raises `TemporarilyUnavailable` when the table or the store cannot be reached, or the clock
        is off; the next compaction begins anew or goes on.
        """
        now = self.stamp()
        if now is None:
            return Outcome.OFF
        owner = uuid4().hex
        work = self.store.begin(tenant, Work(owner, Instant(now + _LEASE)), now)
        if work is None:
            return Outcome.BUSY
        run = _Run(self, tenant, owner, now, seconds_left)
        try:
            outcome = run.outcome(work.progress, anew=anew)
        except _OutOfTime:
            outcome = Outcome.UNFINISHED
        except _Superseded:
            run.discard()
            outcome = Outcome.LOST
        except TemporarilyUnavailable:
            run.leave()
            raise
        run.leave(is_done=outcome is not Outcome.UNFINISHED)
        return outcome


class _Run:
    """One compaction."""

    def __init__(
        self,
        compactor: Compactor,
        tenant: Tenant,
        owner: str,
        now: Instant,
        seconds_left: Callable[[], float],
    ) -> None:
        self._of = compactor
        self._tenant = tenant
        self._owner = owner
        self._now = now
        self._seconds_left = seconds_left
        self._opener = Opener(compactor.store, ColumnCache())
        self._segments = SegmentWriter(compactor.store, tenant, now)
        self._progress = ""

    def outcome(self, progress: str, *, anew: bool) -> Outcome:
        """What comes of it."""
        store, kept_from = self._of.store, self._of.log.kept_from()
        head = store.heads([self._tenant]).get(self._tenant)
        old = None if head is None else self._manifest_of(head)
        made = None
        if head is not None and old is not None and not anew and self._is_young(head, kept_from):
            made = self._brought_up_to_date(old, Instant(head.cut - READ_AGAIN))
        began, parts = made if made is not None else self._made_anew(progress)
        cut = Instant(began - CUTS_BEFORE)
        if kept_from is None or cut < kept_from:
            store.remove(self._segments.names)
            return Outcome.OFF
        manifest = self._new_manifest(parts, head, old)
        content = written_manifest(manifest)
        name = store.put(self._tenant, content)
        number = 1 if head is None else head.number + 1
        following = Head(name, zlib.crc32(content), cut, number)
        if not store.swap(self._tenant, following, self._owner):
            store.remove([name, *self._segments.names])
            return Outcome.LOST
        store.remove([each for each in self._segments.names if each not in manifest.names])
        self._sweep(manifest, name)
        return Outcome.MADE

    def leave(self, *, is_done: bool = False) -> None:
        """Let others make columns of the tenant; they go on where this one has come to."""
        if self._progress and not is_done:
            is_kept = self._say(self._now)
        else:
            self._of.store.end(self._tenant, self._owner)
            is_kept = is_done
        if not is_kept:
            self.discard()

    def discard(self) -> None:
        """Remove what was written."""
        self._of.store.remove(self._segments.names)

    def _say(self, until: Instant) -> bool:
        work = Work(self._owner, until, self._progress)
        return self._of.store.go_on(self._tenant, work)

    def _manifest_of(self, head: Head) -> Manifest | None:
        """What the head names; None where that is broken."""
        try:
            return self._opener.manifest(head)
        except Unusable:
            return None

    def _is_young(self, head: Head, kept_from: Instant | None) -> bool:
        """Whether the index of changes has all that was written since the head's cut."""
        oldest = self._now - longest_age(self._of.ended_task_days)
        return kept_from is not None and head.cut >= max(kept_from, oldest)

    def _brought_up_to_date(
        self, old: Manifest, since: Instant
    ) -> tuple[Instant, list[Part]] | None:
        """When it began, and the segments without what has changed, and one more with it; None
        where a segment is broken."""
        try:
            self._opener.fetch((part, (ID, VERSION)) for part in old.parts)
            newest = self._segments.newest(self._of.log, specs_since(self._tenant, since))
            marked = self._segments.marked(self._opener, old.parts, newest, self._of.tasks)
            parts = [*marked, *self._segments.of_open(newest.values())]
            return self._now, self._segments.merged(parts)
        except Unusable:
            return None

    def _made_anew(self, progress: str) -> tuple[Instant, list[Part]]:
        """Segments of all open tasks, and when reading them began."""
        began, parts, done = self._read_progress(progress)
        for at, spec in enumerate(specs_since(self._tenant, None)):
            if at >= done:
                for page in self._segments.pages(self._of.log, spec):
                    parts += self._segments.gathered(page)
                    if self._seconds_left() < _TO_FINISH:
                        raise _OutOfTime
                if parts:
                    parts += self._segments.rest()
                    self._note(began, parts, at + 1)
        return began, self._segments.merged([*parts, *self._segments.rest()])

    def _read_progress(self, progress: str) -> tuple[Instant, list[Part], int]:
        if progress:
            read = json.loads(progress)
            if read["began"] > self._now - _GOES_STALE:
                manifest = read_manifest(base64.b64decode(read["manifest"]))
                self._progress = progress
                return read["began"], list(manifest.parts), read["done"]
        return self._now, [], 0

    def _note(self, began: Instant, parts: Sequence[Part], done: int) -> None:
        """Write down how far the reading has come: the next compaction goes on from there."""
        manifest = base64.b64encode(written_manifest(Manifest(parts))).decode()
        self._progress = json.dumps({"began": began, "manifest": manifest, "done": done})
        if not self._say(Instant(self._now + _LEASE)):
            raise _Superseded

    def _new_manifest(
        self, parts: Sequence[Part], head: Head | None, old: Manifest | None
    ) -> Manifest:
        """The manifest of these segments, which remembers for a while what it replaces."""
        before = set(old.names) if old is not None else set()
        gone = dict.fromkeys(before - {part.name for part in parts}, self._now)
        if head is not None:
            gone[head.manifest] = self._now
        known = old.replaced if old is not None else {}
        recent = {name: since for name, since in known.items() if since > self._now - _STAYS}
        return Manifest(parts, {**gone, **recent})

    def _sweep(self, manifest: Manifest, name: str) -> None:
        """Remove what nobody names: what was replaced an hour ago, what others left."""
        needed = manifest.names | manifest.replaced.keys() | {name}
        self._of.store.remove(
            [
                each.name
                for each in self._of.store.objects(self._tenant)
                if each.name not in needed and each.made < self._now - _STAYS
            ]
        )
