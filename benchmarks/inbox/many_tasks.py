"""A list of 10,000 tasks in the browser: `python -m benchmarks.inbox.many_tasks`.

The local service holds 10,000 open tasks. A person opens the list of all of them, goes through it,
searches and counts, with a wheel and keys as the browser gets them from a person. Each step is
measured from the turn or the press to the first frame with the rows that belong there, and of those
that ask the service also how long the page waits for it. The table is written to docs/inbox.md. The
program fails where more than one in twenty steps of a kind takes longer than `LIMIT`, or where the
page stands still for `STANDSTILL`. What a process of the service does once, when it is asked for
the first time, is measured apart and has no limit.
"""

import json
import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from threading import Event
from time import monotonic
from typing import Any, Final

from taskdock.adapters.dynamodb import task_items
from taskdock.domain.tasks.task import Task, TaskId, changed

from benchmarks.inbox.hands import Hands, Time
from benchmarks.inbox.office import Office
from benchmarks.inbox.served import browser_program, inbox
from benchmarks.pages import write_section
from benchmarks.world import world
from local.service import LocalService
from local.settings import REPOSITORY
from tests.support.tables import dynamodb_client

PAGE: Final = REPOSITORY / "docs" / "inbox.md"
SIZE: Final = 10_000
OWN: Final = 60
"""One in so many tasks is the person's own, so that there is something to count."""
AT_ONCE: Final = 25
LIMIT: Final = 200
STANDSTILL: Final = 1000
WORDS: Final = (
    *("customer 17", "customer 256", "order 901", "ship", "what customer 5"),
    *(f"customer {number}" for number in (9, 31, 77, 404, 512)),
    *(f"order {number}" for number in (3, 68, 123, 777, 5000)),
    *("no such task", "customer", "order", "check", "e"),
)
TOKENS: Final = (
    *("priority>95", "due:today", "due:overdue", "amount>990", "priority>50 ship"),
    *(f"priority>{number}" for number in (10, 30, 60, 80, 99)),
    *(f"amount>{number}" for number in (1, 100, 400, 700, 900)),
    *("group:sales", "assignee:demo", "due:today customer", "due:tomorrow", "priority>20 order"),
)
PATIENCE: Final = 60.0
"""Seconds until there are columns."""
WITH_COLUMNS: Final = 100
"""A search that reads fewer units than this was answered from columns."""


@dataclass(frozen=True, slots=True)
class Step:
    """A kind of step, and how long each one took."""

    title: str
    times: Sequence[Time]
    asks: bool = False
    """Whether the step waits for the service."""
    has_limit: bool = True

    @property
    def is_slow(self) -> bool:
        """Whether people wait for it too often."""
        return self.has_limit and self.most > LIMIT

    @property
    def median(self) -> float:
        """Milliseconds that half of the steps take at most."""
        return statistics.median(each.took for each in self.times)

    @property
    def most(self) -> float:
        """Milliseconds that 95 % of the steps take at most."""
        found = sorted(each.took for each in self.times)
        return found[math.ceil(len(found) * 0.95) - 1]


def main() -> None:
    """Measure, print, write the table; fail for what is too slow."""
    with inbox(events=False) as service, Hands(browser_program()) as page:
        _fill(service)
        first = _first_search(Office(service))
        page.sign_in(service.url, "demo")
        steps = []
        for step in _measured(page, Office(service)):
            print(_row(step), flush=True)
            steps.append(step)
        standstill, bare = page.standstill()
    lines = [
        "| Step | steps | median ms | 95 % within | longest | of it waiting, median |",
        "|---|--:|--:|--:|--:|--:|",
        *map(_row, steps),
        "",
        f"The longest time without a frame while all {SIZE:,} were gone through: {standstill:.0f} "
        f"ms; with a part of the list empty: {bare:.0f} ms. The very first search of a table reads "
        f"all tasks and has their columns made: {first:,.0f} ms.",
    ]
    text = "\n".join(lines)
    print(text)
    write_section(PAGE, "many_tasks", text)
    slow = [each.title for each in steps if each.is_slow]
    if slow or standstill > STANDSTILL:
        raise SystemExit(f"too slow: {', '.join(slow) or 'the page stood still'}")


def _fill(service: LocalService) -> None:
    """Write the tasks past the API, which would take minutes."""
    client = dynamodb_client(service.cloud.table_endpoint, attempts=5)
    [table] = client.list_tables()["TableNames"]
    items = [item for task in _tasks() for item in task_items.task_items(task, 1, 1)]
    for start in range(0, len(items), AT_ONCE):
        puts: Any = [{"PutRequest": {"Item": item}} for item in items[start : start + AT_ONCE]]
        left = client.batch_write_item(RequestItems={table: puts})["UnprocessedItems"]
        assert not left, left


def _tasks() -> Iterator[Task]:
    # A task without candidates is one item.
    for number, task in enumerate(world(SIZE)):
        yield changed(task, assignee=None if number % OWN else "demo", links=None)


