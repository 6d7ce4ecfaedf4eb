"""The report of an inspection as Markdown."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

_SHOWN: Final = 30
_CELL: Final = 100


def as_markdown(report: Mapping[str, Any]) -> str:
    """The report as a page."""
    return "\n".join(_lines(report)) + "\n"


def table(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    """The lines of a table; long cells are cut, numbers are aligned to the right."""
    if not rows:
        return
    yield "| " + " | ".join(heads) + " |"
    marks = ("--:" if isinstance(cell, int | float) else "---" for cell in rows[0])
    yield f"|{'|'.join(marks)}|"
    for row in rows:
        yield "| " + " | ".join(_cell(cell) for cell in row) + " |"
    yield ""


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    tasks = report["tasks"]
    yield f"# What {report['source']} has"
    yield ""
    yield (
        f"Camunda {report['version']}, read at {report['at']} with {report['requests']:,} requests"
        f" in {report['seconds']} s. Nothing was changed. {tasks['count']:,} open tasks,"
        f" {tasks['instances']:,} instances."
    )
    yield ""
    yield from _warnings(report)
    heads = ("What", "How many", "Verdict", "Why")
    names = ("kind", "count", "verdict", "why")
    yield from table(heads, [[each[name] for name in names] for each in report["verdicts"]])
    yield "## Tasks"
    yield ""
    for name in ("kinds", "facts", "tenants", "forms", "links", "attachments"):
        yield from table((name, "tasks"), [(key or "none", n) for key, n in tasks[name].items()])
    yield from table(
        ("variables", "count", "bytes"),
        [(name, each["count"], each["bytes"]) for name, each in tasks["variables"].items()],
    )
    yield f"The largest entry of a task has {tasks['largestTaskBytes']:,} bytes."
    yield ""
    yield from _definitions(report["definitions"])
    yield from _around(report)
    yield from _not_moved(report)


def _warnings(report: Mapping[str, Any]) -> Iterator[str]:
    if report["tenantsUnseen"]:
        names = ", ".join(report["tenantsUnseen"])
        yield f"**Tasks of these tenants were not seen**, since the user is no member: {names}."
        yield ""
    if report["notReadable"]:
        yield f"Not shown to this user: {', '.join(report['notReadable'])}."
        yield ""


def _definitions(definitions: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not definitions:
        return
    yield "## Definitions with open tasks"
    yield ""
    rows = [
        (
            each["key"],
            each["version"],
            each["tasks"],
            each["kind"],
            ", ".join(f"{n} {name}" for name, n in each["runs"].items()) or "nothing",
        )
        for each in definitions[:_SHOWN]
    ]
    yield from table(("Key", "Version", "Tasks", "Kind", "The engine runs in it"), rows)


def _around(report: Mapping[str, Any]) -> Iterator[str]:
    yield "## Around the tasks"
    yield ""
    yield from table(("What", "How many"), [(k, v) for k, v in report["around"].items() if v])
    if report["filters"]:
        rows = [
            (each["name"], each["owner"] or "", ", ".join(each["criteria"]))
            for each in report["filters"][:_SHOWN]
        ]
        yield from table(("Filter", "Owner", "Criteria"), rows)
    if report["operations"]:
        yield f"The newest entries of the operation log are of {report['operators']} users:"
        yield ""
        yield from table(("Operation", "Entries"), [*report["operations"].items()])


def _not_moved(report: Mapping[str, Any]) -> Iterator[str]:
    yield "## What would not be moved"
    yield ""
    if not report["notMoved"]:
        yield "Nothing of what belongs to the tasks."
        return
    rows = [(each["what"], each["why"], each["address"]) for each in report["notMoved"]]
    yield from table(("What", "Why", "Where"), rows[:_SHOWN])
    more = report["notMovedCount"] - _SHOWN
    if more > 0:
        yield f"And {more:,} more; the JSON file lists the first 1,000."


def _cell(cell: Any) -> str:
    if isinstance(cell, int):
        return f"{cell:,}"
    text = " ".join(str(cell).replace("|", "\\|").split())
    return text if len(text) <= _CELL else f"{text[:_CELL]}…"
