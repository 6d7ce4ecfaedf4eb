"""Variable instances in the caller's open tasks and around them."""

from collections.abc import Mapping, Sequence
from itertools import chain

from taskdock.domain.tasks.task import Task
from taskdock.domain.variables.instances import Place, VariableInstance, instances_in
from taskdock.domain.variables.scopes import Holder
from taskdock.use_cases.surroundings.find_surroundings import Asker


def find_variables(asker: Asker, lists: Mapping[str, tuple[str, ...]]) -> list[VariableInstance]:
    """Every variable in the tasks that the lists of ids narrow down to."""
    return list(instances_in(_tasks(asker, lists)))


def find_variable(asker: Asker, place: Place) -> VariableInstance | None:
    """The variable of that place; None when there is none that the caller may see."""
    tasks = _in_scopes(asker, place.holder, (place.scope_id,))
    found = (each for each in instances_in(tasks) if each.place == place)
    return next(found, None)


def _tasks(asker: Asker, lists: Mapping[str, tuple[str, ...]]) -> Sequence[Task]:
    """The tasks to look into: those of the narrowest list, or all."""
    for name, holder in (
        ("taskIdIn", Holder.TASK),
        ("processInstanceIdIn", Holder.PROCESS_INSTANCE),
        ("caseInstanceIdIn", Holder.CASE_INSTANCE),
    ):
        if name in lists:
            return _in_scopes(asker, holder, lists[name])
    if "variableScopeIn" in lists:
        scopes = lists["variableScopeIn"]
        found = chain.from_iterable(_in_scopes(asker, holder, scopes) for holder in Holder)
        return list({task["id"]: task for task in found}.values())
    return asker.tasks({})


def _in_scopes(asker: Asker, holder: Holder, scopes: tuple[str, ...]) -> Sequence[Task]:
    match holder:
        case Holder.TASK:
            return asker.tasks({"taskIdIn": scopes})
        case Holder.PROCESS_INSTANCE:
            return asker.tasks({"processInstanceIdIn": scopes})
        case Holder.CASE_INSTANCE:
            each = (asker.tasks({"caseInstanceId": scope}) for scope in dict.fromkeys(scopes))
            return list(chain.from_iterable(each))
