"""Another tenant's tasks by every door: by path, by what bodies and filters name, by what costs.

What is asked about the victim's things is asked about things that do not exist as well; apart
from their names, the answers have to be the same, and nothing of the victim's may change.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from taskdock.domain.instants import Instant, write
from taskdock.use_cases.ports import Changes, Put

from tests.attack.operations import every_request
from tests.attack.world import (
    ATTACKERS,
    DUE,
    HIDDEN,
    OF_SERVICE,
    SECRET,
    TENANT,
    Answer,
    Attacked,
    Attacker,
)
from tests.support.builders import MINUTE, a_task, noise

NOTHING: Final = "Zq7Absent"
"""In place of the secret, in the names of things that do not exist."""
STEPS: Final = 40
_NAMING: Final = ("id", "tid", "cid", "aid", "key", "tenant", "clientId")
"""Parameters of paths that name what somebody else may have; services are everybody's."""

type Reference = tuple[str, str, Any]
"""A method, a target and a body."""


def through_paths(world: Attacked) -> tuple[int, list[str]]:
    """Every operation on the victim's things, by every attacker."""
    before, sent, faults = world.state(), 0, []
    there = _values(SECRET) | {"id": HIDDEN, "tid": OF_SERVICE, **world.ids}
    absent = _values(NOTHING) | {
        "id": HIDDEN.replace("Zq7", "Zq8"),
        "tid": OF_SERVICE.replace("Zq7", "Zq8"),
        **{name: "0" * len(value) for name, value in world.ids.items()},
    }
    for name in ATTACKERS:
        attacker = world.as_user(name)
        pairs = zip(every_request(there), every_request(absent), strict=True)
        for request, other in pairs:
            if not set(_NAMING) & set(re.findall(r"{(\w+)}", request.operation.path)):
                continue
            found, missed = attacker.ask(*request[1:]), attacker.ask(*other[1:])
            sent += 2
            told = _named(missed, absent, there)
            if found != told or SECRET.encode() in _without_names(found, there):
                faults.append(f"{name}: {request.operation.route}: {found} is not {told}")
    return sent, faults + _changed(world, before)


def by_reference(world: Attacked) -> tuple[int, list[str]]:
    """Filters, bodies and parameters that name the victim's things."""
    before, sent, faults = world.state(), 0, []
    # A caller that writes leaves something behind, so everybody asks first.
    ways: tuple[tuple[Callable[..., Iterator[Reference]], str], ...] = (
        *((_criteria, name) for name in ATTACKERS),
        *((_writes, name) for name in ATTACKERS),
    )
    for references, name in ways:
        attacker = world.as_user(name)
        for (method, target, body), (_, other, another) in zip(
            references(name, SECRET, "Zq7"), references(name, NOTHING, "Zq8"), strict=True
        ):
            found, missed = attacker.ask(method, target, body), attacker.ask(method, other, another)
            sent += 2
            told = missed.body.replace(NOTHING.encode(), SECRET.encode()).replace(b"Zq8", b"Zq7")
            if (found.status, found.body) != (missed.status, told):
                faults.append(f"{name}: {method} {target} {body}: {found} is not {missed}")
    return sent, faults + _changed(world, before)


def equality(world: Attacked) -> tuple[int, list[str]]:
    """The same questions before and after many more tasks of the victim's exist."""
    asked, faults = [], []
    for name in ATTACKERS:
        attacker = world.as_user(name)
        asked += [(name, each, attacker.ask(*each)) for each in _questions()]
    store = world.table.store()
    for number in range(40):
        more = a_task(
            f"more-{number}", groups=["sales", "support"], users=["mary"], tenantId=TENANT,
            due=DUE + number, description=noise(4_000), priority=number,
        )  # fmt: skip
        store.commit(Changes([Put(more)]))
    for name, each, before in asked:
        after = world.as_user(name).ask(*each)
        if after != before:
            faults.append(f"{name}: {each}: {after} is not {before}")
    return 2 * len(asked), faults


def bisection(world: Attacked) -> tuple[int, list[str]]:
    """Somebody looks for the victim's due date by halves: both halves have to look the same."""
    sent, faults = 0, []
    for name in ATTACKERS:
        attacker = world.as_user(name)
        low, high = 0, 4_000_000_000_000
        for _ in range(STEPS):
            middle = (low + high) // 2
            halves = [_due(attacker, *half) for half in ((low, middle), (middle, high))]
            sent += 2
            if halves[0] != halves[1]:
                faults.append(f"{name}: {low} to {high} differs: {halves}")
            low, high = (low, middle) if middle > DUE else (middle, high)
    return sent, faults


def _due(attacker: Attacker, low: int, high: int) -> tuple[int, Any]:
    dates = {"dueAfter": write(Instant(low)), "dueBefore": write(Instant(high))}
    body = {"processInstanceBusinessKey": f"bk-{SECRET}", **dates}
    answer = attacker.ask("POST", "/task?explain=true", body)
    text = answer.body.decode()
    for date in dates.values():
        text = text.replace(date, "")
    for instant in (low, high):
        text = text.replace(str(instant), "") if instant > 0 else text
    figures = {key: value for key, value in answer.headers if key.startswith("x-")}
    return answer.status, (figures, text.partition('"read"')[2])


