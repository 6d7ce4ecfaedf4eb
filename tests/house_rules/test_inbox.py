"""The page's project keeps the rules of the repository, as far as they are not Python's."""

import json
import re
from pathlib import Path
from typing import Any, Final

from benchmarks.inbox.pictures import LARGEST
from local.settings import REPOSITORY
from tests.house_rules.test_tree import LONGEST_MODULE, MOST_MODULES, files

PROJECT: Final = REPOSITORY / "inbox"

_WIDEST: Final = 100
_TEXTS: Final = PROJECT / "src" / "texts"
"""A text of a page may be longer than a line of code."""


def sources() -> list[Path]:
    """The page's files that people write."""
    kinds = {".ts", ".tsx", ".css", ".html"}
    return [path for path in files() if PROJECT in path.parents and path.suffix in kinds]


def project(name: str) -> Any:
    return json.loads((PROJECT / name).read_text(encoding="utf-8"))


def test_a_module_of_the_page_fits_three_screens() -> None:
    tables = {_TEXTS / "en.ts", _TEXTS / "de.ts"}
    long = {
        path.name: lines
        for path in sources()
        if path.suffix != ".css" and path not in tables
        if (lines := path.read_text(encoding="utf-8").count("\n")) > LONGEST_MODULE
    }

    assert sources()
    assert long == {}


def test_lines_of_the_page_fit_the_screen() -> None:
    wide = [
        f"{path.name}:{number}"
        for path in sources()
        if _TEXTS not in path.parents and path.name != "Icon.tsx"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > _WIDEST
    ]

    assert wide == []


def test_a_folder_of_the_page_is_an_overview() -> None:
    folders = {path.parent for path in sources()}
    full = {
        folder.name: number
        for folder in folders
        if (number := len([path for path in sources() if path.parent == folder])) > MOST_MODULES
    }

    assert full == {}


def test_every_module_of_the_page_says_what_is_in_it() -> None:
    silent = [
        path.name
        for path in sources()
        if path.suffix in {".ts", ".tsx"} and path.name != "vite.config.ts"
        if not path.read_text(encoding="utf-8").startswith("/**")
    ]

    assert silent == []


def test_packages_of_the_page_are_pinned_and_run_nothing_when_they_are_installed() -> None:
    package, lock = project("package.json"), project("package-lock.json")
    wanted = package["dependencies"] | package["devDependencies"]

    assert [name for name, version in wanted.items() if not re.match(r"\d", version)] == []
    assert "ignore-scripts=true" in (PROJECT / ".npmrc").read_text(encoding="utf-8").split()
    assert [name for name, each in lock["packages"].items() if "resolved" in each] == []
    without_hash = [
        name for name, each in lock["packages"].items() if name and "integrity" not in each
    ]
    assert without_hash == []


def test_the_page_shows_texts_of_others_as_text() -> None:
    """No HTML is made of texts, and no address that is not checked is a link."""
    dangerous = re.compile(r"dangerouslySetInnerHTML|innerHTML|document\.write|insertAdjacentHTML")
    found = [path.name for path in sources() if dangerous.search(path.read_text(encoding="utf-8"))]

    assert found == []


def test_every_picture_is_small_and_shown() -> None:
    pages = REPOSITORY.joinpath("README.md"), *REPOSITORY.joinpath("docs").glob("*.md")
    shown = "".join(page.read_text(encoding="utf-8") for page in pages)
    pictures = [*REPOSITORY.joinpath("docs", "pictures").iterdir()]

    assert pictures
    assert [path.name for path in pictures if f"pictures/{path.name})" not in shown] == []
    assert [path.name for path in pictures if path.stat().st_size > LARGEST] == []
