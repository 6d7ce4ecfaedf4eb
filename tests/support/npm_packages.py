"""Packages from npm, as a lock file names them, for tests of clients that run in Node."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

_QUIETLY: Final = (
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--fetch-retries=1",
    "--loglevel=error",
)
_SECONDS_TO_FETCH: Final = 120


class Unavailable(Exception):
    """The packages cannot be had here; the message says why."""


def installed(project: Path, folder: Path) -> Path:
    """The modules of a project, put into a folder of their own below `folder` unless they are
    there: another lock file makes another folder.

    Raises `Unavailable` where there is no Node, no npm or no way to the packages.
    """
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise Unavailable(f"{program} is not installed")
    lock = (project / "package-lock.json").read_bytes()
    modules = folder / f"node-{hashlib.sha256(lock).hexdigest()[:12]}"
    if not modules.exists():
        _install(project, modules)
    return modules


def _install(project: Path, modules: Path) -> None:
    modules.parent.mkdir(parents=True, exist_ok=True)
    # Into a folder of its own, then moved: several processes may install at the same time.
    with tempfile.TemporaryDirectory(dir=modules.parent) as scratch:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(project / name, scratch)
        try:
            subprocess.run(
                ["npm", "ci", *_QUIETLY],
                cwd=scratch,
                check=True,
                capture_output=True,
                timeout=_SECONDS_TO_FETCH,
            )
        except (subprocess.SubprocessError, OSError):
            raise Unavailable("npm could not fetch the packages") from None
        try:
            os.rename(Path(scratch, "node_modules"), modules)  # noqa: PTH104 - says that it is atomic
        except OSError:
            if not modules.exists():  # otherwise another process was faster
                raise
