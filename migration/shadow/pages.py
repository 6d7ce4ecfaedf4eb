"""The report of a shadow run for people: as Markdown and as a page that renews itself."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

from migration.inspection.markdown import table

_STYLE: Final = (
    "body{font:14px/1.4 system-ui;margin:2em;max-width:70em}table{border-collapse:collapse}"
    "td,th{border:1px solid #bbb;padding:.2em .6em;text-align:left}pre{white-space:pre-wrap}"
)


def as_markdown(report: Mapping[str, Any]) -> str:
    """The report as Markdown."""
    return "\n".join(_lines(report)) + "\n"


def as_html(report: Mapping[str, Any]) -> str:
    """The same as a page."""
    rows = list(_as_html(as_markdown(report).splitlines()))
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><meta http-equiv=refresh content=5>"
        f"<title>shadow</title><style>{_STYLE}</style>{''.join(rows)}</html>"
    )


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    reads, different = report["reads"], report["reads"].get("different", 0)
    yield f"# {report['target']} in the shadow of {report['source']}"
    yield ""
    yield (
        f"Since {report['since']}, {report['seconds']:,} s: {report['requests']:,} requests,"
        f" {sum(reads.values()):,} reads compared, **{different:,} differences**."
    )
    yield ""
    yield from _counts("Reads", reads)
    yield from _counts("Explained by", report["explainedBy"])
    yield from _counts("Writes", report["writes"])
    yield from _counts("Not asked, because", report["notAsked"])
    yield from _counts("Only the old server has", report["onlyTheOldServerHas"])
    if report["notAnsweredByTheOldServer"]:
        yield f"The old server did not answer {report['notAnsweredByTheOldServer']:,} requests."
        yield ""
    yield from _times(report)
    yield (
        f"{report['readUnits']:,} read units, {report['readsCostUSD']} USD;"
        f" the proxy itself added {_shares(report['addedMilliseconds'])} ms"
        " (half, 95 and 99 of a hundred, most)."
    )
    yield ""
    for each in report["differences"][::-1]:
        yield f"- {each['at']} {each['user']}: {each['request']}"
        for place in each["what"]:
            yield f"    - {place}"


def _counts(name: str, counts: Mapping[str, int]) -> Iterator[str]:
    yield from table((name, "how many"), [(key, count) for key, count in counts.items()])


def _times(report: Mapping[str, Any]) -> Iterator[str]:
    rows = [
        (
            each["route"],
            each["count"],
            _shares(each["old"]),
            _shares(each["taskdock"]) if "taskdock" in each else "",
            str(each.get("readUnits", "")),
        )
        for each in report["routes"]
    ]
    heads = ("Request", "how many", "old server, ms", "taskdock, ms", "read units each")
    yield from table(heads, rows)


def _shares(shares: Mapping[str, float]) -> str:
    return " / ".join(str(each) for each in shares.values())


def _as_html(lines: list[str]) -> Iterator[str]:
    """Headings, tables and lines, which is all that the report has."""
    is_table = False
    for line in lines:
        if line.startswith("|") != is_table:
            is_table = not is_table
            yield "<table>" if is_table else "</table>"
        if line.startswith("|--"):
            continue
        if is_table:
            cells = line.strip("|").split(" | ")
            yield "<tr>" + "".join(f"<td>{escape(each.strip())}" for each in cells)
        elif line.startswith("# "):
            yield f"<h1>{escape(line[2:])}</h1>"
        elif line:
            yield f"<pre>{escape(line)}</pre>"
    if is_table:
        yield "</table>"
