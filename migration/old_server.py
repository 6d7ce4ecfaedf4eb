"""What a Camunda 7 server has, read over its REST API."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, Final
from urllib.parse import quote

from migration.http_client import Connection, Refused, Trouble, Unreachable

PAGE: Final = 100
"""Tasks read together."""

_STABLE: Final = (
    {"sortBy": "created", "sortOrder": "asc"},
    {"sortBy": "id", "sortOrder": "asc"},
)
_MISSING: Final = frozenset({400, 404, 500})

type Shown = Mapping[str, Any]
"""An object as the old server shows it."""

PLAIN: Final = frozenset(
    {"String", "Integer", "Long", "Short", "Double", "Boolean", "Date", "Null"}
)
"""Types whose values every list shows alike."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One task and everything that belongs to it."""

    task: Shown
    links: Sequence[Shown] = ()
    variables: Sequence[Shown] = ()
    comments: Sequence[Shown] = ()
    attachments: Sequence[Shown] = ()
    process: Shown | None = None
    case: Shown | None = None
    process_variables: Sequence[Shown] = ()
    case_variables: Sequence[Shown] = ()


@dataclass(slots=True)
class OldServer:
    """A Camunda 7 server; every method raises `Trouble` when it does not answer as one."""

    connection: Connection
    _known: dict[str, Any] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def check(self) -> str:
        """The server's version; raises `Trouble` for anything that is no Camunda 7 server."""
        found = self.connection.json("GET", "/version")
        if not isinstance(found, dict) or not str(found.get("version", "")).startswith("7."):
            raise Trouble(f"{self.connection.base_url}: this is no Camunda 7 REST API")
        return str(found["version"])

    def count(self, path: str, body: Mapping[str, Any] | None = None) -> int:
        """How many there are at a `…/count` route."""
        found = self.connection.json("POST" if body is not None else "GET", path, body=body)
        place = self._place(path)
        count = _checked(found, dict, place).get("count")
        if not isinstance(count, int):
            raise Trouble(f"{place}: expected a count, got {type(count).__name__}")
        return count

    def pages(self, size: int = PAGE) -> Iterator[list[Shown]]:
        """All open tasks, the oldest first, none twice, in pages.

        A page begins at the instant of the last task before it, so tasks that end or appear
        meanwhile shift nothing. Where more tasks than a page share a millisecond, the page grows.
        """
        after: str | None = None
        seen: set[str] = set()
        wanted = size
        while True:
            body: dict[str, Any] = {"sorting": _STABLE, "withCommentAttachmentInfo": True}
            if after:
                body["createdAfter"] = after
            needs = ("id", "created")
            page = self.listed(
                "POST", "/task", query={"maxResults": wanted}, body=body, needs=needs
            )
            new = [task for task in page if task["id"] not in seen]
            seen.update(task["id"] for task in new)
            if new:
                yield new
            if len(page) < wanted:
                return
            before = _before(page[-1]["created"])
            wanted = wanted * 2 if before == after else size
            after = before

    def tasks(self, ids: Sequence[str]) -> dict[str, Shown]:
        """Those of the tasks that are open, by id."""
        body = {"taskIdIn": list(ids), "withCommentAttachmentInfo": True}
        found = self.listed("POST", "/task", query={"maxResults": len(ids)}, body=body)
        return {task["id"]: task for task in found}

    def with_variables(self, ids: Sequence[str], flag: str) -> dict[str, Shown] | None:
        """Those of the tasks that are open, with their variables; asked for once.

        `flag` is `withTaskVariablesInReturn` or `withTaskLocalVariablesInReturn`. None when the
        server cannot show them in a list, as where it cannot read an object or knows no such flag.
        """
        body = {"taskIdIn": list(ids), "withCommentAttachmentInfo": True, flag: True}
        query = {"maxResults": len(ids)}
        try:
            found = self.connection.json_once("POST", "/task", query=query, body=body)
        except Refused as refused:
            if refused.status in (401, 403):
                raise
            return None
        except Unreachable:
            return None
        shown = rows(found, self._place("/task"), ("id",))
        if not any(task.get("variables") for task in shown):
            return None
        return {task["id"]: task for task in shown}

    def variables(self, scope: str, ids: Sequence[str]) -> list[Shown]:
        """The variables of tasks, process or case instances: `scope` is `taskIdIn` or the like."""
        if not ids:
            return []
        query = {"deserializeValues": "false"}
        body = {scope: list(ids)}
        needs = ("id", "name", "type")
        return self.listed("POST", "/variable-instance", query=query, body=body, needs=needs)

    def process_instances(self, ids: Sequence[str]) -> dict[str, Shown]:
        """The process instances with those ids that run, by id."""
        if not ids:
            return {}
        found = self.listed("POST", "/process-instance", body={"processInstanceIds": list(ids)})
        return {each["id"]: each for each in found}

    def case_instance(self, instance_id: str) -> Shown | None:
        """A case instance, or None when there is none."""
        return self.object(f"/case-instance/{quote(instance_id, safe='')}")

    def activity_instances(self) -> dict[str, str]:
        """The activity instance of each open task, as the history knows them; else none."""
        found: dict[str, str] = {}
        body = {"unfinished": True, "sorting": [{"sortBy": "taskId", "sortOrder": "asc"}]}
        size = 1000
        while True:
            query = {"firstResult": len(found), "maxResults": size}
            try:
                page = self.listed("POST", "/history/task", query=query, body=body)
            except Refused as refused:
                if refused.status in (403, 404):
                    return {}
                raise
            before = len(found)
            found.update((row["id"], row.get("activityInstanceId") or "") for row in page)
            if len(page) < size or len(found) == before:
                return {task: instance for task, instance in found.items() if instance}

    def activity_instance(self, task_id: str) -> str:
        """The activity instance of one task; empty where the history knows none."""
        try:
            found = self.listed("POST", "/history/task", body={"taskId": task_id})
        except Refused as refused:
            if refused.status in (403, 404):
                return ""
            raise
        return str(found[0].get("activityInstanceId") or "") if found else ""

    def once(self, path: str) -> Any:
        """What is at a path, remembered: definitions do not change."""
        return self.remembered(path, lambda: self.object(path))

    def remembered(self, name: str, ask: Callable[[], Any]) -> Any:
        """What `ask` answered when it was first asked for under that name."""
        with self._lock:
            if name in self._known:
                return self._known[name]
        found = ask()
        with self._lock:
            self._known[name] = found
        return found

    def object(self, path: str) -> Shown | None:
        """An object, or None when there is none at that path."""
        found = self.if_there(lambda: self.connection.json("GET", path))
        return None if found is None else _checked(found, dict, self._place(path))

    def listed(
        self,
        method: str,
        path: str,
        *,
        query: Any = None,
        body: Any = None,
        needs: Sequence[str] = ("id",),
    ) -> list[Shown]:
        """A list of objects, each of which has the properties that it needs."""
        found = self.connection.json(method, path, query=query, body=body)
        return rows(found, self._place(path), needs)

    def listed_if_allowed(self, path: str) -> list[Shown]:
        """A list of objects; an empty one where the server has no such route or forbids it."""
        try:
            return self.listed("GET", path)
        except Refused as refused:
            if refused.status in (403, 404):
                return []
            raise

    def of_task(self, task_id: str, kind: str) -> list[Shown]:
        """A task's `identity-links`, `comment` or `attachment` list."""
        needs = ("type",) if kind == "identity-links" else ("id",)
        return self.listed("GET", f"/task/{quote(task_id, safe='')}/{kind}", needs=needs)

    def if_there(self, ask: Callable[[], Any]) -> Any:
        """What `ask` answers, or None when it is a 404."""
        try:
            return ask()
        except Refused as refused:
            if refused.status == 404:
                return None
            raise

    def has_ended(self, task_id: str, problem: Trouble) -> bool:
        """Whether a task's request failed because the task has ended.

        The engine says so with a 400, a 404 or a 500, depending on the route.
        """
        if not isinstance(problem, Refused) or problem.status not in _MISSING:
            return False
        return task_id not in self.tasks([task_id])

    def _place(self, path: str) -> str:
        return f"{self.connection.base_url}{path}"


