"""The report of a comparison: for the terminal, and as the page `docs/conformance.md`."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from local.settings import REPOSITORY
from tests.conformance.comparing import Verdict, number_of
from tests.conformance.recordings import QueryCase, Scenario, World
from tests.conformance.tallying import Tally, by_kind, coverage, tally

PAGE: Final = REPOSITORY / "docs" / "conformance.md"

QUERIES, PROPERTIES, ERRORS, SCENARIOS = "Queries", "Properties", "Errors", "Scenarios"
TASK_LISTS = "Task lists"

ROWS: Final = {
    "D1": "misuse of a query is a 400 that names the properties, where the engine says 500",
    "D2": "malformed JSON, a wrong type and a bad date are refused with their place",
    "D3": "an unknown task is a 404 everywhere",
    "D4": "a task that another user has, and a version conflict, are a 409",
    "D5": "a pattern without `%` is looked for anywhere in the value",
    "D6": "a list may be one text with commas, in a body too",
    "D7": "dates may also be ISO 8601 with an offset; nothing rolls over",
    "D8": "each candidate filter is a condition of its own on the task's links",
    "D9": "numbers of all types compare by value, exactly",
    "D10": "a string is a string, whatever it looks like; a date-like one also finds dates",
    "D13": "an expression that yields nothing usable is a 400 that shows it",
    "D14": "paging values that are negative or no integers are a 400",
    "D18": "a sort order that is none is a 400 that lists what is allowed",
    "D19": "what an orQuery may not hold is a 400, not silently left out",
    "D23": "creating a task for a tenant that is not one's own is a 403",
}
"""The rows of the table of differences (docs/api.md) that govern recorded answers."""

_KINDS: Final = {
    "single": "one property",
    "multi": "several properties",
    "expression": "properties given by expressions",
    "or": "orQueries",
    "pair": "two properties that bear on each other",
    "get": "query strings",
    "sort": "a sort order",
    "sort-multi": "several sort orders",
    "sort-variable": "sort orders by variables",
    "sort-get": "sort orders in query strings",
    "number": "variables compared with numbers",
    "date": "forms of dates",
    "like": "patterns",
    "csv": "lists with commas",
    "coerce": "values of another JSON type",
    "page": "pages",
    "text": "texts in variables",
}

_INTRODUCTION: Final = """\
# Conformance

What Camunda 7.24.0 answered to the requests in `tests/conformance/recordings`, and whether we \
answer the same. `make conformance` sends all of them through the local gateway to the real \
functions and writes this page; the tests send them too, and fail when a case disagrees or when \
this page says anything else than they find.

A recorded answer is the engine's own, unless a row of \
[the table of differences](api.md#where-it-differs-from-camunda-7) asks for another; then the \
case names the row. These rows govern recorded answers:
"""


def section(title: str, lines: Iterable[str]) -> str:
    """A part of the page."""
    return "\n".join([f"## {title}", "", *lines, ""])


def page(sections: Iterable[str]) -> str:
    """The whole page."""
    rows = "\n".join(["| Row | What we do |", "|---|---|", *_rows()])
    return "\n".join([_INTRODUCTION, rows, "", *sections])


def _rows() -> Iterator[str]:
    for row, meaning in ROWS.items():
        yield f"| {row} | {meaning} |"


def section_on_page(title: str, path: Path = PAGE) -> str:
    """What the page says under a heading."""
    _, found, rest = path.read_text(encoding="utf-8").partition(f"## {title}\n")
    return found + rest.partition("\n## ")[0].rstrip("\n") + "\n" if found else ""


def query_section(verdicts: Sequence[Verdict]) -> str:
    """Cases by kind; each is asked for its list and for its count."""
    tallies = [*by_kind(verdicts), tally("all", verdicts)]
    return section(
        QUERIES,
        [
            "Each is asked for its list and for its count.",
            "",
            "| Kind of case | About | Agreed | Of | Rows |",
            "|---|---|---:|---:|---|",
            *(_kind_line(each) for each in tallies),
            *_disagreements(verdicts),
        ],
    )


def _kind_line(each: Tally) -> str:
    about = _KINDS.get(each.kind, "")
    return f"| {each.kind} | {about} | {each.agreed} | {each.cases} | {', '.join(each.rows)} |"


def property_section(cases: Sequence[QueryCase], verdicts: Sequence[Verdict], world: World) -> str:
    """Cases by property."""
    return section(
        PROPERTIES,
        [
            "In how many queries a property is asked for: as the only one, beside others at the"
            " top level, inside an orQuery. `Null` is for how many of the"
            f" {len(world.entries)} tasks what it looks at is null, so that the case shows that"
            " null never matches by mistake.",
            "",
            "| Property | Alone | Beside others | In an orQuery | Agreed | Of | Null |",
            "|---|---:|---:|---:|---:|---:|---:|",
            *(
                f"| `{each.name}` | {each.alone} | {each.beside_others} | {each.in_an_or_query}"
                f" | {each.agreed} | {each.cases} | {each.nulls} |"
                for each in coverage(cases, verdicts, world)
            ),
        ],
    )


def error_section(verdicts: Sequence[Verdict]) -> str:
    """Refusals by row of the table of differences."""
    groups: dict[tuple[str, ...], list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault(verdict.rows, []).append(verdict)
    return section(
        ERRORS,
        [
            "Requests that must be refused, and a few that must not, by the row that says so.",
            "",
            "| Row | Agreed | Of |",
            "|---|---:|---:|",
            *(
                f"| {', '.join(rows) or 'as the engine'} | {each.agreed} | {each.cases} |"
                for rows, each in sorted(
                    ((rows, tally("", of_rows)) for rows, of_rows in groups.items()),
                    key=lambda group: [number_of(row) for row in group[0]],
                )
            ),
            f"| all | {tally('', verdicts).agreed} | {len(verdicts)} |",
            *_disagreements(verdicts),
        ],
    )


def scenario_section(
    scenarios: Sequence[Scenario], verdicts: Sequence[Verdict], title: str = SCENARIOS
) -> str:
    """Scenarios, one by one."""
    about = "Requests that follow one another; every answer of every step is compared."
    return section(
        title,
        [
            about if title == SCENARIOS else f"The same for what a task list calls. {about}",
            "",
            "| Scenario | About | Steps | Agreed | Rows |",
            "|---|---|---:|---|---|",
            *(
                f"| {scenario.name} | {scenario.about} | {len(scenario.steps)}"
                f" | {'no' if verdict.problems else 'yes'} | {', '.join(verdict.rows)} |"
                for scenario, verdict in zip(scenarios, verdicts, strict=True)
            ),
            *_disagreements(verdicts),
        ],
    )


def _disagreements(verdicts: Iterable[Verdict]) -> Iterator[str]:
    """Every case that disagrees, with what differs."""
    found = disagreements(verdicts)
    if found:
        yield ""
        yield "Not as recorded:"
        yield ""
        yield from (f"- {line}" for line in found)


def disagreements(verdicts: Iterable[Verdict]) -> list[str]:
    """A line for each problem of each case."""
    return [f"{each.case}: {problem}" for each in verdicts for problem in each.problems]


def table(tallies: Iterable[Tally]) -> str:
    """Tallies for a terminal."""
    lines = [("", "agreed", "of", "rows")]
    lines += [
        (each.kind, str(each.agreed), str(each.cases), " ".join(each.rows)) for each in tallies
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    return "\n".join(
        f"{kind:<{widths[0]}}  {agreed:>{widths[1]}}  {cases:>{widths[2]}}  {rows}".rstrip()
        for kind, agreed, cases, rows in lines
    )
