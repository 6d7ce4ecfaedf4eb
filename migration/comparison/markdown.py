"""The report of a verification as Markdown."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from migration.inspection.markdown import table

_SHOWN: Final = 100


def as_markdown(report: Mapping[str, Any]) -> str:
    """The report as a page."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    yield f"# {report['source']} and {report['target']} compared"
    yield ""
    asked = report["requests"]
    yield (
        f"At {report['at']}, in {report['seconds']} s, with {asked['old']:,} requests to the old"
        f" server and {asked['new']:,} to taskdock: {report['tasks']:,} tasks field by field,"
        f" {report['queries']:,} queries (seed {report['seed']})."
    )
    yield ""
    yield f"**{report['notExplained']:,} differences without an explanation**, and"
    yield f"{report['explained']:,} with one."
    yield ""
    rows = [
        (each["task"], each["what"], each["old"], each["new"], each["why"] or "none")
        for each in report["differences"][:_SHOWN]
    ]
    yield from table(("Task", "What", "Old server", "taskdock", "Explanation"), rows)
    if len(report["differences"]) > _SHOWN:
        yield f"The JSON file lists all {len(report['differences']):,}."
