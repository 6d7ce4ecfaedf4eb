"""dynoxide: a small DynamoDB in one static program, installed already or fetched from npm."""

import hashlib
import os
import platform
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from local.child_processes import start_child, stop
from local.ports import free_port
from local.settings import HOST, CannotStart

_OLDEST: Final = (1, 2)
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
    """There is no dynoxide for this machine; the message says why."""


def find(folder: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """The program that `DYNOXIDE` names, else the one on the PATH, else the pinned build.

    An installed one may be of any version from 1.2 on; it is tried before it is returned.
    Raises `CannotStart` when it lacks something, and `Unavailable` as `fetch` does.
    """
    named = environ.get("DYNOXIDE")
    installed = shutil.which(named or "dynoxide", path=environ.get("PATH", ""))
    if named and installed is None:
        raise CannotStart(f"DYNOXIDE={named}: there is no such program; name one, or unset it")
    if installed is None:
        return fetch(folder)
    program = Path(installed).absolute()
    problem = _problem_of(program)
    if problem:
        raise CannotStart(
            f"{program} {problem}: install a newer dynoxide, or name another with DYNOXIDE=/path,"
            " or say STORE=moto"
        )
    return program


def _problem_of(program: Path) -> str | None:
    """What an installed program lacks; None when it can do everything."""
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=10, check=True
        ).stdout
    except (subprocess.SubprocessError, OSError, UnicodeDecodeError):
        return "does not run"
    version = re.search(r"(\d+)\.(\d+)", said)
    if version is None:
        return f"says no version ({said.strip()[:40]!r})"
    if tuple(map(int, version.groups())) < _OLDEST:
        return f"is version {version[0]}, older than 1.2"
    # Imported here: a pinned build needs no check, and botocore takes a while.
    from local.dynoxide_check import missing_in

    try:
        with Dynoxide(program, None) as server:
            missing = missing_in(server.endpoint)
    except CannotStart:
        return "does not start"
    return missing and f"lacks {missing}"


def fetch(folder: Path) -> Path:
    """The program, fetched into `folder` with npm unless it is there.

    Raises `Unavailable` where there is no npm, no build for this machine or no way to it, and
    when the file is not the very one that is pinned here.
    """
    machine = (platform.system(), platform.machine())
    if machine != ("Linux", "x86_64"):
        raise Unavailable(
            f"no dynoxide is pinned for {' on '.join(machine)}: install one to keep tasks"
        )
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
        """`file` stores the tables; without one they are in memory."""
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
        for _ in range(_TRIES):  # another program may take the free port first
            self._port = free_port()
            self._process = start_child(self._command())
            if _answers(self._process, self._port):
                return self
            stop(self._process)
        advice = "" if self._file is None else f" (is {self._file} damaged? move it away)"
        raise CannotStart(f"dynoxide does not start: {' '.join(map(str, self._command()))}{advice}")

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
