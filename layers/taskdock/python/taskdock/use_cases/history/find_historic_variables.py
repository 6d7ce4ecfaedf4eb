"""Variables that are kept: those of open tasks, those that ended tasks had, and removed ones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from taskdock.domain.access import Access
from taskdock.domain.history.historic_tasks import HistoryQuery, Level
from taskdock.domain.history.traces import variable_created
from taskdock.domain.identifiers import is_identifier
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.domain.variables.instances import Place, VariableInstance, instances_in
from taskdock.domain.variables.scopes import Holder
from taskdock.use_cases.history.find_historic_tasks import find_historic_tasks
from taskdock.use_cases.history.write_history import VARIABLE
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.query.read_budget import Limits


@dataclass(frozen=True, slots=True)
class KeptVariable:
    """A variable of history."""

    instance: VariableInstance
    created: Instant
    removed: bool = False


@dataclass(frozen=True, slots=True)
class HistoryAsker:
    """Who asks, and the limits of the request."""

    store: TaskStore
    access: Access
    limits: Limits

    def kept(
        self, lists: Mapping[str, tuple[str, ...]], *, with_removed: bool
    ) -> list[KeptVariable]:
        """Every variable in the tasks that the lists of ids narrow down to."""
        tasks = self._tasks(lists)
        found = [_kept(each) for each in instances_in(tasks)]
        if with_removed:
            there = {each.instance.place for each in found}
            for task in tasks:
                removed = {each.instance.place: each for each in self._removed(task)}
                found += [each for place, each in removed.items() if place not in there]
        return found

    def one(self, place: Place) -> KeptVariable | None:
        """The variable of that place, removed or not; None when there is none."""
        lists = {
            Holder.TASK: "taskIdIn",
            Holder.PROCESS_INSTANCE: "processInstanceIdIn",
            Holder.CASE_INSTANCE: "caseInstanceIdIn",
        }
        found = self.kept({lists[place.holder]: (place.scope_id,)}, with_removed=True)
        return next((each for each in found if each.instance.place == place), None)

    def _tasks(self, lists: Mapping[str, tuple[str, ...]]) -> Sequence[Task]:
        if "taskIdIn" in lists:
            ids = [TaskId(each) for each in lists["taskIdIn"] if is_identifier(each)]
            stored = self.store.get_many(ids).values()
            return [each.task for each in stored if self.access.sees(each.task)]
        for name, field in (
            ("processInstanceIdIn", "processInstanceId"),
            ("caseInstanceIdIn", "caseInstanceId"),
        ):
            if name in lists:
                return [
                    task
                    for value in dict.fromkeys(lists[name])
                    for task in self._matching(HistoryQuery(Level(((field, value),))))
                ]
        return self._matching(HistoryQuery())

    def _matching(self, query: HistoryQuery) -> Sequence[Task]:
        found = find_historic_tasks(self.store, query, self.access, self.limits)
        return cast(Sequence[Task], found.tasks)

    def _removed(self, task: Task) -> Iterator[KeptVariable]:
        for record in self.store.records(task["id"], VARIABLE):
            content = record.content or {}
            place = Place(Holder.TASK, task["id"], content["name"])
            instance = VariableInstance(place, content["variable"], task)
            yield KeptVariable(instance, Instant(content["created"]), removed=True)


def _kept(instance: VariableInstance) -> KeptVariable:
    task = instance.task
    if instance.place.holder is Holder.TASK:
        return KeptVariable(instance, variable_created(task, instance.place.name))
    return KeptVariable(instance, task["created"])
