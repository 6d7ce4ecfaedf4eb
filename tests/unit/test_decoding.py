"""Decoding a part of a document: the same values as decoding all of it, whatever is in it."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from taskdock.adapters.dynamodb.documents import Documents, packed
from taskdock.use_cases.documents import decoded

FIELDS = frozenset({"id", "name", "priority", "variables"})
MANY = 300
"""So many documents that fields which nobody asks for are passed over."""

TEXTS = st.text() | st.sampled_from(["\ud800", "a\udfffb", "\x00\x1f\x7f", '\\"\\u0041', "ß\u2028"])
NUMBERS = (
    st.integers()
    | st.floats()
    | st.sampled_from([2**53 + 1, -(2**63) - 1, 2**64, 10**40, 1e16, 5e-324, -0.0])
)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=10,
)
DOCUMENTS = st.dictionaries(st.sampled_from([*FIELDS, "created", "links", "\ud83d"]), VALUES)


def read(text: str | bytes, fields: frozenset[str] | None = FIELDS) -> dict[str, Any]:
    """The document decoded as one of many."""
    tasks = [task for _, task in decoded(Documents([{"doc": packed(text)}] * MANY), fields)]
    return dict(tasks[-1])


def only_fields(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name in FIELDS}


@settings(max_examples=300)
@given(DOCUMENTS, st.booleans())
def test_a_field_has_the_value_that_it_has_in_the_whole(
    document: dict[str, Any], escaped: bool
) -> None:
    text = json.dumps(document)  # lone surrogates are escaped
    if not escaped:
        try:
            text.encode()
            text = json.dumps(document, ensure_ascii=False)
            text.encode()
        except UnicodeEncodeError:
            text = json.dumps(document)

    # By their repr: NaN is not equal to itself, and 1 is equal to 1.0 and to True.
    found = read(text)
    whole = json.loads(text)
    assert repr(sorted(only_fields(found).items())) == repr(sorted(only_fields(whole).items()))
    assert repr(read(text, None)) == repr(whole)


@pytest.mark.parametrize(
    "value",
    [
        "1e400",
        "-1e400",
        "NaN",
        "Infinity",
        "18446744073709551616",
        '"\\ud800"',
        "1E5",
        "-0",
        "-0.0",
    ],
)
@pytest.mark.parametrize("name", ["priority", "other"])
def test_what_the_faster_decoder_refuses_is_read_as_before(name: str, value: str) -> None:
    text = f'{{"id":"t1","{name}":{value}}}'

    assert repr(only_fields(read(text))) == repr(only_fields(json.loads(text)))


def test_of_a_name_that_comes_twice_the_last_value_counts() -> None:
    assert only_fields(read('{"id":"a","id":"b","name":"x"}')) == {"id": "b", "name": "x"}


def test_a_document_in_plain_text_is_read_too() -> None:
    documents = Documents([{"doc": {"S": '{"id": "t1", "created": 5, "name": "old"}'}}] * MANY)

    assert [task["id"] for _, task in decoded(documents, frozenset({"id"}))] == ["t1"] * MANY
    assert len(documents) == MANY


@pytest.mark.parametrize("text", ['{"id":"t1"', "", "[", '{"id":"t1","name":"\\x"}', '{"id":tru}'])
def test_a_text_that_is_no_json_is_refused_as_before(text: str) -> None:
    with pytest.raises(ValueError):
        read(text)


def test_a_document_can_be_decoded_once_more() -> None:
    documents = Documents([{"doc": packed('{"id":"t1","name":"x","created":3}')}] * MANY)
    kept = [document for document, _ in decoded(documents, frozenset({"id"}))]

    assert [dict(task) for _, task in decoded(kept[:2], None)] == [
        {"id": "t1", "name": "x", "created": 3}
    ] * 2
    assert len(documents[:3]) == 3
