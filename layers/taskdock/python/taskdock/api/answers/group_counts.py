"""How Camunda 7's API shows task counts by candidate group
(docs/camunda-behaviour.md, Group counts)."""

import csv
import io
from collections.abc import Mapping
from typing import Any, Final

CSV_TYPES: Final = ("text/csv", "application/csv")

_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a cell starts with that spreadsheets evaluate."""

Counts = Mapping[str | None, int]


def counts_json(counts: Counts) -> list[dict[str, Any]]:
    """A row for each group; tasks without a candidate group are counted under null."""
    return [{"groupName": group, "taskCount": count} for group, count in counts.items()]


def counts_csv(counts: Counts) -> str:
    """A header, then a line for each group; null is written out, as Camunda 7 does.

    A name with a comma, a quote or a line break is quoted, which Camunda 7 does not do. A name that
    a spreadsheet would take for a formula starts with an apostrophe, which makes it a text.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["CANDIDATE_GROUP_NAME", "TASK_COUNT"])
    for group, count in counts.items():
        writer.writerow(["null" if group is None else _as_text(group), count])
    return text.getvalue().removesuffix("\n")


def _as_text(name: str) -> str:
    return f"'{name}" if name.startswith(_FORMULAS) else name
