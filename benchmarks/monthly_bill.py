"""The bill of a month in which 100,000 tasks are created, found, claimed and completed.

Units, milliseconds and bytes of logs are measured per request, through the functions' own apps
on a table in dynoxide that holds the tasks which are open at a time; prices are list prices.
"""

import io
import json
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from itertools import count
from time import perf_counter
from typing import Any, Final

from taskdock.runtime.http_app import HttpApp
from taskdock.runtime.logging import logger
from taskdock.runtime.settings import Settings
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.ports import Changes, Put

from benchmarks.world import world
from functions.create_task.handler import create_app as create_app
from functions.manage_task.handler import create_app as manage_app
from functions.query_tasks.handler import create_app as query_app
from local.dynoxide import Dynoxide
from local.dynoxide import find as find_dynoxide
from local.settings import REPOSITORY
from tests.support.capacity_meter import ConsumedCapacity, metered
from tests.support.http_events import USER_CLAIMS, Context, http_event, reply
from tests.support.set_clock import SetClock
from tests.support.tables import Table, new_table

TASKS: Final = 100_000
OPEN_TASKS: Final = 5_000
"""Tasks that are open at a time: each for a day and a half."""
ROUNDS: Final = 60
WARM_UP: Final = 5

MEMORY_GB: Final = 1769 / 1024
STREAM_GB: Final = 512 / 1024
STREAM_MS: Final = 20.0
"""Milliseconds that `publish_task_events` takes for one change, sending the event included."""
PLATFORM_LOG_BYTES: Final = 1_000
"""What Lambda's own lines of an invocation and the access log's line have together."""
EVENTS_A_TASK: Final = 3
"""`TaskCreated`, `TaskAssigned`, `TaskCompleted`."""

USD_READ: Final = 0.125 / 1e6
USD_WRITE: Final = 0.625 / 1e6
USD_API: Final = 1.00 / 1e6
USD_INVOCATION: Final = 0.20 / 1e6
USD_GB_SECOND: Final = 0.0000133334
USD_EVENT: Final = 1.00 / 1e6
USD_LOG_GB: Final = 0.50
USD_METRIC: Final = 0.30
METRICS: Final = 4
ALARMS: Final = 0.90

