"""How Camunda 7's API shows task counts by candidate group
(docs/camunda-behaviour.md, Group counts)."""

import csv
import io
from collections.abc import Mapping
from typing import Any, Final

CSV_TYPES: Final = ("text/csv", "application/csv")

Counts = Mapping[str | None, int]


def counts_json(counts: Counts) -> list[dict[str, Any]]:
    """A row for each group; tasks without a candidate group are counted under null."""
    return [{"groupName": group, "taskCount": count} for group, count in counts.items()]


def counts_csv(counts: Counts) -> str:
    """A header, then a line for each group; null is written out, as Camunda 7 does.

    A name with a comma, a quote or a line break is quoted, which Camunda 7 does not do.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["CANDIDATE_GROUP_NAME", "TASK_COUNT"])
    for group, count in counts.items():
        writer.writerow(["null" if group is None else group, count])
    return text.getvalue().removesuffix("\n")
