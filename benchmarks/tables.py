"""Tables that hold a world, kept from run to run below `.local/worlds`.

Writing a hundred thousand tasks through an API takes longer than measuring them. So a world is
written as what DynamoDB's export to S3 would write, and dynoxide takes it in.
"""

import base64
import gzip
import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import Final

from taskdock.adapters.dynamodb import documents, keys, layout, task_items, task_writes
from taskdock.domain.tasks.task import changed

from benchmarks import ended_tasks, world
from local.dynoxide import Dynoxide, find
from local.settings import REPOSITORY
from tests.support.tables import Table, dynamodb_client, new_table

TABLE_NAME: Final = "benchmark-tasks"
_LOCAL: Final = REPOSITORY / ".local"


@contextmanager
def table_with_world(size: int, tenants: int = 0) -> Iterator[Table]:
    """A table with `size` open tasks on dynoxide, spread evenly over so many tenants (`t0` and so
    on), or in none."""
    spread = f"-{tenants}-tenants" if tenants else ""
    with _table_with(f"{size}{spread}-{_made_by(world)}", _open_tasks(size, tenants)) as table:
        yield table


def _open_tasks(size: int, tenants: int) -> Iterator[task_items.Item]:
    for number, task in enumerate(world.world(size)):
        tenant = f"t{number % tenants}" if tenants else None
        yield from task_items.task_items(changed(task, tenantId=tenant), 1, 1)


@contextmanager
def table_with_ended_tasks(size: int) -> Iterator[Table]:
    """A table with `size` ended tasks and what history keeps of them, on dynoxide."""
    made_by = _made_by(world, ended_tasks)
    with _table_with(f"{size}-ended-{made_by}", ended_tasks.items(size)) as table:
        yield table


@contextmanager
def _table_with(name: str, items: Iterator[task_items.Item]) -> Iterator[Table]:
    program = find(_LOCAL)
    file = _LOCAL / "worlds" / f"{name}.db"
    if not file.exists():
        print(f"making the world {name}")
        _make(program, file, items)
    with tempfile.TemporaryDirectory() as folder:
        # A copy: what a benchmark writes is gone with it.
        copy = Path(folder, "world.db")
        shutil.copyfile(file, copy)
        with Dynoxide(program, copy) as server:
            yield Table(dynamodb_client(server.endpoint), TABLE_NAME, server.endpoint)


def _made_by(*worlds: ModuleType) -> str:
    """A mark of the code and the template that a world depends on."""
    sources = [REPOSITORY / "template.yaml"]
    writers = (keys, task_items, task_writes, documents)
    sources += [Path(str(module.__file__)) for module in (*worlds, *writers)]
    content = b"".join(source.read_bytes() for source in sources)
    return hashlib.sha256(content).hexdigest()[:12]


def _make(program: Path, file: Path, items: Iterator[task_items.Item]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "export", TABLE_NAME, "data")
        data.mkdir(parents=True)
        with gzip.open(data / "1.json.gz", "wt", compresslevel=1) as export:
            says: dict[str, str | int] = {"layout": layout.LAYOUT, "authorization": "open"}
            number = task_items.attributes({**keys.LAYOUT, **says})
            for item in chain([number], items):
                export.write(json.dumps({"Item": item}, default=_base64) + "\n")
        schema = Path(folder, "schema.json")
        schema.write_text(json.dumps(_schema(program), default=str), encoding="utf-8")
        made = Path(folder, "world.db")
        source: list[str | Path] = ["--source", Path(folder, "export"), "--schema", schema]
        subprocess.run(
            [program, "import", *source, "--output", made], check=True, capture_output=True
        )
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(made, file)


def _base64(content: bytes) -> str:
    """Bytes as an export writes them."""
    return base64.b64encode(content).decode()


def _schema(program: Path) -> dict[str, object]:
    """The table as the template describes it."""
    with Dynoxide(program, None) as server, new_table(server.endpoint) as table:
        described = table.client.describe_table(TableName=table.name)
    text = json.dumps(described["Table"], default=str).replace(table.name, TABLE_NAME)
    return {"Table": json.loads(text)}
