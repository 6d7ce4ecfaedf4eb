"""Whatever several people and programs do to tasks, in whatever order: the fake, the table and a
model of a page agree on every answer, every state, every version and every event."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from typing import Any, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)
from taskdock.api.requests.service_task_changes import merge
from taskdock.api.requests.service_tasks import Origin, new_service_task
from taskdock.domain.access import Access
from taskdock.domain.caller import Caller
from taskdock.domain.errors import TaskdockError
from taskdock.domain.events.detection import Change, task_events
from taskdock.domain.events.task_events import TaskEvent
from taskdock.domain.instants import Instant
from taskdock.domain.services.actions import Action
from taskdock.domain.services.lists import ListName, items
from taskdock.domain.tasks.changes import claim
from taskdock.domain.tasks.task import TaskId, is_deleted
from taskdock.runtime.stream_records import deliveries
from taskdock.use_cases.ports import Changes, Put, Service, StoredTask, TaskStore
from taskdock.use_cases.query.list_service_tasks import Selection, list_service_tasks
from taskdock.use_cases.query.read_budget import Limits
from taskdock.use_cases.services.known_services import KnownServices
from taskdock.use_cases.services.manage_service_task import (
    NewItem,
    ServiceTaskReference,
    act_on_service_task,
    add_item,
    change_service_task,
    delete_service_task,
    remove_item,
)
from taskdock.use_cases.tasks.change_task import change_task
from taskdock.use_cases.tasks.create_task import Order, create_service_task

from tests.support.builders import CREATED
from tests.support.in_memory_services import InMemoryServiceRegistry
from tests.support.in_memory_store import InMemoryTaskStore
from tests.support.tables import Table
from tests.support.task_model import Outcome, TaskModel

SERVICES: Final = KnownServices(InMemoryServiceRegistry(Service("operator-p4", "Printer")))

ACTORS = st.sampled_from(["mary", "john", "4b2printer"])
LISTS = st.sampled_from(["input", "output"])
ACTIONS = st.sampled_from([Action.START, Action.START, *Action])
STALENESS = st.sampled_from([None, None, None, 0, 0, 1])
"""How many versions behind a caller is; None, and the caller expects nothing."""

MOST_TASKS: Final = 2
"""In one history: much is to happen to each."""

type Told = list[dict[str, Any]]

EVERYBODY = Access(frozenset())


class InMemory(InMemoryTaskStore):
    """The fake, which notes its changes as the table's stream would."""

    def __init__(self) -> None:
        super().__init__()
        self._changes: list[Change] = []
        self._numbers = count()

    def commit(self, changes: Changes) -> None:
        super().commit(changes)
        for write in changes.writes:
            before = write.before
            after = self.get(write.task["id"]) if isinstance(write, Put) else None
            version = after.version if after else before.version if before else 0
            old, new = (stored.task if stored else None for stored in (before, after))
            record = str(next(self._numbers))
            self._changes.append(Change(record, CREATED, version, old, new))

    def unread(self) -> list[Change]:
        """What has changed since this was last called."""
        changes, self._changes = self._changes, []
        return changes


class InTable:
    """The table and its stream."""

    def __init__(self, table: Table) -> None:
        self.store = table.store()
        self._stream = table.stream()

    def unread(self) -> list[Change]:
        """What has changed since this was last called."""
        records = [record for page in self._stream.unread() for record in page]
        contents = [delivery.content for delivery in deliveries({"Records": records})]
        return [content for content in contents if isinstance(content, Change)]


def _in_the_models_words(event: TaskEvent) -> dict[str, Any]:
    detail = event.detail()
    said = {name: value for name, value in detail.items() if name not in _NOT_MODELLED}
    if "changed" in said:
        said["changed"] = list(said["changed"])
    return {"told": event.name, **said}


_NOT_MODELLED: Final = {"eventId", "occurredAt", "href", "service", "items"}


class World:
    """Both stores, and ids that no history before has used."""

    def __init__(self, table: Table) -> None:
        self._memory, self._table = InMemory(), InTable(table)
        self.stores: tuple[TaskStore, ...] = (self._memory, self._table.store)
        self.numbers = count()

    def unread(self) -> Iterator[Told]:
        """Each store's events since the last call."""
        for place in (self._memory, self._table):
            yield [
                _in_the_models_words(event)
                for change in place.unread()
                for event in task_events(change)
            ]


