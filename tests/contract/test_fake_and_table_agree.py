"""Whatever is done to them, the store in memory and the table end up in the same state."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from taskdock.domain.errors import TaskdockError
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import (
    BY_FIELD,
    OPEN_SHARDS,
    ByIndex,
    EndedTasks,
    Inbox,
    Index,
    Partition,
)
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.ports import (
    Changes,
    Put,
    Receipt,
    ReceiptTaken,
    Remove,
    StoredTask,
    TaskStore,
    VersionConflict,
)
from taskdock.use_cases.query.page_reading import every_task

from tests.support.builders import CREATED, MINUTE, a_task, to_group, to_user
from tests.support.in_memory_store import InMemoryTaskStore
from tests.support.tables import new_table

NAMES = ("a", "b", "")
IDS = ("t1", "t2", "t3")


@dataclass(frozen=True)
class Step:
    """One commit: each task is written as new, over a version read before, or removed."""

    puts: tuple[tuple[Task, int | None], ...]
    removes: tuple[tuple[str, int], ...]
    receipt: Receipt | None


def documents() -> st.SearchStrategy[Callable[[str], Task]]:
    maybe = st.none() | st.sampled_from(NAMES)
    link = st.builds(to_group, st.sampled_from(NAMES), st.sampled_from(["candidate", "other"]))
    user = st.builds(to_user, st.sampled_from(NAMES), st.sampled_from(["candidate", None]))
    moment = st.integers(0, 2).map(lambda minute: CREATED + minute * MINUTE)
    fields: dict[str, st.SearchStrategy[Any]] = dict.fromkeys(BY_FIELD.values(), maybe)
    return st.fixed_dictionaries(
        {
            **fields,
            "links": st.lists(link | user, max_size=3),
            "created": moment,
            "due": st.none() | moment,
            "ended": st.none() | st.none() | moment,
        }
    ).map(lambda document: lambda name: a_task(name, **document))


@st.composite
def steps(draw: st.DrawFn) -> Step:
    names = draw(st.lists(st.sampled_from(IDS), min_size=1, max_size=2, unique=True))
    puts, removes = [], []
    for name in names:
        # How many versions back the writer read the task; 0 is the latest, None creates one.
        age = draw(st.sampled_from([None, 0, 0, 0, 1]))
        if age is not None and draw(st.integers(0, 3)) == 0:
            removes.append((name, age))
        else:
            puts.append((draw(documents())(name), age))
    return Step(tuple(puts), tuple(removes), draw(st.none() | receipts()))


def receipts() -> st.SearchStrategy[Receipt]:
    """Receipts under two keys, some of which expire at once."""
    return st.builds(
        lambda key, life: Receipt("mary", key, "f", {}, CREATED, Instant(CREATED + life)),
        st.sampled_from(["k1", "k2"]),
        st.sampled_from([0, 1]),
    )


@given(st.lists(steps(), min_size=1, max_size=6))
@settings(max_examples=15)
def test_fake_and_table_agree(dynoxide_endpoint: str, history: list[Step]) -> None:
    fake = InMemoryTaskStore()
    with new_table(dynoxide_endpoint) as table:
        real = table.store()
        for step in history:
            assert outcome(fake, changes(fake, step)) == outcome(real, changes(real, step))
        assert state(fake) == state(real)


def changes(store: TaskStore, step: Step) -> Changes:
    """The step's writes, by someone who read the tasks `age` versions ago."""
    writes: list[Put | Remove] = []
    for task, age in step.puts:
        writes.append(Put(task, None if age is None else read(store, task["id"], age)))
    for name, age in step.removes:
        writes.append(Remove(read(store, name, age)))
    return Changes(writes, step.receipt)


def read(store: TaskStore, name: str, age: int) -> StoredTask:
    found = store.get(TaskId(name)) or StoredTask(a_task(name), 1)
    return StoredTask(found.task, found.version - age)


def outcome(store: TaskStore, changes: Changes) -> object:
    try:
        store.commit(changes)
    except VersionConflict as lost:
        return "lost", lost.task_id, lost.gone
    except (TaskdockError, ReceiptTaken) as refused:
        return type(refused)
    return "written"


def state(store: TaskStore) -> object:
    """All that can be seen of a store."""
    shards = tuple(range(OPEN_SHARDS))
    partitions: list[tuple[Index, tuple[Partition, ...]]] = [
        (Index.OPEN, shards),
        (Index.DUE, shards),
        *((index, (name,)) for index in BY_FIELD for name in NAMES),
        *((Index.SERVICE, (EndedTasks(name),)) for name in NAMES),
        *(
            (Index.CANDIDATE, (Inbox(kind, name, assigned),))
            for kind in ("group", "user")
            for name in NAMES
            for assigned in (False, True)
        ),
    ]
    return (
        {name: store.get(TaskId(name)) for name in IDS},
        {place: found(store, ByIndex(*place)) for place in partitions},
        {key: store.receipt("mary", key, CREATED) for key in ("k1", "k2")},
    )


def found(store: TaskStore, access: ByIndex) -> list[Task]:
    tasks = list(every_task(store, access))
    return sorted(tasks, key=lambda task: task["id"])
