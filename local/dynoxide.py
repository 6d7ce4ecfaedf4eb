"""dynoxide: a small DynamoDB for the laptop, one static binary that comes from npm."""

import hashlib
import os
import platform
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final

_VERSION: Final = "1.2.1"
_PACKAGE: Final = "@dynoxide/linux-x64"
_SHA256: Final = "be909b7910d3fb552e85db10ef3c8ebae4bd35fee0f26dffdb6dfa5cc656426e"
_FOLDER: Final = Path(__file__).parents[1] / ".local" / "dynoxide"
_QUIETLY: Final = (
    "--no-save",
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    "--fetch-retries=1",
    "--loglevel=error",
)
_SECONDS_TO_START: Final = 10.0


class DynoxideError(Exception):
    """What was fetched is not what was pinned, or the server does not come up."""


def find_or_fetch() -> Path | None:
    """The binary, fetched with npm on first use; None where npm or a build for us is missing.

    Raises `DynoxideError` when the file is not the very one that is pinned here.
    """
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return None
    binary = _FOLDER / _VERSION / "dynoxide"
    if not binary.exists() and not _fetch(binary):
        return None
    if hashlib.sha256(binary.read_bytes()).hexdigest() != _SHA256:
        raise DynoxideError(f"{binary} is not the build that is pinned: remove it and try again")
    return binary


def start(database: Path | None, port: int) -> subprocess.Popen[bytes]:
    """A server on 127.0.0.1 that answers by now; it keeps its tables in `database`, or nowhere.

    Whoever starts it ends it. Raises `DynoxideError` when it cannot be had or does not come up.
    """
    binary = find_or_fetch()
    if binary is None:
        raise DynoxideError("dynoxide needs npm, and Linux on x86_64")
    file = [] if database is None else ["--db-path", str(database)]
    process = subprocess.Popen(
        [binary, "--host", "127.0.0.1", "--port", str(port), *file],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(process, port)
    except BaseException:
        stop(process)
        raise
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server that `start` returned, and wait until it is gone."""
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port on 127.0.0.1 that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _fetch(binary: Path) -> bool:
    npm = shutil.which("npm")
    if npm is None:
        return False
    binary.parent.mkdir(parents=True, exist_ok=True)
    # Into a folder of its own, then moved: several test runs may fetch at the same time.
    with tempfile.TemporaryDirectory(dir=_FOLDER) as folder:
        wanted = f"{_PACKAGE}@{_VERSION}"
        done = subprocess.run(
            [npm, "install", "--prefix", folder, *_QUIETLY, wanted],
            check=False,
            stdout=subprocess.DEVNULL,
        )
        if done.returncode != 0:
            return False
        fetched = Path(folder, "node_modules", _PACKAGE, "dynoxide")
        fetched.chmod(0o755)
        os.replace(fetched, binary)  # noqa: PTH105 - says that it is atomic
    return True


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise DynoxideError(f"dynoxide ended at once with exit code {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise DynoxideError(f"dynoxide does not answer on port {port}")
