"""Processes that answer queries with the code of a checkout, so that two versions take turns."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

_PROGRAM: Final = Path(__file__).with_name("query_worker.py")
_RUN: Final = "import runpy, sys; runpy.run_path(sys.argv.pop(1), run_name='worker')"


class Took(NamedTuple):
    """What one request took, and what came of it."""

    wall: float
    """Milliseconds on the clock."""
    cpu: float
    """Milliseconds of the function's processor time."""
    status: int
    digest: str
    """A digest of the body."""


class Worker:
    """One such process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, event: Mapping[str, Any]) -> Took:
        """Send one event and wait for its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(event) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("a worker ended")
        return Took(*json.loads(line))


@contextmanager
def worker(checkout: Path, settings: Mapping[str, Any]) -> Iterator[Worker]:
    """A process with the code of a checkout and these settings of the functions."""
    folders = (checkout / "layers/taskdock/python", checkout)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))}
    process = subprocess.Popen(
        [sys.executable, "-c", _RUN, str(_PROGRAM), json.dumps(settings)],
        cwd=checkout,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield Worker(process)
    finally:
        process.kill()
        process.wait()


def before() -> Path | None:
    """The checkout to compare with, as `BEFORE` names it."""
    given = os.environ.get("BEFORE")
    return Path(given) if given else None
