"""Packs recordings for the repository: `python -m tests.conformance.packing FOLDER`.

FOLDER holds `dataset.json`, `queries.jsonl`, `errors.jsonl`, `scenarios.jsonl` and
`tasklist.jsonl` as they were recorded. An answer of the engine that a row of the table of
differences replaces is left out: no comparison reads it. The same recordings always make the same
bytes.
"""

import gzip
import io
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

RECORDINGS: Final = Path(__file__).parent / "recordings"

_LEFT_OUT: Final = "reference"


def pack(source: Path, target: Path = RECORDINGS) -> None:
    """Write the five packed files."""
    write(target / "dataset.json.gz", [json.loads((source / "dataset.json").read_text())])
    for name in ("queries", "errors", "scenarios", "tasklist"):
        write(target / f"{name}.jsonl.gz", map(kept, lines(source / f"{name}.jsonl")))


def lines(path: Path) -> Iterator[Any]:
    """The values of a file with one on each line."""
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def kept(value: Any) -> Any:
    """The value without what no comparison reads."""
    if isinstance(value, dict):
        return {key: kept(each) for key, each in value.items() if key != _LEFT_OUT}
    return [kept(each) for each in value] if isinstance(value, list) else value


def write(path: Path, values: Iterable[Any]) -> None:
    """Write the values, one on each line, compressed; no clock and no name goes in."""
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, compresslevel=9, mtime=0) as file:
        for value in values:
            text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            file.write(f"{text}\n".encode())
    path.write_bytes(packed.getvalue())


if __name__ == "__main__":
    pack(Path(sys.argv[1]))
