"""Importing a file: cut into pieces, sent in order, refused with places in the file."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from local.import_file import PIECE, Refused, entries_of, import_entries, pieces


class Service:
    """A service that accepts pieces until it is set to refuse the next one."""

    def __init__(self, refusal: str = "", after: int = 1000) -> None:
        self.taken: list[Any] = []
        self._refusal = refusal
        self._left = after

    def __call__(self, body: bytes) -> Mapping[str, int]:
        if self._left == 0:
            raise Refused(self._refusal)
        self._left -= 1
        tasks = json.loads(body)["tasks"]
        self.taken += tasks
        return {"imported": len(tasks) - 1, "skipped": 1}


def half_a_piece(name: int) -> dict[str, object]:
    """An entry of which two fit into a piece, and no third."""
    return {"task": {"id": str(name), "description": "x" * (PIECE * 2 // 5)}}


def test_a_file_holds_the_body_of_an_import_or_its_list() -> None:
    assert entries_of({"now": 5, "tasks": [1, 2]}) == [1, 2]
    assert entries_of([1, 2]) == [1, 2]


@pytest.mark.parametrize("content", [{}, {"tasks": 5}, 5, None])
def test_a_file_of_anything_else_is_refused(content: object) -> None:
    with pytest.raises(Refused):
        entries_of(content)


def test_pieces_are_in_order_and_within_the_size() -> None:
    entries = [{"n": "x" * (number % 7) * 10} for number in range(40)]
    cut = list(pieces(entries, size=200))
    assert [entry for _, piece in cut for entry in piece] == entries
    assert all(entries[first] is piece[0] for first, piece in cut)
    assert all(len(json.dumps({"tasks": piece})) <= 200 + len('{"tasks": []}') for _, piece in cut)


def test_an_entry_over_the_size_is_a_piece_of_its_own() -> None:
    assert list(pieces(["x" * 50, "y", "z" * 50], size=20)) == [
        (0, ["x" * 50]),
        (1, ["y"]),
        (2, ["z" * 50]),
    ]


def test_nothing_is_sent_of_an_empty_file() -> None:
    service = Service(after=0)
    assert import_entries([], service, print) == {"imported": 0, "skipped": 0}


def test_everything_is_sent_counted_and_reported() -> None:
    service, told = Service(), list[str]()
    entries = [half_a_piece(number) for number in range(5)]
    assert import_entries(entries, service, told.append) == {"imported": 2, "skipped": 3}
    assert service.taken == entries
    assert told == [
        "2 of 5: 1 imported, 1 skipped",
        "4 of 5: 2 imported, 2 skipped",
        "5 of 5: 2 imported, 3 skipped",
    ]


def test_a_refusal_names_the_place_in_the_file_and_stops() -> None:
    service = Service(refusal="400: tasks[1].task.id: t is that of tasks[0]", after=1)
    with pytest.raises(Refused) as refused:
        import_entries([half_a_piece(number) for number in range(6)], service, print)
    assert str(refused.value) == (
        "400: tasks[3].task.id: t is that of tasks[2] (2 of 6 were sent before)"
    )
    assert len(service.taken) == 2
