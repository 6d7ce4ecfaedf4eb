"""The comparison finds differences, and the page reports them."""

import gzip
import json
from pathlib import Path
from typing import Any, Final

import pytest

from tests.conformance.comparing import Verdict, difference
from tests.conformance.packing import RECORDINGS, pack
from tests.conformance.recordings import errors, queries, scenarios, tasklist, world
from tests.conformance.report import (
    PAGE,
    ROWS,
    disagreements,
    error_section,
    page,
    query_section,
    scenario_section,
    section_on_page,
    table,
)
from tests.conformance.tallying import Tally, by_kind, coverage
from tests.support.builders import to_group, to_user

TASK: Final[dict[str, Any]] = {"id": "a", "created": "<date>", "due": None, "priority": 5}
SHOWN: Final[dict[str, Any]] = {**TASK, "created": "2026-03-01T10:00:00.000+0000", "links": []}


def test_the_recordings_are_all_there() -> None:
    assert len(queries()) == 2590
    assert len(errors()) == 145
    assert len(scenarios()) == 18
    assert sum(len(scenario.steps) for scenario in scenarios()) == 193
    assert len(tasklist()) == 40
    assert sum(len(scenario.steps) for scenario in tasklist()) == 804
    assert len(world().entries) == 269
    assert sorted(world().users) == ["demo", "john", "kermit", "mary", "peter"]


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (TASK, SHOWN),
        ({"id": "<id>"}, {"id": "4711", "links": [{"href": "x"}]}),
        ([TASK, {}], [SHOWN, {}]),
        ([to_user("a"), to_group("b")], [to_group("b"), to_user("a")]),
        (None, None),
    ],
)  # fmt: skip
def test_an_answer_as_recorded_has_no_difference(expected: Any, actual: Any) -> None:
    assert difference("answer", expected, actual) == []


@pytest.mark.parametrize(
    ("expected", "actual", "told"),
    [
        (TASK, {**SHOWN, "priority": 6}, "answer.priority: expected 5, got 6"),
        (TASK, {**SHOWN, "due": ""}, 'answer.due: expected null, got ""'),
        (TASK, {**SHOWN, "extra": None}, "answer.extra: not expected"),
        (TASK, {"id": "a", "created": SHOWN["created"], "due": None}, "answer.priority: missing"),
        (TASK, {**SHOWN, "created": "2026-03-01"}, "answer.created: expected "),
        ({"id": "<id>"}, {"id": ""}, "answer.id: expected "),
        ({"id": "<id>"}, {"id": None}, "answer.id: expected "),
        ([1, 2], [2, 1], "answer[0]: expected 1, got 2"),
        ([1], [1, 2], "answer: expected [1], got [1, 2]"),
        ({}, [], "answer: expected {}, got []"),
        (False, 0, "answer: expected false, got 0"),
        (1, 1.0, "answer: expected 1, got 1.0"),
        ([{"message": "a"}, {"message": "b"}], [{"message": "b"}, {"message": "a"}],
         'answer[0].message: expected "a", got "b"'),
    ],
)  # fmt: skip
def test_any_other_answer_has_one(expected: Any, actual: Any, told: str) -> None:
    assert difference("answer", expected, actual)[0].startswith(told)


WRONG: Final = Verdict("or-00001", ("D8",), ("count: expected 1, got 2", "ids: expected …"))
RIGHT: Final = Verdict("or-00002", (), ())


def test_a_case_that_disagrees_is_counted_and_reported() -> None:
    [only] = by_kind([WRONG, RIGHT])
    assert only == Tally("or", 1, 2, ["D8"])
    assert disagreements([WRONG, RIGHT]) == [
        "or-00001: count: expected 1, got 2",
        "or-00001: ids: expected …",
    ]
    for told in (query_section([WRONG, RIGHT]), error_section([WRONG, RIGHT])):
        assert "- or-00001: count: expected 1, got 2" in told
    verdicts = [WRONG, *[RIGHT] * 17]
    assert "| scenario-01 | create with a name only | 7 | no | D8 |" in scenario_section(
        scenarios(), verdicts
    )


def test_the_coverage_of_a_property_counts_cases_by_company_and_by_agreement() -> None:
    verdicts = [
        Verdict(case.name, case.rows, ("wrong",) if case.name == "single-00000" else ())
        for case in queries()
    ]
    found = {each.name: each for each in coverage(queries(), verdicts, world())}
    assert queries()[0].body == {"active": True}
    assert found["active"].cases == found["active"].agreed + 1
    for each in found.values():
        assert each.alone + each.beside_others <= each.cases
        assert each.cases > 0, f"nothing is recorded of {each.name}"


def test_a_table_for_the_terminal_lines_up() -> None:
    tallies = [Tally("or", 9, 10, ("D8", "D9")), Tally("everything", 100, 100, ())]
    assert table(tallies).splitlines() == [
        "            agreed   of  rows",
        "or               9   10  D8 D9",
        "everything     100  100",
    ]


def test_the_page_explains_the_rows_that_are_named_and_no_others() -> None:
    named = {row for case in queries() for row in case.rows}
    named |= {row for case in errors() for row in case.rows}
    named |= {
        row
        for scenario in (*scenarios(), *tasklist())
        for step in scenario.steps
        for row in step.rows
    }
    assert named == ROWS.keys()


def test_the_page_has_its_introduction_and_nothing_beside_its_sections() -> None:
    titles = ("Queries", "Properties", "Errors", "Scenarios", "Task lists")
    assert PAGE.read_text(encoding="utf-8") == page(section_on_page(title) for title in titles)


def test_packing_is_repeatable_and_leaves_out_unused_values(tmp_path: Path) -> None:
    for path in RECORDINGS.glob("*.gz"):
        (tmp_path / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
    with (tmp_path / "errors.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"id": "x", "reference": {"status": 500}}) + "\n")
    target = tmp_path / "packed"
    target.mkdir()
    pack(tmp_path, target)
    for name in (
        "dataset.json.gz",
        "queries.jsonl.gz",
        "scenarios.jsonl.gz",
        "tasklist.jsonl.gz",
    ):
        assert gzip.decompress((target / name).read_bytes()) == gzip.decompress(
            (RECORDINGS / name).read_bytes()
        )
    packed = (target / "errors.jsonl.gz").read_bytes()
    assert gzip.decompress(packed).decode().splitlines()[-1] == '{"id":"x"}'
    pack(tmp_path, target)
    assert (target / "errors.jsonl.gz").read_bytes() == packed
