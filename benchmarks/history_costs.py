"""What history costs: `python -m benchmarks.history_costs`.

Write units of a task's life, those of the reader of the stream apart, and read units of common
queries while there are 100,000 ended tasks. On a table in dynoxide, through the functions' own
apps; filling the table takes a quarter of an hour.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import Any, Final

from taskdock.adapters.dynamodb.task_items import task_items
from taskdock.domain import instants
from taskdock.domain.events.detection import Change
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import Task
from taskdock.runtime.http_app import HttpApp
from taskdock.runtime.logging import logger
from taskdock.runtime.settings import Settings
from taskdock.runtime.stream_records import deliveries
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.history.write_history import write_history

from functions.create_task.handler import create_app as create_app
from functions.manage_task.handler import create_app as manage_app
from functions.query_tasks.handler import create_app as query_app
from local.dynoxide import Dynoxide, find
from local.settings import REPOSITORY
from tests.support.builders import CREATED, MINUTE, a_task
from tests.support.capacity_meter import metered
from tests.support.http_events import Context, http_event, reply
from tests.support.tables import Table, new_table

ENDED: Final = 100_000
USERS: Final = 1_000
A_DAY: Final = 24 * 60 * MINUTE
DAYS: Final = 90

USD_WRITE: Final = 0.625 / 1e6
USD_READ: Final = 0.125 / 1e6

LIFE: Final[Sequence[tuple[str, str, str | None]]] = (
    ("create", "POST /task/create", '{"id": "t1", "name": "Approve the invoice"}'),
    (
        "link to a group",
        "POST /task/t1/identity-links",
        '{"groupId": "sales", "type": "candidate"}',
    ),
    ("claim", "POST /task/t1/claim", '{"userId": "demo"}'),
    ("comment", "POST /task/t1/comment/create", '{"message": "Looks good to me."}'),
    ("complete", "POST /task/t1/complete", "{}"),
)
QUERIES: Final = (
    ("one task", "taskId=e5"),
    ("a person's ended tasks", "taskAssignee=user7&finished=true"),
    ("all of a person's tasks", "taskAssignee=user7"),
    ("a process instance's tasks", "processInstanceId=p7"),
    ("ended in the last day", f"finishedAfter={DAYS - 1}"),
    ("ended in the last day, by a person", f"finishedAfter={DAYS - 1}&taskAssignee=user7"),
    ("everything that has ended", "finished=true"),
)


def main() -> None:
    """Measure, and print both tables."""
    logger.setLevel("ERROR")
    with Dynoxide(find(REPOSITORY / ".local"), None) as server:
        with new_table(server.endpoint) as table:
            lines = [*life(table)]
        with new_table(server.endpoint) as table:
            fill(table)
            lines += ["", *queries(table)]
    sys.stdout.write("\n".join(lines) + "\n")


def life(table: Table) -> Iterator[str]:
    """Write units of each step, of its request and of the reader of the stream."""
    wiring = Wiring(Settings())
    wiring.store = table.store()
    apps = {"create": create_app(lambda: wiring), "manage": manage_app(lambda: wiring)}
    stream = table.stream()
    yield "| Step | write units | for history | USD for a million |"
    yield "|---|--:|--:|--:|"
    sums = [0.0, 0.0]
    for title, route, body in LIFE:
        app = apps["create" if route.endswith("/task/create") else "manage"]
        with metered(table.client) as asked:
            ask(app, http_event(route, body=body))
        with metered(table.client) as noted:
            for delivery in deliveries({"Records": [*unread(stream)]}):
                assert isinstance(delivery.content, Change)
                write_history(wiring.store, delivery.content, DAYS)
        sums = [sums[0] + asked.written, sums[1] + noted.written]
        yield line(title, asked.written, noted.written)
    yield line("**together**", *sums)


def line(title: str, asked: float, noted: float) -> str:
    """A row of the first table."""
    return f"| {title} | {asked:g} | {noted:g} | {(asked + noted) * USD_WRITE * 1e6:.2f} |"


def unread(stream: Any) -> Iterator[Any]:
    """The records of tasks that were not read yet."""
    for page in stream.unread():
        yield from (each for each in page if each["dynamodb"]["Keys"]["SK"]["S"] == "TASK")


def fill(table: Table) -> None:
    """Write the ended tasks."""
    tasks = [ended_task(number) for number in range(ENDED)]
    for start in range(0, ENDED, 25):
        requests = [
            {"PutRequest": {"Item": task_items(task, 2, DAYS)[0]}}
            for task in tasks[start : start + 25]
        ]
        table.client.batch_write_item(RequestItems={table.name: requests})  # type: ignore[dict-item]


def ended_task(number: int) -> Task:
    """One of the tasks; they ended one after the other, over 90 days."""
    ended = Instant(CREATED + number * DAYS * A_DAY // ENDED)
    return a_task(
        f"e{number}",
        groups=["sales"],
        assignee=f"user{number % USERS}",
        processInstanceId=f"p{number // 3}",
        ended=ended,
        state="completed",
        endReason="completed",
    )


def queries(table: Table) -> Iterator[str]:
    """Read units of common queries."""
    wiring = Wiring(Settings(max_read_units=100_000))
    wiring.store = table.store()
    app = query_app(lambda: wiring)
    yield "| Query | tasks | read units | USD for a thousand |"
    yield "|---|--:|--:|--:|"
    for title, query in QUERIES:
        since = instants.write(Instant(CREATED + (DAYS - 1) * A_DAY)).replace("+", "%2B")
        target = query.replace(f"finishedAfter={DAYS - 1}", f"finishedAfter={since}")
        with metered(table.client) as asked:
            answer = ask(app, http_event("GET /history/task/count", query=target))
        dollars = asked.read * USD_READ * 1e3
        yield f"| {title} | {answer['count']:,} | {asked.read:g} | {dollars:.4f} |"


def ask(app: HttpApp, event: dict[str, Any]) -> Any:
    """The answer of an app, which has to be a good one."""
    answer = reply(app(event, Context()))
    assert answer.status < 300, answer.text
    return answer.json


if __name__ == "__main__":
    main()
