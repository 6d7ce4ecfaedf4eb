"""Asking a query of tasks without a table."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from taskdock.api.queries.reading import read_body, read_parameters
from taskdock.domain.caller import Caller
from taskdock.domain.expressions.expression import Scope
from taskdock.domain.instants import Instant
from taskdock.domain.query.binding import bind
from taskdock.domain.query.matching import matcher
from taskdock.domain.query.model import TaskQuery
from taskdock.domain.query.sorting import Order
from taskdock.domain.tasks.task import Task
from taskdock.use_cases.ports import Changes, Put, TaskStore
from taskdock.use_cases.query.paging import Window
from taskdock.use_cases.query.query_tasks import QueryRequest, find_tasks
from taskdock.use_cases.query.read_budget import Limits

NOW: Final = Instant(1_772_359_200_000)
"""2026-03-01T10:00:00Z, when questions are asked unless they say otherwise."""

NOW_TEXT: Final = "2026-03-01T10:00:00.000+0000"

DEMO: Final = Caller("demo", ("accounting", "sales"), frozenset({"t1", "t2"}))
"""The default caller."""

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {"mary": ("sales", "support")}
"""The groups of other users; a user who is not named is in none."""


UNLIMITED: Final = Limits()
ALL: Final = Window()


def groups_of(user: str) -> tuple[str, ...]:
    """What the directory says of a user."""
    return GROUPS.get(user, ())


def bound(query: TaskQuery, caller: Caller = DEMO, now: Instant = NOW) -> TaskQuery:
    """The query as the caller asks it at that time."""

    def groups(user: str) -> tuple[str, ...]:
        return caller.groups if user == caller.user else groups_of(user)

    return bind(query, Scope(now, caller.user, caller.groups), groups)


def chosen(
    query: TaskQuery, tasks: Iterable[Task], caller: Caller = DEMO, now: Instant = NOW
) -> list[str]:
    """The ids of those tasks that meet the query, in its order: every task is looked at."""
    ready = bound(query, caller, now)
    matches = matcher(ready, caller.tenants).test
    return [task["id"] for task in sorted(filter(matches, tasks), key=Order(ready.sorting).key)]


def found(body: Mapping[str, Any], *tasks: Task, caller: Caller = DEMO) -> list[str]:
    """The ids of those tasks that a JSON body asks for, in its order."""
    return chosen(read_body(body), tasks, caller)


def found_by_get(parameters: Mapping[str, str], *tasks: Task, caller: Caller = DEMO) -> list[str]:
    """The ids of those tasks that a query string asks for, in its order."""
    return chosen(read_parameters(parameters, json.loads), tasks, caller)


def query_request(
    body: Mapping[str, Any], caller: Caller = DEMO, now: Instant = NOW, limits: Limits = UNLIMITED
) -> QueryRequest:
    """The body as a question to a store."""
    return QueryRequest(read_body(body), caller, now, groups_of, limits)


def keep(store: TaskStore, *tasks: Task) -> None:
    """Put new tasks into a store."""
    for task in tasks:
        store.commit(Changes([Put(task)]))


def stored(
    body: Mapping[str, Any], store: TaskStore, caller: Caller = DEMO, window: Window = ALL
) -> list[str]:
    """The ids of the stored tasks that a JSON body asks for, found as a request finds them."""
    answer = find_tasks(query_request(body, caller), store, window)
    return [task["id"] for task in answer.tasks]
