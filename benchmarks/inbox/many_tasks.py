"""A list of 10,000 tasks in the browser: `python -m benchmarks.inbox.many_tasks`.

The local service holds 10,000 open tasks. A person opens the list of all of them, goes through it,
searches and counts, and each step is measured: from the key to the rows that belong there. The
table is written to docs/inbox.md. What somebody waits for has to be there within `LIMIT`
milliseconds where it needs no request; the program fails where half of the steps take longer.
"""

import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event
from time import monotonic
from typing import Any, Final

from taskdock.adapters.dynamodb import task_items
from taskdock.domain.tasks.task import changed

from benchmarks.inbox.recorded import Recorded
from benchmarks.inbox.served import browser_program, inbox
from benchmarks.pages import write_section
from benchmarks.world import world
from local.service import LocalService
from local.settings import REPOSITORY
from tests.support.tables import dynamodb_client

PAGE: Final = REPOSITORY / "docs" / "inbox.md"
SIZE: Final = 10_000
AT_ONCE: Final = 25
LIMIT: Final = 200
PATIENCE: Final = 1800.0
"""Seconds for going through all tasks."""

_STEPS: Final = """
window.frame = () => new Promise((done) => requestAnimationFrame(done));
window.box = () => document.querySelector(".rows");
window.shown = () => [...document.querySelectorAll(".row")];
window.until = async (is) => {
  const start = performance.now();
  while (!is()) {
    if (performance.now() - start > 60000) throw new Error(`never: ${is}`);
    await frame();
  }
  await frame();
};
window.timed = async (act, is) => {
  const start = performance.now();
  act();
  await until(is);
  return performance.now() - start;
};
window.pressed = (key) => () => (document.activeElement ?? document.body).dispatchEvent(
  new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
window.covered = () => {
  const { top, bottom } = box().getBoundingClientRect();
  const rows = shown().map((row) => row.getBoundingClientRect());
  return rows.some((row) => row.top <= top + 1 && row.bottom > top)
    && rows.some((row) => row.bottom >= bottom - 1);
};
window.steps = async (count, act, is) => {
  const found = [];
  for (let step = 0; step < count; step += 1) found.push(await timed(act, is()));
  return found;
};
"""
_SCROLL: Final = """
(async () => {
  const found = [];
  let longest = 0, before = performance.now(), going = true;
  (async () => { while (going) { await frame(); const now = performance.now();
    longest = Math.max(longest, now - before); before = now; } })();
  const atEnd = () => box().scrollHeight - box().scrollTop - box().clientHeight <= 2;
  const hasMore = () => shown()[0]?.getAttribute("aria-setsize") === "-1";
  const isThere = () => covered() && !(atEnd() && hasMore());
  while (!atEnd() || hasMore()) {
    found.push(await timed(() => (box().scrollTop += box().clientHeight), isThere));
  }
  going = false;
  return { found, longest, rows: shown().length,
    last: Math.max(...shown().map((row) => Number(row.getAttribute("aria-posinset")))) };
})()
"""
_KEYS: Final = """
(box().focus(), steps(60, pressed(%s), () => {
  const before = box().getAttribute("aria-activedescendant");
  return () => box().getAttribute("aria-activedescendant") !== before
    && document.getElementById(box().getAttribute("aria-activedescendant"));
}))
"""
_JUMP: Final = """
(box().focus(), timed(pressed(%s), () => box().scrollTop %s && covered()))
"""


@dataclass(frozen=True, slots=True)
class Step:
    """A kind of step, and how long each one took."""

    title: str
    milliseconds: Sequence[float]
    asks: bool = False
    """Whether the step waits for the service."""


