"""No module of the package needs itself: imports for type checking count too."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Final

import pytest

from local.settings import REPOSITORY

ROOT: Final = REPOSITORY / "layers" / "taskdock" / "python"


def name_of(path: Path) -> str:
    """`taskdock.domain.errors` for its file; a package is named for its folder."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path, modules: frozenset[str]) -> Iterator[str]:
    """The modules of the package that a file imports anywhere."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            inner = [f"{node.module}.{each.name}" for each in node.names]
            found = [name for name in inner if name in modules]
            yield from found
            if len(found) < len(inner) and node.module in modules:
                yield node.module


def sorted_modules(folder: str) -> list[str]:
    """The modules below the folder, each after those it imports; raises `CycleError`."""
    paths = {name_of(path): path for path in (ROOT / "taskdock" / folder).rglob("*.py")}
    modules = frozenset(paths)
    graph = {name: set(imported(path, modules)) - {name} for name, path in paths.items()}
    return list(TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("folder", ["domain", "use_cases", "api", "adapters", "runtime"])
def test_the_modules_of_a_layer_import_each_other_in_no_circle(folder: str) -> None:
    try:
        order = sorted_modules(folder)
    except CycleError as error:
        pytest.fail(f"a circle of imports: {' → '.join(error.args[1])}")
    assert len(order) > 5
