"""dynoxide: a small DynamoDB for the laptop, one static program that comes from npm."""

import hashlib
import os
import platform
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from local.child_processes import start_child, stop
from local.ports import free_port
from local.settings import HOST, CannotStart

_VERSION: Final = "1.2.1"
_PACKAGE: Final = "@dynoxide/linux-x64"
_SHA256: Final = "be909b7910d3fb552e85db10ef3c8ebae4bd35fee0f26dffdb6dfa5cc656426e"
_QUIETLY: Final = (
    "--no-save",
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    "--fetch-retries=1",
    "--loglevel=error",
)
_SECONDS_TO_FETCH: Final = 60
_SECONDS_TO_START: Final = 10.0
_TRIES: Final = 3


class Unavailable(Exception):
    """dynoxide cannot be had here; the message says why."""


def fetch(folder: Path) -> Path:
    """The program, fetched into `folder` with npm unless it is there.

    Raises `Unavailable` where there is no npm, no build for this machine or no way to it, and
    when the file is not the very one that is pinned here.
    """
    machine = (platform.system(), platform.machine())
    if machine != ("Linux", "x86_64"):
        raise Unavailable(f"dynoxide is pinned for Linux on x86_64, not for {' on '.join(machine)}")
    program = folder / f"dynoxide-{_VERSION}" / "dynoxide"
    if not program.exists():
        _install(program)
    if hashlib.sha256(program.read_bytes()).hexdigest() != _SHA256:
        raise Unavailable(f"{program} is not the build that is pinned: remove it and try again")
    return program


def _install(program: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise Unavailable("there is no npm to fetch dynoxide with")
    program.parent.mkdir(parents=True, exist_ok=True)
    # Into a folder of its own, then moved: several processes may fetch at the same time.
    with tempfile.TemporaryDirectory(dir=program.parent) as scratch:
        command = [npm, "install", "--prefix", scratch, *_QUIETLY, f"{_PACKAGE}@{_VERSION}"]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS_TO_FETCH)
        except (subprocess.SubprocessError, OSError):
            raise Unavailable("npm could not fetch dynoxide") from None
        fetched = Path(scratch, "node_modules", _PACKAGE, "dynoxide")
        fetched.chmod(0o755)
        os.replace(fetched, program)  # noqa: PTH105 - says that it is atomic


class Dynoxide:
    """A server on a free port of 127.0.0.1, from entering to leaving it."""

    def __init__(self, program: Path, file: Path | None) -> None:
        """`file` keeps the tables; without one they live in memory."""
        self._program = program
        self._file = file
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        """The server's address."""
        return f"http://{HOST}:{self._port}"

    def __enter__(self) -> Self:
        """Raises `CannotStart` when the server does not come up."""
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
        for _ in range(_TRIES):  # somebody may take the free port before the server does
            self._port = free_port()
            self._process = start_child(self._command())
            if _answers(self._process, self._port):
                return self
            stop(self._process)
        raise CannotStart(f"dynoxide does not start: {' '.join(map(str, self._command()))}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            stop(self._process)

    def _command(self) -> list[str | Path]:
        place: list[str | Path] = [] if self._file is None else ["--db-path", self._file]
        return [self._program, "--host", HOST, "--port", str(self._port), *place]


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """Wait for the port to open; False when the process ends or takes too long."""
    deadline = time.monotonic() + _SECONDS_TO_START
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return True
        time.sleep(0.005)
    return False
