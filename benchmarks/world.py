"""Generated tasks for the benchmarks, the same every time.

50 groups, 200 users, half of the tasks assigned, one or two candidate groups each, a third with a
candidate user, three process variables and one of the task's own, a business key for every three
tasks, priorities from 0 to 100, due within a hundred days, three in ten with a follow-up. Beside
them one small team whose size is the same in every world: a query for it must cost the same in
every world.
"""

import random
from collections.abc import Iterator
from typing import Final

from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import IdentityLink, Task, TaskId, Variable

NOW: Final = Instant(1_780_000_000_000)
DAY: Final = 86_400_000
GROUPS: Final = 50
USERS: Final = 200
DEFINITIONS: Final = ("approve", "check", "call", "sign", "ship", "review", "pay", "file")

TEAM: Final = "team"
TEAM_TASKS: Final = 300
TEAMMATE: Final = "teammate"
TEAMMATE_TASKS: Final = 25
OVERDUE_SHARE: Final = 0.1
FOLLOW_UP_SHARE: Final = 0.3


def world(size: int) -> Iterator[Task]:
    """`size` open tasks, the team's among them."""
    dice = random.Random(size)
    for number in range(size):
        yield _task(number, dice)


def _task(number: int, dice: random.Random) -> Task:
    instance = number // 3
    key = dice.choice(DEFINITIONS)
    task: dict[str, object] = {
        "id": TaskId(f"{dice.getrandbits(128):032x}"),
        "name": f"{key.title()} order {instance} of customer {dice.randrange(1000)}",
        "description": f"Please {key} what customer {dice.randrange(1000)} sent in on Monday.",
        "priority": dice.randrange(101),
        "created": NOW - dice.randrange(365 * DAY),
        "due": NOW + int((dice.random() - OVERDUE_SHARE) * 100 * DAY),
        "taskDefinitionKey": key,
        "taskState": "Created",
        "state": "created",
        "executionId": f"execution-{instance}",
        "processInstanceId": f"instance-{instance}",
        "processInstanceBusinessKey": f"order-{instance}",
        "processDefinitionId": "order:1:4711",
        "processDefinitionKey": "order",
        "processDefinitionName": "Order fulfilment",
        "processVariables": {
            "amount": _variable("Integer", dice.randrange(1000)),
            "region": _variable("String", dice.choice(["north", "south", "east", "west"])),
            "express": _variable("Boolean", dice.random() < 0.3),
        },
        "variables": {"attempts": _variable("Integer", dice.randrange(5))},
        "links": list(_links(number, dice)),
    }
    if dice.random() < FOLLOW_UP_SHARE:
        task["followUp"] = NOW + int((dice.random() - 0.5) * 60 * DAY)
    if number < TEAMMATE_TASKS:
        task["assignee"] = TEAMMATE
    elif number >= TEAM_TASKS and dice.random() < 0.5:
        task["assignee"] = f"user-{dice.randrange(USERS)}"
    return task  # type: ignore[return-value]  # built key by key


def _variable(kind: str, value: object) -> Variable:
    return {"type": kind, "value": value}


def _links(number: int, dice: random.Random) -> Iterator[IdentityLink]:
    if number < TEAM_TASKS:
        yield {"type": "candidate", "userId": None, "groupId": TEAM}
        return
    for group in dice.sample(range(GROUPS), dice.choice((1, 2))):
        yield {"type": "candidate", "userId": None, "groupId": f"group-{group}"}
    if dice.random() < 1 / 3:
        user = f"user-{dice.randrange(USERS)}"
        yield {"type": "candidate", "userId": user, "groupId": None}