def _first_search(office: Office) -> float:
    """Milliseconds of the first search of the table, by a process that has started; the next ones
    find columns."""
    office.ask("POST", "/v1/look", {"queries": []})
    searched = {"query": {"nameLike": "%customer 17%"}, "maxResults": 50}
    start = monotonic()
    office.ask("POST", "/v1/look", {"queries": [searched]})
    took = (monotonic() - start) * 1000
    end = start + PATIENCE
    while True:
        [found] = office.ask("POST", "/v1/look", {"queries": [searched]})["queries"]
        if found["readUnits"] < WITH_COLUMNS:
            return took
        assert monotonic() < end, found["readUnits"]
        Event().wait(1)


def _measured(page: Hands, office: Office) -> Iterator[Step]:
    first = [_opened(page)]
    yield Step("the list of all, from a process that starts", first, asks=True, has_limit=False)
    yield Step("open the list of all", [_opened(page) for _ in range(20)], asks=True)
    page.watch_frames(is_watched=True)
    yield Step("a screen further by the wheel, loading what follows", [*_down(page)], asks=True)
    assert page.run("Math.max(...shown().map((row) => row.ariaPosInSet))") == SIZE
    page.watch_frames(is_watched=False)
    places = [(number * 7919) % SIZE for number in range(1, 21)]
    yield Step("to any place by the scroll bar", [_dragged(page, place) for place in places])
    page.focus(".rows")
    yield Step("to the start, to the end", [_jumped(page, key) for key in ("Home", "End") * 5])
    yield Step("ten tasks up", [_moved(page, "PageUp") for _ in range(60)])
    yield Step("a task up", [_moved(page, "ArrowUp") for _ in range(60)])
    yield Step("a letter of a search", [*_typed(page, "invoice of may")])
    first = [_searched(page, "customer")]
    yield Step("a search, from a process without columns", first, asks=True, has_limit=False)
    yield Step("search for words", [_searched(page, each) for each in WORDS], asks=True)
    yield Step("search by tokens", [_searched(page, each) for each in TOKENS], asks=True)
    others = [task["id"] for task in islice(world(SIZE), 1, 21)]
    counts = [_counted(page, office, each) for each in others]
    yield Step("the numbers of the lists, after a change", counts, asks=True)


def _opened(page: Hands) -> Time:
    page.run("location.hash = '#/mine'")
    page.reload()
    page.wait_for("shown().length > 8")
    page.rest()
    to_all = "() => location.hash.includes('all') && shown().length > 8 && covered()"
    return page.step("click", lambda: page.touch("[data-list=all]"), to_all)


def _down(page: Hands) -> Iterator[Time]:
    further = """(({ scrollTop, scrollHeight }) => () => covered()
      && (box().scrollTop !== scrollTop || box().scrollHeight !== scrollHeight || atEnd())
      && !(atEnd() && hasMore()))(box())"""
    height: float = page.run("box().clientHeight")
    while not page.run("atEnd() && !hasMore()"):
        yield page.step("wheel", lambda: page.turn_wheel(height), further)


def _dragged(page: Hands, place: int) -> Time:
    drag = f"box().scrollTop = box().scrollHeight * {place} / {SIZE}"
    return page.step("scroll", lambda: page.run(drag), "covered")


def _jumped(page: Hands, key: str) -> Time:
    there = "box().scrollTop === 0" if key == "Home" else "atEnd()"
    return page.step("keydown", lambda: page.press(key), f"() => {there} && covered()")


def _moved(page: Hands, key: str) -> Time:
    moved = """((before, at) => () => at() !== before && document.getElementById(at())
      && covered())(box().getAttribute("aria-activedescendant"),
      () => box().getAttribute("aria-activedescendant"))"""
    return page.step("keydown", lambda: page.press(key), moved)


def _typed(page: Hands, text: str) -> Iterator[Time]:
    page.focus("[name=search]")
    for end in range(1, len(text) + 1):
        key = text[end - 1].replace(" ", "Space")
        value = json.dumps(text[:end])
        is_there = f"() => document.querySelector('[name=search]').value === {value}"
        yield page.step("keydown", lambda key=key: page.press(key), is_there)  # type: ignore[misc]


def _searched(page: Hands, query: str) -> Time:
    """From Enter to the tasks that were found."""
    page.rest()
    page.write("[name=search]", query)
    found = f"""() => new URLSearchParams(location.hash.split("?")[1]).get("q")
      === {json.dumps(query)} && box().getAttribute("aria-busy") === "false" """
    return page.step("keydown", lambda: page.press("Enter"), found)


def _counted(page: Hands, office: Office, task: TaskId) -> Time:
    """From coming back to the page to the numbers as somebody has changed them meanwhile."""
    page.rest()
    number = int(page.run(f"{_MINE}?.innerText ?? '0'"))
    office.ask("POST", f"/task/{task}/assignee", {"userId": "demo"})
    back = "document.dispatchEvent(new Event('visibilitychange'))"
    is_right = f"() => {_MINE}.innerText === '{number + 1}'"
    return page.step("visibilitychange", lambda: page.run(back), is_right)


_MINE: Final = "document.querySelector('[data-list=mine] .count')"


def _row(step: Step) -> str:
    longest = max(each.took for each in step.times)
    waited = statistics.median(each.waited for each in step.times)
    figures = [step.median, step.most, longest]
    cells = [f"{each:.0f}" for each in [*figures, *([waited] if step.asks else [])]]
    row = " | ".join([step.title, str(len(step.times)), *cells])
    return f"| {row} |" if step.asks else f"| {row} | |"


if __name__ == "__main__":
    main()
