"""How many of those who change one task at the same time get through.

2, 16 and 64 writers each set variables of one task, one after the other, each through the use case
that requests use, with its own retries. A change that a writer was told is made has to be in the
task in the end. `BEFORE=/path/to/a/checkout` runs that code in turns with this one. The table is on
dynoxide, whose conditional writes and transactions are DynamoDB's; the table of results is printed
and written to docs/performance.md.
"""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from time import perf_counter
from typing import Any, Final

from botocore.config import Config
from botocore.session import Session

WRITERS: Final = (2, 16, 64)
CHANGES: Final = 4
"""Changes of each writer."""
ROUNDS: Final = 3

_REPOSITORY: Final = Path(__file__).resolve().parent.parent
_PAGE: Final = _REPOSITORY / "docs" / "performance.md"


@dataclass(frozen=True, slots=True)
class Round:
    """What became of the changes of one round."""

    asked: int
    made: int
    """Changes that their writers were told are made."""
    lost: int
    """Those of them that are not in the task."""
    seconds: Sequence[float]
    """How long each change took."""


def play(endpoint: str, table: str, task_id: str, writers: int) -> Round:
    """Let so many writers change a task that is there."""
    # Imported here: the code under measurement is whatever PYTHONPATH names.
    from taskdock.adapters.dynamodb.task_store import DynamoDbTaskStore
    from taskdock.domain.access import Access
    from taskdock.domain.errors import ConcurrentChange
    from taskdock.domain.instants import Instant
    from taskdock.domain.tasks.task import TaskId
    from taskdock.domain.variables.scopes import Modification
    from taskdock.domain.variables.values import from_json
    from taskdock.use_cases.tasks.task_variables import modify_variables

    client: Any = Session().create_client(
        "dynamodb",
        region_name="eu-central-1",
        endpoint_url=endpoint,
        aws_access_key_id="x",
        aws_secret_access_key="x",
        config=Config(max_pool_connections=writers, retries={"total_max_attempts": 3}),
    )
    store = DynamoDbTaskStore(client, table, ended_task_days=1)
    together = Barrier(writers)

    def write(writer: int) -> list[tuple[str, bool, float]]:
        together.wait(60)
        done = []
        for number in range(CHANGES):
            name, started = f"w{writer}c{number}", perf_counter()
            try:
                modify_variables(
                    store,
                    TaskId(task_id),
                    Access(frozenset()),
                    modification=Modification({name: from_json(number)}),
                    local=True,
                    now=Instant(1_772_359_200_000),
                )
            except ConcurrentChange:
                done.append((name, False, perf_counter() - started))
            else:
                done.append((name, True, perf_counter() - started))
        return done

    with ThreadPoolExecutor(writers) as threads:
        results = [each for done in threads.map(write, range(writers)) for each in done]
    stored = store.get(TaskId(task_id))
    kept = stored.task.get("variables", {}) if stored else {}
    made = [name for name, is_made, _ in results if is_made]
    lost = sum(name not in kept for name in made)
    return Round(len(results), len(made), lost, [took for *_, took in results])


def _played(checkout: Path, endpoint: str, table: str, task_id: str, writers: int) -> Round:
    """A round in a process that runs the code of a checkout."""
    path = f"{checkout / 'layers/taskdock/python'}:{_REPOSITORY}"
    arguments = [endpoint, table, task_id, str(writers)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.writers", *arguments],
        cwd=_REPOSITORY,
        env={**os.environ, "PYTHONPATH": path},
        check=True,
        capture_output=True,
        text=True,
    )
    return Round(**json.loads(done.stdout.splitlines()[-1]))


def _rows(rounds: Mapping[tuple[str, int], Sequence[Round]]) -> Iterator[str]:
    yield "| code | writers | changes | got through | lost | median ms | slowest ms |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for (name, writers), played in rounds.items():
        asked = sum(each.asked for each in played)
        made = sum(each.made for each in played)
        took = [second for each in played for second in each.seconds]
        yield (
            f"| {name} | {writers} | {asked} | {100 * made / asked:.1f} % |"
            f" {sum(each.lost for each in played)} |"
            f" {1000 * statistics.median(took):,.0f} | {1000 * max(took):,.0f} |"
        )


def main() -> None:
    """Measure, print, and write the table into the page."""
    from taskdock.use_cases.ports import Changes, Put

    from benchmarks.pages import write_section
    from local.dynoxide import Dynoxide, find
    from tests.support.builders import a_task
    from tests.support.tables import new_table

    checkouts = {"now": _REPOSITORY}
    if os.environ.get("BEFORE"):
        checkouts = {"before": Path(os.environ["BEFORE"]).resolve(), **checkouts}
    rounds: dict[tuple[str, int], list[Round]] = {}
    with Dynoxide(find(_REPOSITORY / ".local"), None) as server:
        for number in range(ROUNDS):
            for writers in WRITERS:
                for name, checkout in checkouts.items():
                    with new_table(server.endpoint) as table:
                        task_id = f"t{number}"
                        table.store().commit(Changes([Put(a_task(task_id))]))
                        played = _played(checkout, server.endpoint, table.name, task_id, writers)
                    rounds.setdefault((name, writers), []).append(played)
    text = "\n".join(_rows(rounds))
    print(text)
    words = (
        f"Each writer sets {CHANGES} variables of one task, one after the other, all writers at the"
        " same time; a writer who loses a race tries again as a request does. Measured by"
        " `python -m benchmarks.writers`."
    )
    write_section(_PAGE, "writers", f"## Writers on one task\n\n{words}\n\n{text}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        endpoint, table_name, task, number_of_writers = sys.argv[1:]
        result = play(endpoint, table_name, task, int(number_of_writers))
        print(json.dumps({name: getattr(result, name) for name in Round.__slots__}))
    else:
        main()
