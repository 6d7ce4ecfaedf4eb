"""The parser of pages gives what botocore's gives, and leaves to it what it does not know."""

import json
from typing import Any

import pytest
from botocore.parsers import JSONParser
from botocore.session import Session
from taskdock.adapters.dynamodb.page_parser import PageParserFactory

MODEL = Session().get_service_model("dynamodb")

PAGES = {
    "a page": {
        "Items": [{"doc": {"B": "AQID"}}, {"doc": {"S": "{}"}, "version": {"N": "3"}}],
        "Count": 2,
        "ScannedCount": 2,
        "LastEvaluatedKey": {"PK": {"S": "TASK#ä"}, "created": {"N": "17"}},
        "ConsumedCapacity": {"TableName": "tasks", "CapacityUnits": 1.5},
    },
    "an empty page": {"Items": [], "Count": 0, "ScannedCount": 0},
    "a page with nulls": {"Items": [], "LastEvaluatedKey": None, "ConsumedCapacity": None},
    "lists and sets": {"Items": [{"l": {"L": [{"B": "AQID"}]}, "s": {"SS": ["a"]}}]},
    "no attribute": {"Items": [{"doc": {}}]},
    "half a surrogate pair": {"Items": [{"doc": {"S": "\ud800"}}]},
}

BATCHES = {
    "a batch": {
        "Responses": {"tasks": [{"doc": {"B": "AQID"}, "version": {"N": "1"}}]},
        "UnprocessedKeys": {"tasks": {"Keys": [{"PK": {"S": "a"}}], "ConsistentRead": False}},
        "ConsumedCapacity": [{"TableName": "tasks", "CapacityUnits": 0.5}],
    },
    "nothing found": {"Responses": {"tasks": []}, "UnprocessedKeys": {}},
}


def parsed(parser: Any, operation: str, body: bytes, status: int = 200) -> Any:
    shape = MODEL.operation_model(operation).output_shape
    response = {"headers": {"X-Amzn-RequestId": "r"}, "body": body, "status_code": status}
    return parser.parse(response, shape)


def both(operation: str, body: bytes, status: int = 200) -> tuple[Any, Any]:
    ours = PageParserFactory().create_parser("json")
    return parsed(ours, operation, body, status), parsed(JSONParser(), operation, body, status)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_botocore_makes_of_it(name: str) -> None:
    ours, theirs = both("Query", json.dumps(PAGES[name]).encode())

    assert ours == theirs


@pytest.mark.parametrize("name", BATCHES)
def test_a_batch_is_what_botocore_makes_of_it(name: str) -> None:
    ours, theirs = both("BatchGetItem", json.dumps(BATCHES[name]).encode())

    assert ours == theirs


@pytest.mark.parametrize("cut", [0, 1, 20, 60])
def test_a_body_cut_short_is_left_to_botocore(cut: int) -> None:
    body = json.dumps(PAGES["a page"]).encode()[:cut]

    ours, theirs = both("Query", body)

    assert ours == theirs


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, b'{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"m"}'),
        (400, b'{"__type":"x#ProvisionedThroughputExceededException"}'),
        (500, b"<html>gateway</html>"),
        (503, b""),
    ],
)
def test_an_error_is_what_botocore_makes_of_it(status: int, body: bytes) -> None:
    ours, theirs = both("Query", body, status)

    assert ours == theirs
    assert "Error" in ours


def test_other_operations_and_protocols_are_botocores() -> None:
    body = json.dumps({"Item": {"doc": {"B": "AQID"}}}).encode()

    ours, theirs = both("GetItem", body)

    assert ours == theirs
    assert type(PageParserFactory().create_parser("query")).__module__ == "botocore.parsers"