def _values(secret: str) -> dict[str, str]:
    return {
        "sid": "operator-p4", "name": "amount", "index": "0", "key": f"pk-{secret}",
        "tenant": TENANT, "clientId": "c", "id of process-instance": f"pi-{secret}",
        "id of execution": f"ex-{secret}", "id of case-instance": f"ci-{secret}",
        "id of case-execution": f"ci-{secret}", "id of process-definition": f"pd-{secret}",
        "id of user": f"user-{secret}", "id of group": f"group-{secret}",
        "id of tenant": f"tenant-{secret}", "id of filter": f"filter-{secret}",
    }  # fmt: skip


def _named(answer: Answer, absent: dict[str, str], there: dict[str, str]) -> Answer:
    body = answer.body
    for name, value in absent.items():
        if len(value) > 3:
            body = body.replace(value.encode(), there[name].encode())
    return answer._replace(body=body)


def _without_names(answer: Answer, there: dict[str, str]) -> bytes:
    body = answer.body
    for value in there.values():
        if len(value) > 3:
            body = body.replace(value.encode(), b"")
    return body


def _criteria(_: str, secret: str, mark: str) -> Iterator[Reference]:
    hidden = f"hidden-{mark}"
    criteria: tuple[dict[str, Any], ...] = (
        {"taskId": hidden}, {"taskIdIn": [hidden]}, {"name": secret}, {"nameLike": f"%{secret}%"},
        {"descriptionLike": f"%{secret}%"}, {"processInstanceId": f"pi-{secret}"},
        {"processInstanceBusinessKey": f"bk-{secret}"}, {"processDefinitionKey": f"pk-{secret}"},
        {"caseInstanceId": f"ci-{secret}"}, {"executionId": f"ex-{secret}"},
        {"taskDefinitionKey": f"td-{secret}"}, {"parentTaskId": hidden},
        {"processVariables": [{"name": "amount", "operator": "eq", "value": secret}]},
        {"taskVariables": [{"name": "amount", "operator": "eq", "value": secret}]},
        {"orQueries": [{"nameLike": f"%{secret}%", "processInstanceId": f"pi-{secret}"}]},
    )  # fmt: skip
    for body in criteria:
        for target in ("/task", "/task?explain=true", "/task/count", "/history/task"):
            yield "POST", target, body
    for target in ("/variable-instance", "/history/variable-instance"):
        yield (
            "POST",
            target,
            {"variableValues": [{"name": "amount", "operator": "eq", "value": secret}]},
        )
        yield "POST", target, {"processInstanceIdIn": [f"pi-{secret}"]}
        yield "POST", target, {"taskIdIn": [hidden]}
    yield "GET", f"/history/user-operation?taskId={hidden}", None
    yield "GET", f"/process-instance?businessKey=bk-{secret}", None
    yield (
        "GET",
        f"/authorization/check?permissionName=READ&resourceName=Task&resourceType=7&resourceId={hidden}",
        None,
    )


def _writes(name: str, secret: str, mark: str) -> Iterator[Reference]:
    hidden = f"hidden-{mark}"
    yield "POST", "/task/create", {"id": f"{name}-child-{mark}", "parentTaskId": hidden}
    yield "POST", "/task/create", {"id": f"{name}-into-{mark}", "tenantId": TENANT}
    yield "PUT", "/task/of-none", {"name": "n", "parentTaskId": hidden}
    instance = {"name": "n", "id": f"{name}-p-{mark}", "processInstanceId": f"pi-{secret}"}
    yield "POST", "/task/create", instance
    for own in (f"{name}-p-{mark}", f"{name}-child-{mark}"):
        yield "PUT", f"/task/{own}/variables/amount", {"value": "overwritten", "type": "String"}
        yield "POST", f"/task/{own}/complete", {"variables": {"amount": {"value": "overwritten"}}}
        yield "DELETE", f"/task/{own}", None


def _questions() -> Iterator[Reference]:
    bodies: tuple[dict[str, Any], ...] = (
        {}, {"candidateGroup": "sales"}, {"candidateUser": "mary"}, {"assignee": "mary"},
        {"dueAfter": write(Instant(DUE - MINUTE)), "dueBefore": write(Instant(DUE + MINUTE))},
        {"sorting": [{"sortBy": "priority", "sortOrder": "desc"}]}, {"unassigned": True},
        {"involvedUser": "mary"}, {"nameLike": "%Task%"},
    )  # fmt: skip
    for body in bodies:
        for target in ("/task", "/task?maxResults=1", "/task?explain=true", "/task/count"):
            yield "POST", target, body
    for target in (
        "/task", "/task/count", "/history/task", "/history/task/count", "/v1/tasks",
        "/v1/services/operator-p4/tasks", "/task/report/candidate-group-count", "/process-instance",
        "/process-definition", "/variable-instance", "/history/user-operation", "/tenant", "/user",
        "/group", "/filter", "/identity/groups?userId=mary", "/task/more-1", "/task/more-1/form",
    ):  # fmt: skip
        yield "GET", target, None


def _changed(world: Attacked, before: list[str]) -> list[str]:
    return [] if world.state() == before else ["what is stored of the victim's tasks has changed"]
