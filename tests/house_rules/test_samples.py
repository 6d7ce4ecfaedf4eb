"""Sample events: every function has one, every one is an event, every one is used."""

import ast
import json
from pathlib import Path

from local.settings import REPOSITORY

SAMPLES = REPOSITORY / "events"


def folders(parent: Path) -> set[str]:
    """The folders in there that hold something of ours."""
    return {path.name for path in parent.iterdir() if path.is_dir() and path.name[0] not in "._"}


def named_by_tests() -> set[str]:
    """`<function>/<case>` of every sample that a test names, as one text or as two side by side."""
    named = set()
    for path in (REPOSITORY / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Constant(value=str(text)):
                    named.add(text)
                case (
                    ast.Call(
                        args=[ast.Constant(value=str(function)), ast.Constant(value=str(case)), *_]
                    )
                    | ast.Tuple(
                        elts=[ast.Constant(value=str(function)), ast.Constant(value=str(case)), *_]
                    )
                ):
                    named.add(f"{function}/{case}")
    return named


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
        assert (
            event.get("version") == "2.0"
            or {"Records"} == set(event)
            or is_on_the_bus(event)
            or (path.parent.name == "compact_columns" and set(event) == {"tenant", "anew"})
        )


def test_there_is_a_sample_of_every_kind_of_trigger() -> None:
    events = [json.loads(path.read_text(encoding="utf-8")) for path in SAMPLES.rglob("*.json")]
    sources = {event["Records"][0]["eventSource"] for event in events if "Records" in event}

    assert any(event.get("version") == "2.0" for event in events)
    assert any(is_on_the_bus(event) for event in events)
    assert sources == {"aws:dynamodb", "aws:sqs"}


def is_on_the_bus(event: dict[str, object]) -> bool:
    return {"detail-type", "source", "detail"} <= set(event)


def test_the_samples_folder_holds_nothing_else() -> None:
    assert {path.suffix for path in SAMPLES.rglob("*") if path.is_file()} == {".json"}
