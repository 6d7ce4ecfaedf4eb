"""What eighteen queries read for callers of no tenant, of one, of ten and of fifty.

Each world has the same hundred thousand tasks, spread evenly over the caller's tenants; the caller
sees all of them. `required` is a caller of one tenant where `TenantRequired` is true. `BEFORE`
names a commit whose docs/performance.md says what the queries read then. The table is printed and
written to docs/performance.md.
"""

import base64
import gzip
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from typing import Any, Final

from taskdock.runtime.logging import logger
from taskdock.runtime.settings import Settings
from taskdock.runtime.wiring import Wiring

from benchmarks.pages import write_section
from benchmarks.queries import QUERIES, Asked
from benchmarks.query_costs import settings_for
from benchmarks.tables import table_with_world
from functions.query_tasks.handler import create_app
from local.settings import REPOSITORY
from tests.support.http_events import USER_CLAIMS, Context, http_event

SIZE: Final = 100_000
TENANTS: Final = (0, 1, 10, 50)
_PAGE: Final = REPOSITORY / "docs" / "performance.md"


def read_units(app: Any, asked: Asked, tenants: int) -> tuple[float, int]:
    """What a query reads for a caller of so many tenants, and how many requests it takes."""
    route = "POST /task/count" if asked.counts else "POST /task"
    query = "&".join(filter(None, (asked.parameters, "explain=true")))
    groups = " ".join(f"tenant:t{number}" for number in range(tenants))
    event = http_event(
        route,
        body=json.dumps(asked.body),
        query=query,
        headers={"content-type": "application/json", "accept-encoding": "gzip"},
        claims={**USER_CLAIMS, "username": "user-7", "cognito:groups": f"[{groups}]"},
    )
    answer = app(event, Context())
    if answer["statusCode"] != 200:
        raise SystemExit(f"{asked.title}: {answer['statusCode']} {answer['body'][:300]}")
    read = _explained(answer)["read"]
    return float(read["readUnits"]), int(read["pages"])


def _explained(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    body = answer["body"]
    if answer["isBase64Encoded"]:
        body = gzip.decompress(base64.b64decode(body))
    said: Mapping[str, Any] = json.loads(body)
    return said


def units_before(commit: str) -> Mapping[str, float]:
    """What the queries read at a commit, as its page says for a world of this size."""
    page = subprocess.run(
        ["git", "show", f"{commit}:docs/performance.md"],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    section = page.partition(f"## {SIZE:,} tasks")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in section.splitlines()]
    table = [row for row in rows if len(row) > 3]
    column = table[0].index("read units")
    return {row[0]: float(row[column].replace(",", "")) for row in table[2:]}


def measured() -> Mapping[str, list[float]]:
    """The read units by column, in the order of the queries."""
    columns: dict[str, list[float]] = {}
    for tenants in TENANTS:
        with table_with_world(SIZE, tenants) as table:
            for required in (False, True) if tenants == 1 else (False,):
                chosen = Settings(**settings_for(table), tenant_required=required)
                wiring = Wiring(chosen)
                app = create_app(lambda wiring=wiring: wiring)  # type: ignore[misc]
                name = f"{tenants} tenants" + (", required" if required else "")
                columns[name] = [read_units(app, asked, tenants)[0] for asked in QUERIES]
                print(name, columns[name])
    return columns


def _table(columns: Mapping[str, list[float]], before: Mapping[str, float]) -> Iterator[str]:
    names = [*(["before"] if before else []), *columns]
    yield "| query | " + " | ".join(names) + " |"
    yield "|---|" + "--:|" * len(names)
    for place, asked in enumerate(QUERIES):
        cells = [f"{before[asked.title]:,.1f}"] if before else []
        cells += [f"{column[place]:,.1f}" for column in columns.values()]
        yield f"| {asked.title} | " + " | ".join(cells) + " |"


def main() -> None:
    """Measure, print, and write the table into the page."""
    logger.setLevel("ERROR")  # a line a request would drown the table
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "test")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "test")
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")
    commit = os.environ.get("BEFORE", "")
    before = units_before(commit) if commit else {}
    rows = "\n".join(_table(measured(), before))
    print(rows)
    said = f"*Before* is commit {commit}, for a caller without tenants. " if commit else ""
    words = (
        f"Read units at {SIZE:,} tasks, which are spread evenly over the caller's tenants. {said}"
        "*Required* is a caller of one tenant in a deployment with `TenantRequired=true`. Every"
        " tenant has partitions of its own, half a unit each at the least, and one more without a"
        " tenant: small queries cost a caller of many tenants more, large ones the same. Measured"
        " by `python -m benchmarks.tenant_costs`."
    )
    write_section(_PAGE, "tenants", f"## Callers of several tenants\n\n{words}\n\n{rows}")


if __name__ == "__main__":
    main()
