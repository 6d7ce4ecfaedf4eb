"""What the files of the repository may be called, how long they may be, what they may say."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from local.settings import REPOSITORY

EMPTY_NAMES: Final = {"utils", "util", "helpers", "common", "base", "core", "misc", "manager"}
"""Names that say nothing about the content."""

LONGEST_MODULE: Final = 300
LONGEST_FUNCTION: Final = 50
"""Lines; three screens and half a one."""

MOST_MODULES: Final = 20

# In pieces, lest this file be found.
FORBIDDEN: Final = (
    r"pypi\." "org",
    r"pythonhosted\." "org",
    r"registry\.npmjs\." "org",
    r"crates\." "io",
    r"repo[0-9]*\.maven",
    r"deb\.debian\." "org",
    "/wo" r"rk/",
    r"\.\./sha" "red",
    r"\bTO" "DO\b",
    r"\bFIX" "ME\b",
)


def files() -> list[Path]:
    """What git has, or would have with the next `git add`."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = (REPOSITORY / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


def modules() -> Iterator[tuple[Path, ast.Module]]:
    """Every Python file that says anything."""
    for path in files():
        if path.suffix == ".py" and path.stat().st_size:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def is_product(path: Path) -> bool:
    """Whether it is no test."""
    return path.relative_to(REPOSITORY).parts[0] not in {"tests", "benchmarks"}


def name_of(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def test_no_file_is_called_something_empty() -> None:
    assert [
        name_of(path) for path in files() if {path.stem, *path.parent.parts} & EMPTY_NAMES
    ] == []


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_no_file_speaks_of_places_that_readers_have_not(pattern: str) -> None:
    speaking = [
        name_of(path)
        for path in files()
        if re.search(pattern, path.read_text(encoding="utf-8", errors="replace"))
    ]

    assert speaking == []


def test_every_module_has_a_docstring() -> None:
    assert [name_of(path) for path, module in modules() if not ast.get_docstring(module)] == []


def test_whatever_others_may_call_says_what_they_get() -> None:
    """A method may leave it to the class or the port that it has the method from."""
    public = [
        (path, node, is_method)
        for path, module in modules()
        if is_product(path)
        for node, is_method in public_definitions(module)
    ]
    told = {node.name for _, node, is_method in public if is_method and ast.get_docstring(node)}
    silent = [
        f"{name_of(path)}: {node.name}"
        for path, node, is_method in public
        if not ast.get_docstring(node) and not (is_method and node.name in told)
    ]

    assert silent == []


def public_definitions(
    parent: ast.Module | ast.ClassDef,
) -> Iterator[tuple[ast.FunctionDef | ast.ClassDef, bool]]:
    """Public classes and functions, and the public methods of those classes; True for methods."""
    for node in parent.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node, isinstance(parent, ast.ClassDef)
            if isinstance(node, ast.ClassDef):
                yield from public_definitions(node)


def test_a_module_fits_three_screens() -> None:
    long = {
        name_of(path): lines
        for path, _ in modules()
        if is_product(path)
        and (lines := path.read_text(encoding="utf-8").count("\n")) > LONGEST_MODULE
    }

    assert long == {}


def test_a_function_fits_half_a_screen() -> None:
    long = {
        f"{name_of(path)}: {node.name}": node.end_lineno - node.lineno
        for path, module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno > LONGEST_FUNCTION
    }

    assert long == {}


def test_tests_neither_sleep_nor_mock() -> None:
    tests = (path for path in files() if path.name.startswith("test_") and path.suffix == ".py")
    found = [
        name_of(path)
        for path in tests
        if re.search(r"\btime\.sleep\(|\bunittest\b", path.read_text(encoding="utf-8"))
        and path != Path(__file__)
    ]

    assert found == []


def test_a_folder_of_the_package_is_an_overview() -> None:
    """At most twenty modules; more are split into packages."""
    package = REPOSITORY / "layers" / "taskdock" / "python" / "taskdock"
    full = {
        name_of(folder): number
        for folder in {path.parent for path in package.rglob("*.py")}
        if (number := len([path for path in folder.glob("*.py") if path.name != "__init__.py"]))
        > MOST_MODULES
    }

    assert full == {}
