"""Segments in memory, made of tasks as a compaction makes them."""

import json
from collections.abc import Iterable, Sequence

from taskdock.domain.columns.column import Address, Column, ListColumn, read_column, read_lists
from taskdock.domain.columns.segment import Segment, columns_of, is_of_lists
from taskdock.domain.tasks.task import Task


def segment_of(tasks: Iterable[Task]) -> tuple[Segment, Sequence[Task]]:
    """The tasks as a segment, and in its order."""
    # As the table hands them out: of what JSON can say.
    read: list[Task] = [json.loads(json.dumps(each)) for each in tasks]
    in_order = sorted(read, key=lambda task: task["id"])
    kept = columns_of(in_order)

    def fetch(address: Address) -> Column | ListColumn:
        read = read_lists if is_of_lists(address) else read_column
        return read(kept[address])

    return Segment(len(in_order), frozenset(kept), fetch), in_order
