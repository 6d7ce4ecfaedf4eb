"""What Lighthouse says of the inbox: `python -m benchmarks.inbox.lighthouse`.

Lighthouse loads the page as a phone would, with nothing kept by the browser and once more with
its files kept. It loads what a stranger sees; `first_load` measures the page of somebody who is
signed in. Lighthouse is no part of the page's packages: npm puts the version
that is named here below `.local`. The table is written to docs/inbox.md; the program fails where
the page can be used later than it should be.
"""

import json
import os
import shutil
import statistics
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from benchmarks.inbox.served import browser_program, inbox
from benchmarks.pages import write_section
from local.settings import REPOSITORY

PAGE: Final = REPOSITORY / "docs" / "inbox.md"
VERSION: Final = "12.8.2"
FOLDER: Final = REPOSITORY / ".local" / f"lighthouse-{VERSION}"
ROUNDS: Final = 3
LATEST: Final = {"nothing kept": 2500, "files kept": 1000}
"""Milliseconds until the page can be used."""
CATEGORIES: Final = ("performance", "accessibility", "best-practices")


def main() -> None:
    """Measure, print, write the table; fail for what is late."""
    program = _installed()
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in LATEST}
    with inbox() as service, TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            profile = Path(folder, "profile")
            for name in LATEST:
                is_kept = name == "files kept"
                found[name].append(_report(program, f"{service.url}/inbox/", profile, is_kept))
            shutil.rmtree(profile)
    lines = [
        "| With | can be used after, ms | largest paint, ms | performance | accessibility "
        "| best practices |",
        "|---|--:|--:|--:|--:|--:|",
        *(_row(name, reports) for name, reports in found.items()),
    ]
    text = "\n".join(lines)
    print(text)
    write_section(PAGE, "lighthouse", text)
    late = [name for name, limit in LATEST.items() if _median(found[name], "interactive") > limit]
    if late:
        raise SystemExit(f"later than it should be: {', '.join(late)}")


def _installed() -> Path:
    program = FOLDER / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        npm = shutil.which("npm")
        if npm is None:
            raise SystemExit("there is no npm here")
        FOLDER.mkdir(parents=True, exist_ok=True)
        quiet = ("--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts")
        asked = [npm, "install", "--prefix", str(FOLDER), *quiet, f"lighthouse@{VERSION}"]
        subprocess.run(asked, check=True)
    return program


def _report(program: Path, address: str, profile: Path, is_kept: bool) -> dict[str, Any]:
    flags = f"--headless=new --no-sandbox --user-data-dir={profile}"
    asked = [
        str(program),
        address,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags={flags}",
        *(["--disable-storage-reset"] if is_kept else []),
    ]
    surroundings = {**os.environ, "CHROME_PATH": browser_program()}
    done = subprocess.run(asked, capture_output=True, text=True, check=False, env=surroundings)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _median(reports: list[dict[str, Any]], audit: str) -> float:
    return statistics.median(float(each["audits"][audit]["numericValue"]) for each in reports)


def _row(name: str, reports: list[dict[str, Any]]) -> str:
    scores = (
        statistics.median(each["categories"][category]["score"] for each in reports)
        for category in CATEGORIES
    )
    figures = (_median(reports, each) for each in ("interactive", "largest-contentful-paint"))
    cells = [*(f"{each:,.0f}" for each in figures), *(f"{100 * each:.0f}" for each in scores)]
    return f"| {name} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
