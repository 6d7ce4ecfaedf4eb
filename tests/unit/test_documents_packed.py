"""Task documents as the table stores them."""

import base64
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from taskdock.adapters.dynamodb import documents
from taskdock.adapters.dynamodb.documents import packed, unpacked

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=20,
)


@given(st.dictionaries(TEXTS, VALUES))
def test_what_is_packed_is_what_is_unpacked(document: dict[str, Any]) -> None:
    text = json.dumps(document, ensure_ascii=False)
    assert dict(unpacked(packed(text))) == document


def test_a_stream_record_has_the_bytes_in_base64() -> None:
    content = bytes(packed('{"id":"t1"}')["B"])
    assert dict(unpacked({"B": base64.b64encode(content).decode()})) == {"id": "t1"}


def test_plain_text_is_read_too() -> None:
    assert dict(unpacked({"S": '{"id":"t1"}'})) == {"id": "t1"}


def test_a_dictionary_in_use_never_changes() -> None:
    # Every stored document depends on it: a better one gets the next number.
    digests = {
        number: hashlib.sha256(dictionary).hexdigest()
        for number, dictionary in documents._DICTIONARIES.items()
    }
    assert digests == {1: "25a155fb610d5beed73e19434e4a4def952ace4c05c21d6dd86c07c0065bf103"}


@pytest.mark.parametrize(
    "attribute",
    [
        pytest.param({"B": b""}, id="empty"),
        pytest.param({"B": b"\xff\x00"}, id="unknown dictionary"),
        pytest.param({"B": b"\x01\xff\xff"}, id="no deflate"),
        pytest.param({"B": "%"}, id="no base64"),
        pytest.param({"B": b"\x01" + b"\x03\x00"}, id="nothing inside"),
        pytest.param({"N": "1"}, id="a number"),
    ],
)
def test_bytes_that_no_version_wrote_are_refused(attribute: dict[str, Any]) -> None:
    with pytest.raises((ValueError, LookupError, TypeError)):
        unpacked(attribute)


def test_a_usual_document_shrinks_to_a_third() -> None:
    document = {
        "id": "3aff277e-e6c2-11f1-9e8e-000000000001",
        "name": "Check stock",
        "priority": 50,
        "created": 1768593600000,
        "taskDefinitionKey": "check_stock",
        "processInstanceId": "3af8228c-e6c2-11f1-9e8e-000000000001",
        "processDefinitionKey": "order",
        "processDefinitionName": "Order fulfilment",
        "processVariables": {
            "amount": {"type": "Integer", "value": 100},
            "region": {"type": "String", "value": "east"},
            "express": {"type": "Boolean", "value": True},
        },
        "links": [{"type": "candidate", "userId": None, "groupId": "management"}],
        "taskState": "Created",
        "state": "created",
    }
    text = json.dumps(document, separators=(",", ":"))
    assert len(bytes(packed(text)["B"])) * 3 < len(text) * 1.2
