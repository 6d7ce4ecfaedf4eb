"""Tasks as columns: documents come back as they were, and the bytes are checked."""

import json
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from taskdock.domain.columns.column import (
    Unreadable,
    read_column,
    read_lists,
    written_column,
    written_lists,
)
from taskdock.domain.columns.segment import (
    columns_of,
    documents_of,
    is_of_lists,
    shared,
)
from taskdock.domain.tasks.task import Task

from tests.support.builders import a_task
from tests.support.column_segments import segment_of
from tests.unit.query.worlds import worlds

_texts = st.text(st.characters(codec=None) | st.sampled_from('\ud800\udfff\x00\n"\\'), max_size=8)
_numbers = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | _numbers | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=5,
)
_fields = _texts | st.sampled_from(
    ["links", "variables", "processVariables", "caseInstanceVariables", "name", "due", "priority"]
)
documents = st.lists(
    st.dictionaries(_fields, _values, max_size=6), max_size=12
)  # fmt: skip


def _written(document: Any) -> str:
    """The document's text: the order of its keys counts, and so does 1 beside 1.0 and true."""
    return json.dumps(document)


@settings(max_examples=150, deadline=None)
@given(documents)
def test_any_document_is_built_again_as_it_was(given_documents: list[dict[str, Any]]) -> None:
    tasks: Any = [{**each, "id": f"{at:03}"} for at, each in enumerate(given_documents)]
    segment, in_order = segment_of(tasks)

    rebuilt = documents_of(segment, range(segment.rows))

    assert list(map(_written, rebuilt)) == list(map(_written, in_order))


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_tasks_are_built_again_as_they_were(tasks: list[Task]) -> None:
    segment, in_order = segment_of(tasks)

    assert list(documents_of(segment, range(segment.rows))) == list(in_order)


def test_variables_with_names_of_their_own_share_a_column() -> None:
    tasks = [
        a_task(f"{at:04}", variables={f"v{at}": {"type": "Integer", "value": at}, "all": 1})
        for at in range(1000)
    ]
    segment, in_order = segment_of(tasks)

    assert list(documents_of(segment, range(1000))) == list(in_order)
    assert shared("variables") in segment.addresses
    assert len(segment.addresses) < 400
    assert segment.column(("variables", "v999")).value(999) == {"type": "Integer", "value": 999}
    assert set(segment.names("variables")) == {"all", *(f"v{at}" for at in range(1000))}


def test_rows_are_found_by_id() -> None:
    segment, _ = segment_of(a_task(each) for each in ("b", "d", "a"))

    assert segment.find(["d", "c", "a", "", "z"]) == [2, 0]


def _bytes() -> list[bytes]:
    tasks = [a_task(f"{at:03}", priority=at, due=10**12 + at) for at in range(300)]
    return [*columns_of(tasks).values(), written_lists(2, {1: [[1], "x"]})]


@pytest.mark.parametrize("content", _bytes())
def test_a_column_that_was_cut_or_changed_is_never_read_as_another(content: bytes) -> None:
    for at in range(0, len(content), 1 + len(content) // 40):
        flipped = bytearray(content)
        flipped[at] ^= 0x10
        for broken in (content[:at], bytes(flipped)):
            with pytest.raises(Unreadable):
                for read in (read_column, read_lists):
                    read(broken)


def test_a_kind_of_column_that_is_unknown_is_told() -> None:
    body = bytearray(zlib.decompress(written_column(1, {0: "a"})))
    body[0] = 200

    with pytest.raises(Unreadable, match="unknown kind 200"):
        read_column(zlib.compress(body))
    assert not is_of_lists(("name",))
