"""Everything about a page of tasks, read as it is at one moment."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any, Final
from urllib.parse import quote

from migration.http_client import Trouble
from migration.old_server import Facts, OldServer, Shown, may_have

_TRIES: Final = 3


def gathered(
    server: OldServer, tasks: Sequence[Shown], workers: Executor, activities: Mapping[str, str]
) -> list[Facts]:
    """The facts of those of the tasks that are still open.

    A task that changes while its facts are read is read again, so that no facts of two moments
    are mixed; raises `Trouble` for one that changes each time.
    """
    done: list[Facts] = []
    waiting: Sequence[Shown] = tasks
    for _ in range(_TRIES):
        if not waiting:
            return done
        found = _read(server, waiting, workers, activities)
        now = server.tasks([facts.task["id"] for facts in found]) if found else {}
        done += [each for each in found if now.get(each.task["id"]) == each.task]
        settled = {facts.task["id"] for facts in done}
        waiting = [task for key, task in now.items() if key not in settled]
    if waiting:
        place = f"{server.connection.base_url}/task/{waiting[0]['id']}"
        raise Trouble(f"{place}: changed {_TRIES} times while it was read; run it again")
    return done


def _read(
    server: OldServer, tasks: Sequence[Shown], workers: Executor, activities: Mapping[str, str]
) -> list[Facts]:
    processes = _named(tasks, "processInstanceId")
    cases = _named(tasks, "caseInstanceId")
    own = server.variables("taskIdIn", [task["id"] for task in tasks])
    outer = server.variables("processInstanceIdIn", processes)
    of_cases = server.variables("caseInstanceIdIn", cases)
    running = server.process_instances(processes)
    shown_cases = {key: server.case_instance(key) for key in cases}

    def facts(task: Shown) -> Facts | None:
        try:
            return _facts(task)
        except Trouble as problem:
            if server.has_ended(task["id"], problem):
                return None
            raise

    def _facts(task: Shown) -> Facts:
        key, process, case = task["id"], task.get("processInstanceId"), task.get("caseInstanceId")
        records = {
            kind: server.of_task(key, kind) if may_have(task, kind) else []
            for kind in ("comment", "attachment")
        }
        return Facts(
            task,
            links=server.of_task(key, "identity-links"),
            variables=_sorted(each for each in own if each.get("taskId") == key),
            comments=records["comment"],
            attachments=records["attachment"],
            process=_process(server, task, running.get(process or ""), activities.get(key)),
            case=_case(server, task, shown_cases.get(case or "")),
            process_variables=_seen(server, task, outer, ("processInstanceId", "executionId")),
            case_variables=_seen(server, task, of_cases, ("caseInstanceId", "caseExecutionId")),
        )

    return [each for each in workers.map(facts, tasks) if each is not None]


def _named(tasks: Sequence[Shown], name: str) -> list[str]:
    return sorted({task[name] for task in tasks if task.get(name)})


def _sorted(variables: Iterable[Shown]) -> list[Shown]:
    return sorted(variables, key=lambda each: str(each["name"]))


def _seen(
    server: OldServer, task: Shown, variables: Sequence[Shown], names: tuple[str, str]
) -> list[Shown]:
    """An instance's variables as the task sees them: inner scopes hide outer ones.

    `names` are those of the instance and of the execution, in tasks and in variables alike.
    """
    instance, execution = (task.get(name) for name in names)
    of_instance = [
        each for each in variables if each.get(names[0]) == instance and not each.get("taskId")
    ]
    if not instance or not of_instance:
        return []
    seen: dict[str, Shown] = {}
    for holder in (instance, execution):
        seen |= {each["name"]: each for each in of_instance if each.get(names[1]) == holder}
    between = [each for each in of_instance if each.get(names[1]) not in (instance, execution)]
    if between:
        # Which scopes lie between the instance and the task, only the server knows.
        path = f"/task/{quote(task['id'], safe='')}/variables?deserializeValues=false"
        shown = server.object(path) or {}
        seen |= {each["name"]: each for each in between if _is_shown(each, shown)}
    return _sorted(seen.values())


def _is_shown(variable: Shown, shown: Shown) -> bool:
    """Whether a variable of an inner scope is the one that a task shows."""
    there = shown.get(variable["name"]) or {}
    return all(there.get(name) == variable.get(name) for name in ("type", "value"))


def _process(
    server: OldServer, task: Shown, instance: Shown | None, activity: str | None
) -> dict[str, Any] | None:
    if not task.get("processInstanceId"):
        return None
    path = f"/process-definition/{quote(task['processDefinitionId'], safe='')}"
    definition = server.once(path) or {}
    return {
        "id": task["processInstanceId"],
        "businessKey": (instance or {}).get("businessKey"),
        "definitionId": task["processDefinitionId"],
        "definitionKey": definition.get("key"),
        "definitionName": definition.get("name"),
        "activityInstanceId": activity,
    }


def _case(server: OldServer, task: Shown, instance: Shown | None) -> dict[str, Any] | None:
    if not task.get("caseInstanceId"):
        return None
    definition = server.once(f"/case-definition/{quote(task['caseDefinitionId'], safe='')}") or {}
    return {
        "id": task["caseInstanceId"],
        "businessKey": (instance or {}).get("businessKey"),
        "definitionId": task["caseDefinitionId"],
        "definitionKey": definition.get("key"),
        "definitionName": definition.get("name"),
    }
