"""The expected behaviour of service tasks, as a small model that shares no code with the
product."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

type Outcome = int | str
"""The version of the task afterwards, or the name of the error."""

NEXT: Final = {
    ("created", "start"): "started",
    ("created", "cancel"): "canceled",
    ("started", "complete"): "completed",
    ("started", "fail"): "failed",
    ("started", "cancel"): "canceled",
}
ENDS: Final = {"completed": "TaskCompleted", "failed": "TaskFailed", "canceled": "TaskCanceled"}


@dataclass
class TaskModel:
    """One task, and its expected events."""

    tid: str
    name: str = "My Task"
    priority: int = 50
    assignee: str | None = None
    state: str = "created"
    version: int = 1
    lists: dict[str, list[str]] = field(default_factory=lambda: {"input": [], "output": []})
    told: list[dict[str, Any]] = field(default_factory=list)
    keys: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    """Idempotency keys, each with the list, the address and the version that came of it."""
    is_gone: bool = False

    def __post_init__(self) -> None:
        self._tell("TaskCreated")

    def rename(self, name: str, priority: int, expected: int | None) -> Outcome:
        """A PATCH of name and priority."""

        def change() -> Outcome:
            if self.state in ENDS:
                return "StateConflict"
            changed = [
                field
                for field, new in (("name", name), ("priority", priority))
                if getattr(self, field) != new
            ]
            self.name, self.priority = name, priority
            return self._updated(changed) if changed else self.version

        return self._seen(expected, change)

    def act(self, action: str, expected: int | None) -> Outcome:
        """An action of the service's clients."""

        def change() -> Outcome:
            state = NEXT.get((self.state, action))
            if state is None:
                return "StateConflict"
            previous, self.state = self.state, state
            self.version += 1
            if state == "started":
                self._tell("TaskStarted", itemCount=len(self.lists["input"]))
            else:
                self._tell(ENDS[state], previousState=previous)
            return self.version

        return self._seen(expected, change)

    def claim(self, user: str) -> Outcome:
        """A user claims the task over the task API."""
        if self.is_gone or self.state in ENDS:
            return "TaskNotFound"
        if self.assignee not in (None, user):
            return "TaskAlreadyClaimed"
        self.version += 1
        if self.assignee == user:
            self._tell("TaskUpdated", changed=["lastUpdated", "taskState"])
            self._forget_marks()
        else:
            self._tell("TaskAssigned", assignee=user)
        self.assignee = user
        return self.version

    def add(self, name: str, href: str, key: str | None, expected: int | None) -> Outcome:
        """An item at the end of a list, once for a key."""

        def change() -> Outcome:
            if not self._may_change(name):
                return "StateConflict"
            self.lists[name].append(href)
            version = self._updated([name])
            if key is not None:
                self.keys[key] = name, href, version
            return version

        if key in self.keys:
            *content, version = self.keys[key]
            return version if content == [name, href] else "IdempotencyMismatch"
        return self._seen(expected, change)

    def remove(self, name: str, index: int, expected: int | None) -> Outcome:
        """An item taken out of a list."""

        def change() -> Outcome:
            if not self._may_change(name):
                return "StateConflict"
            if index >= len(self.lists[name]):
                return "NotFound"
            del self.lists[name][index]
            return self._updated([name])

        return self._seen(expected, change)

    def delete(self, expected: int | None) -> Outcome:
        """The end of the record."""

        def change() -> Outcome:
            before = self.version
            self.is_gone = True
            self.version += 1
            self._tell("TaskDeleted", state=self.state)
            return before

        return self._seen(expected, change)

    def _seen(self, expected: int | None, change: Callable[[], Outcome]) -> Outcome:
        if self.is_gone:
            return "TaskNotFound"
        if expected not in (None, self.version):
            return "PreconditionFailed"
        return change()

    def _may_change(self, name: str) -> bool:
        return self.state == "created" or (name == "output" and self.state == "started")

    def _updated(self, changed: list[str]) -> int:
        self.version += 1
        self._tell("TaskUpdated", changed=sorted(changed))
        return self.version

    def _forget_marks(self) -> None:
        """The first mark of an update changes `taskState` as well; every later one does not."""
        if any(event["told"] != "TaskCreated" for event in self.told[:-1]):
            self.told[-1]["changed"] = ["lastUpdated"]

    def _tell(self, kind: str, **says: Any) -> None:
        self.told.append({"told": kind, "tid": self.tid, "version": self.version, **says})
