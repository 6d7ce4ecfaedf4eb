"""A task store that behaves as the table does and keeps everything in memory."""

import json
import time
from bisect import bisect_left, bisect_right
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import RLock
from typing import Any

from taskdock.adapters.dynamodb.documents import packed
from taskdock.adapters.dynamodb.table_writes import TRANSACTION_BYTES, TRANSACTION_ITEMS
from taskdock.adapters.dynamodb.task_items import DOCUMENT_LIMIT, RECORD_LIMIT
from taskdock.domain.changes.keeping import is_kept, must_keep_tenant
from taskdock.domain.errors import AlreadyExists, InvalidRequest
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import (
    BY_FIELD,
    OPEN_SHARDS,
    ByIds,
    ByIndex,
    EndedOf,
    EndedTasks,
    Inbox,
    Index,
    Partition,
    ReadSpec,
    Tenant,
)
from taskdock.domain.tasks.task import (
    CANDIDATE,
    NO_LINKS,
    Task,
    TaskId,
    is_assigned,
    is_open,
    is_visible,
)
from taskdock.use_cases.changes.change_log import Entry, EntryPage
from taskdock.use_cases.documents import VersionedDocument
from taskdock.use_cases.ports import (
    Changes,
    Page,
    Put,
    Receipt,
    ReceiptTaken,
    Record,
    Remove,
    StoredTask,
    VersionConflict,
)

type Written = tuple[StoredTask | None, StoredTask, Mapping[str, Any] | None]
"""What a commit made of a task: before, after, and the operation."""

type _Place = tuple[Index, Tenant, Partition]


@dataclass(frozen=True, slots=True)
class _Kept:
    stored: StoredTask
    document: bytes
    size: int
    changed: Instant | None = None
    """Its stamp in the index of changes, if it is there."""


