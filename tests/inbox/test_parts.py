"""The parts of the page that need no browser: their own tests, and how much a visit loads."""

import gzip
import re
import subprocess
from pathlib import Path
from typing import Final

MOST_AT_FIRST: Final = 200_000
"""Bytes, gzipped, that a first visit may load."""


def test_the_page_keeps_its_types_its_form_and_its_own_tests(built: Path) -> None:
    done = subprocess.run(
        ["npm", "test", "--silent"],
        cwd=built.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_first_visit_loads_little(built: Path) -> None:
    """What the document names, the sign-in and the lists behind it, and the German texts."""
    assets = built / "assets"
    page = (built / "index.html").read_text(encoding="utf-8")
    named = set(re.findall(r'(?:src|href)="/inbox/([^"]+)"', page))
    later = [path for each in ("App", "oidc-client-ts", "de") for path in assets.glob(f"{each}-*")]
    needed = {
        f"assets/{name}"
        for path in later
        for name in re.findall(r'(?:from|import)"\./([^"]+)"', path.read_text(encoding="utf-8"))
    }
    names = named | needed | {f"assets/{path.name}" for path in later}
    sizes = {name: len(gzip.compress((built / name).read_bytes())) for name in names}

    assert len(later) >= 3
    assert sum(sizes.values()) < MOST_AT_FIRST, sizes


def test_viewers_of_forms_and_documents_are_no_part_of_a_first_visit(built: Path) -> None:
    page = (built / "index.html").read_text(encoding="utf-8")

    for viewer in ("CamundaForm", "Pdf", "Dialogs"):
        assert list((built / "assets").glob(f"{viewer}-*.js"))
        assert viewer not in page
