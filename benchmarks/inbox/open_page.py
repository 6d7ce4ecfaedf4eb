"""What an open page costs while nobody touches it: `python -m benchmarks.inbox.open_page`.

A page that is visible looks at what it shows every eight seconds. The looks are made here through
the function's own app, on a table in dynoxide: read units, bytes and milliseconds are those of one
look, and an hour has 450. Prices are list prices. The table is written to docs/inbox.md.
"""

import base64
import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final

from taskdock.runtime.http_app import HttpApp
from taskdock.runtime.logging import logger
from taskdock.runtime.settings import Settings
from taskdock.runtime.wiring import Wiring

from benchmarks.monthly_bill import MEMORY_GB, USD_API, USD_GB_SECOND, USD_INVOCATION, USD_READ
from benchmarks.pages import write_section
from benchmarks.tables import table_with_world
from functions.manage_filters.handler import create_app
from local.settings import REPOSITORY
from tests.support.capacity_meter import metered
from tests.support.http_events import USER_CLAIMS, Context, http_event
from tests.support.tables import Table

PAGE: Final = REPOSITORY / "docs" / "inbox.md"
SIZE: Final = 100_000
PACE: Final = 8
"""Seconds between two looks (`inbox/src/api/pulse.ts`)."""
LOOKS: Final = 3600 // PACE
ROUNDS: Final = 40
USD_GB_OUT: Final = 0.09

type Query = dict[str, Any]

BY_DUE: Final = [
    {"sortBy": "dueDate", "sortOrder": "asc"},
    {"sortBy": "priority", "sortOrder": "desc"},
]
NEWEST: Final = [{"sortBy": "created", "sortOrder": "desc"}]
NOW: Final = "2026-05-28T20:26:40.000Z"


def concerning(person: str) -> Query:
    """What the numbers beside the lists are counted from (`inbox/src/lists/definitions.ts`)."""
    return {"orQueries": [{"assignee": person, "candidateUser": person}]}


@dataclass(frozen=True, slots=True)
class Shown:
    """A page: whose, and what it shows."""

    title: str
    person: str
    groups: str
    shown: Query
    task: bool = False
    filters: int = 0


PAGES: Final[Sequence[Shown]] = (
    Shown(
        "My tasks (25), a task open",
        "teammate",
        "",
        {"assignee": "teammate", "followUpBeforeOrNotExistent": NOW, "sorting": BY_DUE},
        task=True,
    ),
    Shown(
        "My groups (275 offered), a task open, two filters of one's own",
        "teammate",
        "team",
        {"candidateUser": "teammate", "followUpBeforeOrNotExistent": NOW, "sorting": NEWEST},
        task=True,
        filters=2,
    ),
    Shown("All of 100,000, newest first", "teammate", "", {"sorting": NEWEST}),
)


def main() -> None:
    """Measure, print, and write the table."""
    logger.setLevel("CRITICAL")
    lines = [
        "| A page that shows | read units a look | bytes of an answer | ms | USD an hour |",
        "|---|--:|--:|--:|--:|",
    ]
    with table_with_world(SIZE) as table:
        lines += [_measured(table, each) for each in PAGES]
    text = "\n".join(lines)
    print(text)
    write_section(PAGE, "open_page", text)


def _measured(table: Table, page: Shown) -> str:
    wiring = Wiring(Settings(expressions_enabled=True))
    wiring.store, wiring.filters = table.store(), table.filters()
    app = create_app(lambda: wiring)
    for number in range(page.filters):
        _ask(app, page, "POST /filter/create", _filter(number))
    first = _ask(app, page, "POST /v1/look", _look(page))
    tags = [each["tag"] for each in first["queries"]]
    look = _look(page, tags, first["filters"]["tag"])
    if page.task:
        task = first["queries"][0]["tasks"][0]["id"]
        shown = {"query": {"taskId": task}, "maxResults": 1}
        opened = _ask(app, page, "POST /v1/look", {"queries": [shown]})
        look["queries"].append({**shown, "tag": opened["queries"][0]["tag"]})
    times, sizes = [], []
    with metered(table.client) as meter:
        for _ in range(ROUNDS):
            started = perf_counter()
            answer = app(_event(page, "POST /v1/look", look), Context())
            times.append((perf_counter() - started) * 1000)
            sizes.append(_bytes_of(answer))
    unchanged = json.loads(answer["body"])
    assert {each["status"] for each in unchanged["queries"]} == {304}, unchanged
    return _row(page.title, meter.read / ROUNDS, sizes[-1], statistics.median(times))


def _row(title: str, units: float, size: int, milliseconds: float) -> str:
    once = USD_API + USD_INVOCATION + milliseconds / 1000 * MEMORY_GB * USD_GB_SECOND
    hour = LOOKS * (once + units * USD_READ + size / 1e9 * USD_GB_OUT)
    return f"| {title} | {units:g} | {size:,} | {milliseconds:.0f} | {hour:.4f} |"


def _look(page: Shown, tags: Sequence[str] = ("", ""), filters: str = "") -> Query:
    mine, around = tags
    return {
        "queries": [
            {"query": page.shown, "maxResults": 50, "tag": mine},
            {"query": concerning(page.person), "maxResults": 200, "tag": around},
        ],
        "filters": {"tag": filters},
    }


def _filter(number: int) -> Query:
    query = {"assigneeExpression": "${currentUser()}", "minPriority": 50 + number}
    return {"resourceType": "Task", "name": f"Urgent {number}", "query": query}


def _event(page: Shown, route: str, body: Query) -> dict[str, Any]:
    return http_event(
        route,
        body=json.dumps(body),
        headers={"content-type": "application/json", "accept-encoding": "gzip"},
        claims={**USER_CLAIMS, "username": page.person, "cognito:groups": f"[{page.groups}]"},
    )


def _ask(app: HttpApp, page: Shown, route: str, body: Query) -> Any:
    event = _event(page, route, body)
    event["headers"]["accept-encoding"] = "identity"
    answer = app(event, Context())
    assert answer["statusCode"] == 200, answer["body"][:300]
    return json.loads(answer["body"])


def _bytes_of(answer: Mapping[str, Any]) -> int:
    body: str = answer["body"]
    return len(base64.b64decode(body)) if answer["isBase64Encoded"] else len(body.encode())


if __name__ == "__main__":
    main()
