"""Sample events: every function has one, every one is an event, every one is used."""

import ast
import json
from pathlib import Path
from typing import TypeGuard

from local.settings import REPOSITORY

SAMPLES = REPOSITORY / "events"


def folders(parent: Path) -> set[str]:
    """The folders in there that hold something of ours."""
    return {path.name for path in parent.iterdir() if path.is_dir() and path.name[0] not in "._"}


def named_by_tests() -> set[str]:
    """`<function>/<case>` of every sample that a test names, as one text or as two arguments."""
    named = set()
    for path in (REPOSITORY / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.expr) and is_text(node):
                named.add(str(node.value))
            elif isinstance(node, ast.Call):
                texts = (argument.value for argument in node.args if is_text(argument))
                named.add("/".join(str(text) for text in texts))
    return named


def is_text(node: ast.expr) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_every_function_has_a_sample_and_every_sample_a_function() -> None:
    assert folders(SAMPLES) == folders(REPOSITORY / "functions")
    assert not [name for name in folders(SAMPLES) if not list(SAMPLES.joinpath(name).glob("*"))]


def test_every_sample_is_used_by_a_test() -> None:
    samples = {
        path.relative_to(SAMPLES).with_suffix("").as_posix() for path in SAMPLES.rglob("*.json")
    }

    assert samples - named_by_tests() == set()


def test_a_sample_is_what_aws_sends() -> None:
    for path in SAMPLES.rglob("*.json"):
        event = json.loads(path.read_text(encoding="utf-8"))
        assert event.get("version") == "2.0" or "Records" in event, path


def test_nothing_else_lies_among_the_samples() -> None:
    assert {path.suffix for path in SAMPLES.rglob("*") if path.is_file()} == {".json"}
