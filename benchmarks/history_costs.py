"""What history costs: `python -m benchmarks.history_costs`.

Write units of a task's life, those of the reader of the stream apart, and read units of common
queries while there are 100,000 ended tasks. On a table in dynoxide, through the functions' own
apps. The table with the ended tasks is made once and kept, as those of the other benchmarks are.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import Any, Final

from taskdock.domain import instants
from taskdock.domain.events.detection import Change
from taskdock.domain.instants import Instant
from taskdock.runtime.http_app import HttpApp
from taskdock.runtime.logging import logger
from taskdock.runtime.settings import Settings
from taskdock.runtime.stream_records import deliveries
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.history.write_history import write_history

from benchmarks.ended_tasks import DAYS
from benchmarks.tables import table_with_ended_tasks
from benchmarks.world import DAY, NOW, world
from functions.create_task.handler import create_app as create_app
from functions.manage_task.handler import create_app as manage_app
from functions.query_tasks.handler import create_app as query_app
from local.dynoxide import Dynoxide, find
from local.settings import REPOSITORY
from tests.support.capacity_meter import metered
from tests.support.http_events import Context, http_event, reply
from tests.support.set_clock import SetClock
from tests.support.tables import Table, new_table

ENDED: Final = 100_000

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
OF_TASKS: Final = "/history/task"
OF_OPERATIONS: Final = "/history/user-operation"
NEWEST: Final = "sortBy=endTime&sortOrder=desc&maxResults=20"
QUERIES: Final = (
    ("one task", OF_TASKS, "taskId={task}", ""),
    ("what was done to one task", OF_OPERATIONS, "taskId={task}", "maxResults=20"),
    ("a process instance's tasks", OF_TASKS, "processInstanceId=instance-7", ""),
    ("a person's ended tasks", OF_TASKS, "taskAssignee=person-7&finished=true", NEWEST),
    ("all of a person's tasks", OF_TASKS, "taskAssignee=person-7", NEWEST),
    (
        "ended in the last day, by a person",
        OF_TASKS,
        "finishedAfter={yesterday}&taskAssignee=person-7",
        NEWEST,
    ),
    ("ended in the last day", OF_TASKS, "finishedAfter={yesterday}", NEWEST),
    ("everything that has ended", OF_TASKS, "finished=true", NEWEST),
)
"""What is asked, where, by which filters; the page that is read of it."""


def main() -> None:
    """Measure, and print both tables."""
    logger.setLevel("ERROR")
    with Dynoxide(find(REPOSITORY / ".local"), None) as server, new_table(server.endpoint) as table:
        lines = [*life(table)]
    with table_with_ended_tasks(ENDED) as table:
        lines += ["", *queries(table)]
    sys.stdout.write("\n".join(lines) + "\n")


def life(table: Table) -> Iterator[str]:
    """Write units of each step, of its request and of the reader of the stream."""
    wiring = Wiring(Settings())
    wiring.store = table.store(keeping=table.keeping(SetClock.real()))
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


def queries(table: Table) -> Iterator[str]:
    """Read units of common queries: of the count of what they find, and of its first page."""
    wiring = Wiring(Settings(max_read_units=100_000))
    wiring.store = table.store()
    app = query_app(lambda: wiring)
    known = {
        "task": next(world(ENDED))["id"],
        "yesterday": instants.write(Instant(NOW - DAY)).replace("+", "%2B"),
    }
    yield "| Query | found | read units to count | for the first page | USD for a thousand pages |"
    yield "|---|--:|--:|--:|--:|"
    for title, path, filters, page in QUERIES:
        query = filters.format(**known)
        with metered(table.client) as counted:
            found = ask(app, http_event(f"GET {path}/count", query=query))["count"]
        with metered(table.client) as read:
            shown = ask(app, http_event(f"GET {path}", query=f"{query}&{page}"))
        assert len(shown) == min(found, 20), title
        dollars = read.read * USD_READ * 1e3
        yield f"| {title} | {found:,} | {counted.read:g} | {read.read:g} | {dollars:.4f} |"


def ask(app: HttpApp, event: dict[str, Any]) -> Any:
    """The answer of an app, which has to be a good one."""
    answer = reply(app(event, Context()))
    assert answer.status < 300, answer.text
    return answer.json


if __name__ == "__main__":
    main()
