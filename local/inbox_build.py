"""Building the inbox with npm, where its sources are newer than what was built.

`python -m local.inbox_build` does so for this checkout: before tests that would all build it.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from local.console import say
from local.settings import REPOSITORY

_BUILT: Final = "dist"
_NOT_SOURCES: Final = frozenset({"node_modules", _BUILT})
_DESCRIPTION: Final = REPOSITORY / "docs" / "openapi.json"
"""The page's types are made from it."""
_INSTALL: Final = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
_SECONDS: Final = 300


def built_inbox(project: Path) -> Path | None:
    """The folder with the built page, built now if need be. None where there is none, after a line
    that says why; no page at all is no reason to say anything.
    """
    built = project / _BUILT
    if not (project / "package-lock.json").is_file():
        return _existing(built)
    if _is_current(project, built):
        return built
    npm = shutil.which("npm")
    if npm is None:
        return _without(built, "there is no npm to build the inbox with")
    say("building the inbox")
    for command in _commands(project):
        problem = _problem_of([npm, *command], project)
        if problem is not None:
            return _without(built, f"the inbox cannot be built (npm {command[0]}: {problem})")
    return _existing(built)


def _existing(built: Path) -> Path | None:
    return built if (built / "index.html").is_file() else None


def _without(built: Path, reason: str) -> Path | None:
    found = _existing(built)
    say(f"{reason}: the API runs {'with the inbox of before' if found else 'alone'}")
    return found


def _is_current(project: Path, built: Path) -> bool:
    page = built / "index.html"
    if not page.is_file():
        return False
    changed = max(path.stat().st_mtime for path in (*_sources(project), _DESCRIPTION))
    return page.stat().st_mtime >= changed


def _sources(project: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(project):
        folders[:] = [name for name in folders if name not in _NOT_SOURCES and name[0] != "."]
        yield from (Path(folder, name) for name in names)


def _commands(project: Path) -> Iterator[tuple[str, ...]]:
    installed, wanted = project / "node_modules/.package-lock.json", project / "package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < wanted.stat().st_mtime:
        yield _INSTALL
    yield "run", "build"


def _problem_of(command: list[str], folder: Path) -> str | None:
    """The last that a command said, when it failed."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no end after {_SECONDS} seconds"
    except OSError as problem:
        return problem.strerror
    said = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    return None if done.returncode == 0 else (said or ["it said nothing"])[-1]


if __name__ == "__main__":
    built_inbox(REPOSITORY / "inbox")