def _real_time() -> Instant:
    return Instant(time.time_ns() // 1_000_000)


class InMemoryTaskStore:
    """`TaskStore` and `ChangeLog`; reads see at once what was written. Threads may share one."""

    def __init__(self, page_size: int = 50, clock: Callable[[], Instant] = _real_time) -> None:
        self._page_size = page_size
        self._clock = clock
        self._lock = RLock()
        self._tasks: dict[TaskId, _Kept] = {}
        self._marks: dict[TaskId, _Kept] = {}
        """What stays of erased tasks."""
        self._tenants: set[str] = set()
        self._places: defaultdict[_Place, set[TaskId]] = defaultdict(set)
        self._in_order: dict[_Place, list[_Kept]] = {}
        """The entries of those places that were read since they changed."""
        self._records: dict[tuple[TaskId, str, str], Record] = {}
        self._receipts: dict[tuple[str, str], Receipt] = {}
        self.written: deque[Written] = deque(maxlen=10_000)
        """What was written, the oldest first: what a table's stream would tell."""

    def get(self, task_id: TaskId) -> StoredTask | None:
        """See `TaskStore.get`."""
        return self.get_many([task_id]).get(task_id)

    def get_many(self, task_ids: Sequence[TaskId]) -> Mapping[TaskId, StoredTask]:
        """See `TaskStore.get_many`."""
        with self._lock:
            return {
                task_id: self._tasks[task_id].stored
                for task_id in task_ids
                if task_id in self._tasks
            }

    def page(self, spec: ReadSpec, start: Any | None = None, limit: int | None = None) -> Page:
        """See `TaskStore.page`; a page is made of what is there when it is asked for."""
        size = limit or self._page_size
        if isinstance(spec, ByIds):
            ids = list(dict.fromkeys(spec.ids)) if start is None else start
            with self._lock:
                found = [self._tasks[each] for each in ids[:size] if each in self._tasks]
            if spec.tenants is not None:
                found = [kept for kept in found if is_visible(kept.stored.task, spec.tenants)]
            return _page(found, ids[size:] or None, versions=spec.versions)
        if not spec.singles:
            return _page([], None)
        return _page(*self._read(spec, start, size), versions=spec.versions)

    def entries(
        self, spec: ByIndex, start: object | None = None, limit: int | None = None
    ) -> EntryPage:
        """See `ChangeLog.entries`."""
        if not spec.singles:
            return EntryPage((), 0.0)
        kept, following = self._read(spec, start, limit or self._page_size)
        found = [
            Entry(Instant(_value(spec.index, each)), each.stored.version, each.document)
            for each in kept
        ]
        return EntryPage(found, _page(kept, None).read_units, following)

    def kept_from(self) -> Instant | None:
        """See `ChangeLog.kept_from`; changes are always kept here."""
        return Instant(0)

    def _read(self, spec: ByIndex, start: Any, size: int) -> tuple[list[_Kept], object | None]:
        place, last = start or (0, None)
        entries = [
            kept
            for kept in self._entries(spec.singles[place])
            if last is None or _is_behind(spec, kept, last)
        ]
        if len(entries) > size:
            return entries[:size], (place, entries[size - 1])
        following = (place + 1, None) if place + 1 < len(spec.singles) else None
        return entries, following

    def tenants(self) -> Sequence[str]:
        """See `TaskStore.tenants`."""
        with self._lock:
            return sorted(self._tenants)

    def forget_marks(self) -> None:
        """Have nothing stay of erased tasks, as when its time is over."""
        for mark in self._marks.values():
            self._leave(mark)
        self._marks.clear()

    def check(self, changes: Changes) -> None:
        """See `TaskStore.check`."""
        _checked(changes)

    def commit(self, changes: Changes) -> None:
        """See `TaskStore.commit`."""
        written = _checked(changes)
        with self._lock:
            self._check_conditions(changes)
            if changes.receipt is not None:
                kept = replace(changes.receipt, answer=_copy(changes.receipt.answer))
                self._receipts[kept.owner, kept.key] = kept
            for write in changes.writes:
                if isinstance(write, Put):
                    kept_now = self._stamped(write, written[write.task["id"]])
                    self.written.append((write.before, kept_now.stored, write.operation))
                    self._keep(kept_now)
                else:
                    self._forget(write.before)
            for record in changes.extra:
                place = record.task_id, record.kind, record.id
                if record.content is None:
                    self._records.pop(place, None)
                else:
                    self._records[place] = replace(record, content=_copy(record.content))

    def note(self, record: Record, until: Instant | None) -> None:  # noqa: ARG002 - no time passes
        """See `TaskStore.note`."""
        kept = replace(record, content=_copy(record.content))
        _size(_json(kept.content, "A record"), RECORD_LIMIT, "A record")
        with self._lock:
            self._records[record.task_id, record.kind, record.id] = kept

    def expire_records(self, task_id: TaskId, until: Instant) -> None:
        """See `TaskStore.expire_records`; no time passes here."""

    def forget_records(self, task_id: TaskId) -> int:
        """See `TaskStore.forget_records`."""
        with self._lock:
            places = [place for place in self._records if place[0] == task_id]
            for place in places:
                del self._records[place]
        return len(places)

    def receipt(self, owner: str, key: str, now: Instant) -> Receipt | None:
        """See `TaskStore.receipt`."""
        with self._lock:
            receipt = self._receipts.get((owner, key))
        return receipt if receipt is not None and now < receipt.expires else None

    def records(self, task_id: TaskId, kind: str) -> Sequence[Record]:
        """See `TaskStore.records`."""
        with self._lock:
            found = [
                record for place, record in self._records.items() if place[:2] == (task_id, kind)
            ]
        return sorted(found, key=lambda record: record.id)

    def _check_conditions(self, changes: Changes) -> None:
        receipt = changes.receipt
        if receipt is not None and self.receipt(receipt.owner, receipt.key, receipt.issued):
            raise ReceiptTaken(receipt.key)
        for write in changes.writes:
            task = write.task if isinstance(write, Put) else write.before.task
            found = self._tasks.get(task["id"])
            if write.before is None:
                mark = self._marks.get(task["id"])
                is_marked = mark is not None and mark.stored.task.get("tenantId") != task.get(
                    "tenantId"
                )
                if found is not None or is_marked:
                    raise AlreadyExists(f"A task with id {task['id']} exists already.")
            elif found is None or found.stored.version != write.before.version:
                raise VersionConflict(task["id"], gone=found is None)

    def _keep(self, kept: _Kept) -> None:
        task = kept.stored.task
        for before in (self._tasks.get(task["id"]), self._marks.pop(task["id"], None)):
            if before is not None:
                self._leave(before)
        self._tasks[task["id"]] = kept
        if task.get("tenantId") is not None:
            self._tenants.add(task["tenantId"])
        for place in _places(task):
            self._enter(place, task["id"])
        if kept.changed is not None:
            self._enter(_place_of_changes(task), task["id"])

    def _stamped(self, put: Put, kept: _Kept) -> _Kept:
        stamp, mark = self._clock(), self._marks.get(put.task["id"])
        if put.before is None and mark is not None:
            stored = StoredTask(kept.stored.task, mark.stored.version + 1)
            return replace(kept, stored=stored, changed=stamp)
        is_in = is_kept(put.task["created"], stamp, is_new=put.before is None)
        return replace(kept, changed=stamp) if is_in else kept

    def _forget(self, before: StoredTask) -> None:
        task, stamp = before.task, self._clock()
        self._leave(self._tasks.pop(task["id"]))
        gone: Task = {
            "id": task["id"], "priority": 0, "created": task["created"], "state": task["state"],
            "ended": stamp, "deleted": True, "erased": True,
        }  # fmt: skip
        if "tenantId" in task:
            gone = {**gone, "tenantId": task["tenantId"]}
        mark = _kept(Put(gone, before))
        self._marks[task["id"]] = replace(mark, changed=stamp)
        self._enter(_place_of_changes(task), task["id"])

    def _enter(self, place: _Place, task_id: TaskId) -> None:
        self._places[place].add(task_id)
        self._in_order.pop(place, None)

    def _leave(self, kept: _Kept) -> None:
        task = kept.stored.task
        for place in (*_places(task), _place_of_changes(task)):
            self._places[place].discard(task["id"])
            self._in_order.pop(place, None)

    def _entries(self, spec: ByIndex) -> list[_Kept]:
        [partition], [tenant] = spec.partitions, spec.tenants
        entries = self._entries_at((spec.index, tenant, partition))

        def value(kept: _Kept) -> int:
            return _value(spec.index, kept)

        start = 0 if spec.low is None else bisect_left(entries, int(spec.low), key=value)
        end = (
            len(entries) if spec.high is None else bisect_right(entries, int(spec.high), key=value)
        )
        inside = entries[start:end]
        return sorted(inside, key=value, reverse=True) if spec.descending else inside

    def _entries_at(self, place: _Place) -> list[_Kept]:
        with self._lock:
            if place not in self._in_order:
                # Entries of one instant come in no particular order: here, the last id first.
                ids = sorted(self._places.get(place, ()), reverse=True)
                entries = [self._tasks.get(each) or self._marks[each] for each in ids]
                self._in_order[place] = sorted(entries, key=lambda kept: _value(place[0], kept))
            return self._in_order[place]


def _value(index: Index, kept: _Kept) -> int:
    """The value that the index is in order of."""
    if index is Index.CHANGES:
        return kept.changed or 0
    task: Any = kept.stored.task
    value: int = task[index.sort_key]
    return value


def _is_behind(spec: ByIndex, kept: _Kept, last: _Kept) -> bool:
    value, last_value = _value(spec.index, kept), _value(spec.index, last)
    if value == last_value:
        return kept.stored.task["id"] < last.stored.task["id"]
    return value < last_value if spec.descending else value > last_value


def _places(task: Task) -> Iterator[_Place]:
    """Every partition of every index the task is in."""
    tenant = task.get("tenantId")
    for index, partition in _partitions(task):
        yield index, tenant, partition


def _place_of_changes(task: Task) -> _Place:
    return Index.CHANGES, task.get("tenantId"), _shard(task)


def _partitions(task: Task) -> Iterator[tuple[Index, Partition]]:
    if not is_open(task):
        yield Index.ENDED, _shard(task)
        if "service" in task and not task.get("deleted"):
            yield Index.SERVICE, EndedTasks(task["service"])
        if "assignee" in task:
            yield Index.ASSIGNEE, EndedOf(task["assignee"])
        if "processInstanceId" in task:
            yield Index.PROCESS_INSTANCE, EndedOf(task["processInstanceId"])
        return
    shard = _shard(task)
    yield Index.OPEN, shard
    if "due" in task:
        yield Index.DUE, shard
    for index, field in BY_FIELD.items():
        value: Any = task.get(field)
        if value is not None:
            yield index, value
    for inbox in (*_inboxes(task), *_of_links(task)):
        yield Index.CANDIDATE, inbox


def _shard(task: Task) -> int:
    return sum(task["id"].encode("utf-8", "surrogatepass")) % OPEN_SHARDS


def _inboxes(task: Task) -> list[Inbox]:
    links = task.get("links", NO_LINKS) if is_open(task) else []
    offered = [link for link in links if link["type"] == CANDIDATE]
    names = [
        *(("group", link["groupId"]) for link in offered),
        *(("user", link["userId"]) for link in offered),
    ]
    inboxes = (Inbox(kind, name, is_assigned(task)) for kind, name in names if name is not None)
    return list(dict.fromkeys(inboxes))


def _of_links(task: Task) -> set[Inbox]:
    links = task.get("links", NO_LINKS)
    users = [task.get("owner"), *(link["userId"] for link in links if link["type"] != CANDIDATE)]
    return {Inbox.of_links(user) for user in users if user is not None}


def _checked(changes: Changes) -> Mapping[TaskId, _Kept]:
    """The tasks that are put, given that the table would take all of this at once."""
    puts = [write for write in changes.writes if isinstance(write, Put)]
    for put in puts:
        must_keep_tenant(put.task, None if put.before is None else put.before.task)
    written = {put.task["id"]: _kept(put) for put in puts}
    contents = [record.content for record in changes.extra]
    if changes.receipt is not None:
        contents.append(changes.receipt.answer)
    size = sum(_size(_json(content, "A record"), RECORD_LIMIT, "A record") for content in contents)
    items = len(contents)
    for write in changes.writes:
        before = _entries(write.before.task) if write.before is not None else set()
        after = set() if isinstance(write, Remove) else _entries(write.task)
        items += 1 + len(before | after)
        if isinstance(write, Put):
            size += written[write.task["id"]].size * (1 + len(after))
    if items > TRANSACTION_ITEMS:
        raise InvalidRequest(f"{items} items at once; the limit is {TRANSACTION_ITEMS}.")
    if size > TRANSACTION_BYTES:
        raise InvalidRequest(f"{size / 1e6:.1f} MB at once; the limit is 4 MB.")
    return written


def _kept(put: Put) -> _Kept:
    """The task as the table would give it back: a copy that has been through JSON."""
    what = f"Task '{put.task['id']}'"
    text = _json(put.task, what)
    version = 1 if put.before is None else put.before.version + 1
    _size(text, DOCUMENT_LIMIT, what)
    kept = packed(text.encode("utf-8", "surrogatepass"))
    return _Kept(StoredTask(json.loads(text), version), _escaped(text), len(bytes(kept["B"])))


def _escaped(text: str) -> bytes:
    """The text in UTF-8; half a surrogate pair can only be written with an escape."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(json.loads(text), separators=(",", ":")).encode()


def _copy(content: object) -> Any:
    return json.loads(_json(content, "A record"))


def _json(content: object, what: str) -> str:
    try:
        return json.dumps(content, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    except ValueError as error:
        raise InvalidRequest(f"{what} holds a number that JSON cannot write.") from error


def _size(text: str, limit: int, what: str) -> int:
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > limit:
        raise InvalidRequest(
            f"{what} takes {-(-size // 1024)} KiB; at most {limit // 1024} KiB do."
        )
    return size


def _entries(task: Task) -> set[tuple[str, str]]:
    """The candidates that take an item of their own: all but one."""
    return {(inbox.kind, inbox.name) for inbox in _inboxes(task)[1:]}


def _page(entries: Iterable[_Kept], following: object | None, *, versions: bool = False) -> Page:
    """A page that counts half a read unit for every 4 KB, as the table does."""
    entries = list(entries)
    read_units = 0.5 * -(-sum(kept.size for kept in entries) // 4096)
    documents = [
        VersionedDocument.of(kept.document, kept.stored.version) if versions else kept.document
        for kept in entries
    ]
    return Page(documents, read_units, following)