type Ask = Callable[[], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Step:
    """A kind of request, how often a task sees it, and what one takes."""

    title: str
    per_task: int
    reads: float
    writes: float
    milliseconds: float
    log_bytes: float


def steps(table: Table) -> Iterator[Step]:
    """Every kind of request, measured."""
    wiring = Wiring(Settings())
    wiring.store = table.store(keeping=table.keeping(SetClock.real()))
    create, query, manage = (make(lambda: wiring) for make in (create_app, query_app, manage_app))
    numbers = count()
    made: list[str] = []

    def creating() -> dict[str, Any]:
        made.append(f"bill-{next(numbers)}")
        body = {
            "id": made[-1],
            "name": "Approve order 4711",
            "description": "Please approve what customer 4711 sent in on Monday.",
            "due": "2026-12-24T12:00:00.000+0000",
            "priority": 60,
        }
        return _event("POST /task/create", body)

    def asking(body: dict[str, Any], path: str = "/task") -> Ask:
        return lambda: _event(f"POST {path}", body)

    def on_each(path: str, body: dict[str, Any] | None, method: str = "POST") -> Ask:
        tasks = iter(list(made))
        return lambda: _event(f"{method} /task/{next(tasks)}{path}", body)

    newest = {"sorting": [{"sortBy": "created", "sortOrder": "desc"}]}
    group = {"candidateGroup": "group-7"}
    yield _step("create", 1, table, (create, creating))
    offered = on_each("/identity-links", {"groupId": "group-7", "type": "candidate"})
    yield _step("link to a group", 1, table, (manage, offered))
    inbox = {**group, **newest}
    yield _step("a group's inbox, newest 20", 8, table, (query, _paged(asking(inbox))))
    yield _step("its count", 5, table, (query, asking(group, "/task/count")))
    yield _step("my tasks", 4, table, (query, asking({"assignee": "user-7"})))
    in_the_north = [{"name": "region", "operator": "eq", "value": "north"}]
    by_variable = {**group, "processVariables": in_the_north}
    yield _step("the inbox by a variable", 1, table, (query, asking(by_variable)))
    yield _step("one task", 2, table, (manage, on_each("", None, "GET")))
    yield _step("claim", 1, table, (manage, on_each("/claim", {"userId": "user-7"})))
    yield _step("complete", 1, table, (manage, on_each("/complete", {})))


def _paged(ask: Ask) -> Ask:
    return lambda: ask() | {"rawQueryString": "maxResults=20"}


def _event(route: str, body: dict[str, Any] | None) -> dict[str, Any]:
    text = None if body is None else json.dumps(body)
    return http_event(route, body=text, claims={**USER_CLAIMS, "username": "user-7"})


def _step(title: str, per_task: int, table: Table, asked: tuple[HttpApp, Ask]) -> Step:
    app, ask = asked
    times, logs = [], []
    with metered(table.client) as consumed:
        for number in range(ROUNDS + WARM_UP):
            event, printed = ask(), io.StringIO()
            if number == WARM_UP:
                before = ConsumedCapacity(read=consumed.read, written=consumed.written)
            with redirect_stdout(printed):
                logger.registered_handler.stream = printed  # type: ignore[attr-defined]
                started = perf_counter()
                answer = reply(app(event, Context()))
                times.append((perf_counter() - started) * 1000)
            assert answer.status < 300, (title, answer.text)
            logs.append(len(printed.getvalue().encode()))
    return Step(
        title,
        per_task,
        (consumed.read - before.read) / ROUNDS,
        (consumed.written - before.written) / ROUNDS,
        statistics.median(times[WARM_UP:]),
        statistics.median(logs[WARM_UP:]),
    )


def bill(measured: Sequence[Step]) -> Iterator[tuple[str, str, float]]:
    """What is paid for, how much of it there is in the month, and US dollars."""

    def total(amount: Callable[[Step], float]) -> float:
        return TASKS * sum(each.per_task * amount(each) for each in measured)

    requests = total(lambda _: 1.0)
    seconds = total(lambda each: each.milliseconds) / 1000 * MEMORY_GB
    events = TASKS * EVENTS_A_TASK
    stream_seconds = events * STREAM_MS / 1000 * STREAM_GB
    log_gb = total(lambda each: each.log_bytes + PLATFORM_LOG_BYTES) / 1e9
    reads, writes = total(lambda each: each.reads), total(lambda each: each.writes)
    yield "API Gateway", f"{requests:,.0f} requests", requests * USD_API
    yield "Lambda, requests", f"{requests + events:,.0f}", (requests + events) * USD_INVOCATION
    yield (
        "Lambda, time",
        f"{seconds + stream_seconds:,.0f} GB-seconds",
        (seconds + stream_seconds) * USD_GB_SECOND,
    )
    yield "DynamoDB, reads", f"{reads:,.0f} units", reads * USD_READ
    yield "DynamoDB, writes", f"{writes:,.0f} units", writes * USD_WRITE
    yield "EventBridge", f"{events:,.0f} events", events * USD_EVENT
    yield "CloudWatch, logs", f"{log_gb:.1f} GB", log_gb * USD_LOG_GB
    yield "CloudWatch, metrics", f"{METRICS} metrics", METRICS * USD_METRIC
    yield "CloudWatch, alarms", "see above", ALARMS


def main() -> None:
    """Measure, and print both tables."""
    with (
        Dynoxide(find_dynoxide(REPOSITORY / ".local"), None) as server,
        new_table(server.endpoint) as table,
    ):
        store = table.store()
        for task in world(OPEN_TASKS):
            store.commit(Changes([Put(task)]))
        measured = list(steps(table))
    print("| Request | per task | read units | write units | ms | bytes of log |")
    print("|---|--:|--:|--:|--:|--:|")
    for each in measured:
        print(
            f"| {each.title} | {each.per_task} | {each.reads:.1f} | {each.writes:.1f} "
            f"| {each.milliseconds:.1f} | {each.log_bytes:.0f} |"
        )
    print("\n| Paid for | amount | USD |\n|---|--:|--:|")
    lines = list(bill(measured))
    for title, amount, dollars in lines:
        print(f"| {title} | {amount} | {dollars:.2f} |")
    print(f"| **together** | | **{sum(dollars for *_, dollars in lines):.2f}** |")


if __name__ == "__main__":
    main()
