"""Everything about a page of tasks, read as it is at one moment."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any, Final
from urllib.parse import quote

from migration.http_client import Trouble
from migration.old_server import Facts, OldServer, Shown

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
        kinds = {"comment": task.get("hasComment"), "attachment": task.get("hasAttachment")}
        records = {
            kind: [] if there is False else server.of_task(key, kind)
            for kind, there in kinds.items()
        }
        return Facts(
            task,
            links=server.of_task(key, "identity-links"),
            variables=_sorted(each for each in own if each.get("taskId") == key),
            comments=records["comment"],
            attachments=records["attachment"],
            process=_process(server, task, running.get(process or ""), activities.get(key)),
            case=_case(server, task, shown_cases.get(case or "")),
            process_variables=_visible(outer, process, task.get("executionId"), "executionId"),
            case_variables=_visible(of_cases, case, task.get("caseExecutionId"), "caseExecutionId"),
        )

    return [each for each in workers.map(facts, tasks) if each is not None]


def _named(tasks: Sequence[Shown], name: str) -> list[str]:
    return sorted({task[name] for task in tasks if task.get(name)})


def _sorted(variables: Iterable[Shown]) -> list[Shown]:
    return sorted(variables, key=lambda each: str(each["name"]))


def _visible(
    variables: Sequence[Shown], instance: str | None, execution: str | None, scope: str
) -> list[Shown]:
    """An instance's variables as the task sees them: those of its own execution hide the others."""
    seen: dict[str, Shown] = {}
    for holder in (instance, execution):
        for each in variables:
            if holder and each.get("taskId") is None and each.get(scope) == holder:
                seen[each["name"]] = each
    return _sorted(seen.values())


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