class Histories(RuleBasedStateMachine):
    """Does everything to both stores and to the model."""

    world: World
    tasks = Bundle("tasks")

    def __init__(self) -> None:
        super().__init__()
        self.models: list[TaskModel] = []
        self.now = CREATED

    @precondition(lambda self: len(self.models) < MOST_TASKS)
    @rule(target=tasks, actor=ACTORS)
    def create(self, actor: str) -> TaskModel:
        model = TaskModel(f"t{next(self.world.numbers)}")
        caller, body, now = self.caller(actor), {"name": model.name}, self.tick()
        origin = Origin(task_id=TaskId(model.tid), creator=caller.user, now=now)
        order = Order(
            caller=caller,
            new_task=partial(new_service_task, body, "operator-p4", origin),
            content=body,
            now=now,
        )
        self.models.append(model)

        def create(store: TaskStore) -> int:
            create_service_task(store, SERVICES, order, sid="operator-p4")
            return 1

        self.agree(model, 1, create)
        return model

    @rule(
        model=tasks,
        actor=ACTORS,
        name=st.sampled_from(["My Task", "Other"]),
        priority=st.sampled_from([50, 70]),
        staleness=STALENESS,
    )
    def rename(
        self, model: TaskModel, actor: str, name: str, priority: int, staleness: int | None
    ) -> None:
        task = self.reference(model, actor, staleness)
        patch = {"name": name, "priority": priority}
        self.agree(
            model,
            model.rename(name, priority, task.expected_version),
            lambda store: (
                change_service_task(
                    store, task, lambda before: merge(before, patch, task.now)
                ).version
            ),
        )

    @rule(model=tasks, actor=ACTORS, action=ACTIONS, staleness=STALENESS)
    def act(self, model: TaskModel, actor: str, action: Action, staleness: int | None) -> None:
        task = self.reference(model, actor, staleness)
        self.agree(
            model,
            model.act(action.value, task.expected_version),
            lambda store: act_on_service_task(store, task, action),
        )

    @rule(model=tasks, actor=ACTORS)
    def claim(self, model: TaskModel, actor: str) -> None:
        now = self.tick()
        self.agree(
            model,
            model.claim(actor),
            lambda store: (
                change_task(
                    store,
                    TaskId(model.tid),
                    Access(frozenset()),
                    lambda task: claim(task, actor, now),
                ).version
            ),
        )

    @rule(model=tasks, name=LISTS, hrefs=st.permutations("abc"))
    def fill(self, model: TaskModel, name: str, hrefs: list[str]) -> None:
        for href in hrefs:
            self.add(model, name, href, None, None)

    @rule(
        model=tasks,
        name=LISTS,
        href=st.sampled_from("ab"),
        key=st.sampled_from([None, None, "k1", "k2"]),
        staleness=STALENESS,
    )
    def add(
        self, model: TaskModel, name: str, href: str, key: str | None, staleness: int | None
    ) -> None:
        task = self.reference(model, "4b2printer", staleness)
        own_key = None if key is None else f"{model.tid} {key}"
        new = NewItem(list=ListName(name), item={"href": href}, idempotency_key=own_key)
        self.agree(
            model,
            model.add(name, href, key, task.expected_version),
            lambda store: add_item(store, task, new).version,
        )

    @rule(model=tasks, actor=ACTORS, name=LISTS, index=st.integers(0, 3), staleness=STALENESS)
    def remove(
        self, model: TaskModel, actor: str, name: str, index: int, staleness: int | None
    ) -> None:
        task = self.reference(model, actor, staleness)
        self.agree(
            model,
            model.remove(name, index, task.expected_version),
            lambda store: remove_item(store, task, (ListName(name), index)),
        )

    @rule(model=tasks, actor=ACTORS, staleness=st.sampled_from([0, 1]))
    def delete(self, model: TaskModel, actor: str, staleness: int) -> None:
        task = self.reference(model, actor, staleness)
        version = model.version

        def delete(store: TaskStore) -> int:
            delete_service_task(store, task)
            return version

        self.agree(model, model.delete(task.expected_version), delete)

    def teardown(self) -> None:
        everything: Told = sorted(
            (event for model in self.models for event in model.told), key=by_task
        )
        for told in self.world.unread():
            # Events of different tasks interleave; those of one are in order and complete.
            assert sorted(told, key=by_task) == everything
        left = [model.tid for model in self.models if not model.is_gone]
        selection = Selection(services=("operator-p4",), access=Access(frozenset()))
        for store in self.world.stores:
            listing = list_service_tasks(store, selection, Limits(), limit=1000)
            listed = [task["id"] for task in listing.tasks]
            assert [tid for tid in listed if tid in left] == left

    def agree(self, model: TaskModel, expected: Outcome, do: Callable[[TaskStore], int]) -> None:
        """Do the step in both stores and compare result and task with the model's."""
        seen = []
        for store in self.world.stores:
            try:
                outcome: Outcome = do(store)
            except TaskdockError as error:
                outcome = type(error).__name__
            assert outcome == expected
            seen.append(store.get(TaskId(model.tid)))
        in_memory, in_table = seen
        assert in_memory == in_table
        assert in_table is None or is_deleted(in_table.task) == model.is_gone
        if in_table is not None and not model.is_gone:
            self.compare(in_table, model)

    def compare(self, stored: StoredTask, model: TaskModel) -> None:
        task = stored.task
        assert (stored.version, task["state"]) == (model.version, model.state)
        assert (task["name"], task["priority"]) == (model.name, model.priority)
        assert task.get("assignee") == model.assignee
        for name, hrefs in model.lists.items():
            assert [item["href"] for item in items(task, ListName(name))] == hrefs

    def reference(
        self, model: TaskModel, actor: str, staleness: int | None
    ) -> ServiceTaskReference:
        return ServiceTaskReference(
            sid="operator-p4",
            tid=model.tid,
            caller=self.caller(actor),
            now=self.tick(),
            expected_version=None if staleness is None else model.version - staleness,
        )

    def caller(self, name: str) -> Caller:
        return Caller(name, (), frozenset())

    def tick(self) -> Instant:
        self.now = Instant(self.now + 1000)
        return self.now


def by_task(event: dict[str, Any]) -> str:
    return str(event["tid"])


def test_histories_of_tasks_go_as_a_model_of_a_page_says(dynoxide_table: Table) -> None:
    in_this_world = type("InThisWorld", (Histories,), {"world": World(dynoxide_table)})

    run_state_machine_as_test(
        in_this_world,
        settings=settings(
            max_examples=60,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