def may_have(task: Shown, kind: str) -> bool:
    """Whether a task may have a `comment` or an `attachment`; servers name that in two ways."""
    return task.get(kind, task.get(f"has{kind.capitalize()}")) is not False


def rows(found: Any, place: str, needs: Sequence[str]) -> list[Shown]:
    """A list of objects that have these properties; raises `Trouble` for anything else."""
    for each in _checked(found, list, place):
        shown = _checked(each, dict, place)
        lacking = [name for name in needs if name not in shown]
        if lacking:
            raise Trouble(f"{place}: an entry of the list has no {lacking[0]}")
    return found  # type: ignore[no-any-return]


def instant(text: str) -> datetime:
    """A date of the old server; raises `Trouble` for a text that is none."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")
    except ValueError:
        raise Trouble(
            f"{text}: the old server writes dates in a form that is not read here"
        ) from None


def written(moment: datetime) -> str:
    """A date as the old server reads it, in UTC."""
    moment = moment.astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}+0000"


def _before(created: str) -> str:
    return written(instant(created) - timedelta(milliseconds=1))


def _checked(found: Any, kind: type, place: str) -> Any:
    if not isinstance(found, kind):
        expected = "an object" if kind is dict else "a list"
        raise Trouble(f"{place}: expected {expected}, got {type(found).__name__}")
    return found
