"""What a shadow run has seen, counted while it runs."""

import json
import random
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Final

SAME: Final = "same"
REFUSED: Final = "refused by both"
EXPLAINED: Final = "explained"
LATE: Final = "late"
"""Different at first and the same when both were asked again: the copy was some seconds behind."""
UNDECIDED: Final = "undecided"
"""Different at first and the same when both were asked again, but the old server had another answer
by then: whether the copy was only behind is not known."""
DIFFERENT: Final = "different"
REPEATED: Final = "repeated"
NOT_REPEATED: Final = "refused by the old server, so not repeated"
UNDONE: Final = "not done on taskdock: the task is copied again"
COPIED: Final = "tasks that the engine made or changed, copied over"
ENDED: Final = "tasks that the engine ended, removed"

OTHERS: Final = "other requests"

_KEPT: Final = 200
_ROUTES: Final = 400
_SAMPLE: Final = 5000


@dataclass(slots=True)
class Times:
    """A sample of durations in milliseconds, from which shares are told."""

    count: int = 0
    _kept: list[float] = field(default_factory=list)
    _chance: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311

    def add(self, milliseconds: float) -> None:
        """Count one."""
        self.count += 1
        if len(self._kept) < _SAMPLE:
            self._kept.append(milliseconds)
        elif (place := self._chance.randrange(self.count)) < _SAMPLE:
            self._kept[place] = milliseconds

    def shares(self) -> dict[str, float]:
        """What half, 95 and 99 of a hundred took at most, and the longest that was kept."""
        times = sorted(self._kept) or [0.0]
        last = len(times) - 1
        at = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
        return {
            name: round(times[min(last, int(share * len(times)))], 1) for name, share in at.items()
        }


class Report:
    """The counts of a run; every method may be called from any thread."""

    def __init__(self, source: str, target: str, price: float) -> None:
        """`price` is US dollars for a million read units."""
        self._source, self._target, self._price = source, target, price
        self._since = datetime.now(UTC)
        self._lock = Lock()
        self._reads: Counter[str] = Counter()
        self._writes: Counter[str] = Counter()
        self._not_asked: Counter[str] = Counter()
        self._rows: Counter[str] = Counter()
        self._elsewhere: Counter[str] = Counter()
        self._old: dict[str, Times] = defaultdict(Times)
        self._new: dict[str, Times] = defaultdict(Times)
        self._units: dict[str, float] = defaultdict(float)
        self._added = Times()
        self._failed = 0
        self._differences: deque[dict[str, Any]] = deque(maxlen=_KEPT)

    def forwarded(self, route: str, milliseconds: float, added: float) -> None:
        """Count a request that the old server answered; `added` is what the proxy took itself."""
        with self._lock:
            self._old[self._known(route)].add(milliseconds)
            self._added.add(added)

    def failed(self) -> None:
        """Count a request that the old server did not answer."""
        with self._lock:
            self._failed += 1

    def asked(self, route: str, milliseconds: float, units: float) -> None:
        """Count an answer of taskdock."""
        with self._lock:
            self._new[self._known(route)].add(milliseconds)
            self._units[self._known(route)] += units

    def read(self, outcome: str, why: str = "") -> None:
        """Count a comparison; `why` is the row that was shown to explain it."""
        with self._lock:
            self._reads[outcome] += 1
            if why:
                self._rows[why.partition(":")[0]] += 1

    def wrote(self, outcome: str, count: int = 1) -> None:
        """Count writes."""
        with self._lock:
            self._writes[outcome] += count

    def not_asked(self, why: str) -> None:
        """Count a request that taskdock was not asked."""
        with self._lock:
            self._not_asked[why] += 1

    def elsewhere(self, route: str) -> None:
        """Count a request that only the old server can answer."""
        with self._lock:
            self._elsewhere[self._known(route)] += 1

    def differed(self, request: str, user: str, what: Sequence[str]) -> None:
        """Keep what differs, with the newest ones that there were."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        with self._lock:
            self._differences.append({"at": at, "request": request, "user": user, "what": [*what]})

    def as_json(self) -> dict[str, Any]:
        """The report."""
        with self._lock:
            seconds = (datetime.now(UTC) - self._since).total_seconds()
            return {
                "source": self._source,
                "target": self._target,
                "since": self._since.isoformat(timespec="seconds"),
                "seconds": round(seconds),
                "requests": sum(times.count for times in self._old.values()),
                "notAnsweredByTheOldServer": self._failed,
                "reads": dict(self._reads),
                "explainedBy": dict(self._rows),
                "writes": dict(self._writes),
                "notAsked": dict(self._not_asked),
                "onlyTheOldServerHas": dict(self._elsewhere.most_common(50)),
                "addedMilliseconds": self._added.shares(),
                "routes": self._routes(),
                "readUnits": round(sum(self._units.values()), 1),
                "readsCostUSD": round(sum(self._units.values()) * self._price / 1e6, 6),
                "differences": [*self._differences],
            }

    def _known(self, route: str) -> str:
        """The route; one word for all beyond the first few hundred, which clients may make up."""
        is_new = route not in self._old and route not in self._elsewhere
        return OTHERS if is_new and len(self._old) + len(self._elsewhere) >= _ROUTES else route

    def _routes(self) -> list[dict[str, Any]]:
        rows = []
        for route, times in sorted(self._old.items(), key=lambda each: -each[1].count):
            row: dict[str, Any] = {"route": route, "count": times.count, "old": times.shares()}
            if route in self._new:
                theirs = self._new[route]
                units = round(self._units[route] / max(theirs.count, 1), 2)
                row |= {"asked": theirs.count, "taskdock": theirs.shares(), "readUnits": units}
            rows.append(row)
        return rows


def as_text(report: Mapping[str, Any]) -> str:
    """The report as JSON text."""
    return json.dumps(report, indent=1, ensure_ascii=False) + "\n"