def main() -> None:
    """Measure, print, write the table; fail for what is too slow."""
    with inbox(events=False) as service, Recorded(browser_program()) as page:
        _fill(service)
        page.sign_in(service.url, "demo")
        steps, longest = _measured(page, service.url)
    lines = [
        "| Step | steps | median ms | 95 % within | longest |",
        "|---|--:|--:|--:|--:|",
        *map(_row, steps),
        "",
        f"The longest time without a frame while all {SIZE:,} were gone through: {longest:.0f} ms.",
    ]
    text = "\n".join(lines)
    print(text)
    write_section(PAGE, "many_tasks", text)
    slow = [
        each.title
        for each in steps
        if not each.asks and statistics.median(each.milliseconds) > LIMIT
    ]
    if slow or longest > 1000:
        raise SystemExit(f"too slow: {', '.join(slow) or 'a second without a frame'}")


def _fill(service: LocalService) -> None:
    """Write the tasks past the API, which would take minutes."""
    client = dynamodb_client(service.cloud.table_endpoint, attempts=5)
    [table] = client.list_tables()["TableNames"]
    # Offered to nobody: so each is one item.
    tasks = (changed(task, assignee=None, links=None) for task in world(SIZE))
    items = [item for task in tasks for item in task_items.task_items(task, 1, 1)]
    for start in range(0, len(items), AT_ONCE):
        puts: Any = [{"PutRequest": {"Item": item}} for item in items[start : start + AT_ONCE]]
        left = client.batch_write_item(RequestItems={table: puts})["UnprocessedItems"]
        assert not left, left


def _measured(page: Recorded, url: str) -> tuple[list[Step], float]:
    page.go(f"{url}/inbox/#/mine")
    page.wait_for("Boolean(document.querySelector('.rows'))")
    page.run(_STEPS)
    opened = _told(
        page,
        "timed(() => document.querySelector('[data-list=all]').click(), () => shown().length > 8)",
    )
    first = _told(page, _SCROLL)
    assert first["last"] == SIZE, first
    _told(page, _JUMP % (json.dumps("Home"), "=== 0"))
    again = _told(page, _SCROLL)
    jumps = [
        _told(page, _JUMP % (json.dumps(key), place))
        for _ in range(5)
        for key, place in (("Home", "=== 0"), ("End", "> 0"))
    ]
    down = _told(page, _KEYS % json.dumps("ArrowUp"))
    words = [_searched(page, f"customer {number}") for number in (17, 256, 901)]
    tokens = [_searched(page, query) for query in ("priority>95", "due:today", "due:overdue")]
    return [
        Step("open the list of all", [opened], asks=True),
        Step("a screen further, loading what follows", first["found"], asks=True),
        Step("a screen further, all of it loaded", again["found"]),
        Step("to the start, to the end", jumps),
        Step("a task up by key", down),
        Step("search for words", words, asks=True),
        Step("search by a token", tokens, asks=True),
    ], max(first["longest"], again["longest"])


def _told(page: Recorded, script: str) -> Any:
    """What a promise comes to, however long it takes: a call to the browser waits half a minute."""
    page.run(
        f"window.told = null, ({script}).then((it) => (told = {{ it }}), "
        "(error) => (told = { error: String(error) })), null"
    )
    end = monotonic() + PATIENCE
    while not (told := page.run("window.told")):
        assert monotonic() < end, script
        Event().wait(0.5)
    if "error" in told:
        raise AssertionError(told["error"])
    return told.get("it")


def _searched(page: Recorded, query: str) -> float:
    """Milliseconds from Enter to the number of tasks that were found."""
    page.write("[name=search]", query)
    page.run("window.before = shown()[0]?.id; window.wanted = performance.now()")
    page.press("Enter")
    found: float = _told(
        page,
        "until(() => box()?.getAttribute('aria-busy') === 'false' && location.hash.includes('q='))"
        ".then(() => performance.now() - wanted)",
    )
    return found


def _row(step: Step) -> str:
    found = sorted(step.milliseconds)
    most = found[min(len(found) - 1, int(len(found) * 0.95))]
    return (
        f"| {step.title} | {len(found)} | {statistics.median(found):.0f} | {most:.0f} "
        f"| {found[-1]:.0f} |"
    )


if __name__ == "__main__":
    main()
