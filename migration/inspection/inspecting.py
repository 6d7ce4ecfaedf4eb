"""Reads an old server as a copy would, changes nothing, and reports."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from migration.copying import READERS
from migration.entries import prepared
from migration.gathering import gathered
from migration.inspection.surroundings import Surroundings, surveyed
from migration.inspection.tally import Tally, numbers
from migration.inspection.verdicts import verdicts
from migration.old_server import OldServer

_LISTED: Final = 1000
"""Things that would not be moved and are listed one by one."""


def inspected(server: OldServer, user: str, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """The report, as JSON has it. Raises `Trouble`.

    `user` is who asks, empty when nobody signs in; `progress` hears how many tasks of how many.
    """
    begun = time.monotonic()
    version = server.check()
    total = server.count("/task/count")
    tally = _tallied(server, lambda done: progress(done, total))
    around = surveyed(server, user, sorted(tally.definitions))
    lefts = [*tally.refused, *tally.left]
    return {
        "source": server.connection.base_url,
        "version": version,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(time.monotonic() - begun, 1),
        "requests": server.connection.requests,
        "verdicts": [asdict(each) for each in verdicts(tally, around)],
        "tasks": _of_tasks(tally),
        "definitions": _of_definitions(tally, around),
        "around": {name: count for name, count in around.counts.items() if count is not None},
        "notReadable": [name for name, count in around.counts.items() if count is None],
        "filters": around.filters,
        "tenantsUnseen": around.tenants_unseen,
        "operations": around.operations,
        "operators": around.operators,
        "notMoved": [asdict(each) for each in lefts[:_LISTED]],
        "notMovedCount": len(lefts),
    }


def _tallied(server: OldServer, progress: Callable[[int], None]) -> Tally:
    tally = Tally()
    activities: dict[str, str] = {}
    with ThreadPoolExecutor(READERS) as workers:
        for page in server.pages():
            facts = gathered(server, page, workers, activities)
            ready = workers.map(lambda each: prepared(each, server), facts)
            for each, task in zip(facts, ready, strict=True):
                tally.add(each, task, f"{server.connection.base_url}/task/{task.id}")
            progress(tally.tasks)
    return tally


def _of_tasks(tally: Tally) -> dict[str, Any]:
    return {
        "count": tally.tasks,
        "instances": tally.instances,
        "kinds": numbers(tally.kinds),
        "facts": numbers(tally.states),
        "tenants": numbers(tally.tenants),
        "forms": numbers(tally.forms),
        "links": numbers(tally.links),
        "comments": tally.comments,
        "attachments": numbers(tally.attachments),
        "variables": {
            name: {"count": count, "bytes": tally.variable_bytes[name]}
            for name, count in numbers(tally.variables).items()
        },
        "largestTaskBytes": tally.largest_task,
    }


def _of_definitions(tally: Tally, around: Surroundings) -> list[dict[str, Any]]:
    return [
        {"id": name, "tasks": count, **around.definitions[name]}
        for name, count in numbers(tally.definitions).items()
    ]
