"""A faster parser for the pages that DynamoDB answers.

botocore walks every value of an answer beside the model of its type, which takes longer than
everything else that is done with a page. The answers of Query and BatchGetItem need no model: only
binary values differ from their JSON. Whatever this parser does not know is left to botocore's own,
errors and bodies that were cut short too: these are then retried as botocore retries them.
"""

import json
from binascii import a2b_base64
from collections.abc import Iterable
from typing import Any, Final

from botocore.parsers import JSONParser, ResponseParserFactory

_PAGES: Final = frozenset({"QueryOutput", "BatchGetItemOutput"})

_AS_IN_JSON: Final = frozenset({"S", "N"})


class PageParserFactory(ResponseParserFactory):
    """botocore's factory, with this parser for the JSON protocol.

    Register it as the component `response_parser_factory` of a session for DynamoDB.
    """

    def create_parser(self, protocol_name: str) -> Any:
        """The parser of a protocol."""
        if protocol_name == "json":
            return _PageParser(**self._defaults)  # type: ignore[attr-defined]  # not in the stubs
        return super().create_parser(protocol_name)


class _PageParser(JSONParser):
    def _handle_json_body(self, raw_body: bytes, shape: Any) -> Any:
        # JSONParser calls this for errors too; their shapes have other names.
        if shape is not None and shape.name in _PAGES:
            try:
                return _page(raw_body)
            except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
                pass  # botocore's parser decides what becomes of it
        return super()._handle_json_body(raw_body, shape)  # type: ignore[misc]  # not in the stubs


def _page(body: bytes) -> dict[str, Any]:
    """The answer in a body, as botocore gives it; `ValueError` and its like for any other body."""
    answer: dict[str, Any] = {
        name: value for name, value in json.loads(body).items() if value is not None
    }
    _decode(answer.get("Items", ()))
    for items in answer.get("Responses", {}).values():
        _decode(items)
    capacity = answer.get("ConsumedCapacity", ())
    for each in (capacity,) if isinstance(capacity, dict) else capacity:
        if not isinstance(each["CapacityUnits"], float | int):
            raise ValueError("no number of capacity units")
    return answer


def _decode(items: Iterable[dict[str, dict[str, Any]]]) -> None:
    """Turn binary attributes into bytes, in place."""
    for item in items:
        for attribute in item.values():
            [(kind, value)] = attribute.items()
            if kind == "B":
                attribute["B"] = a2b_base64(value, strict_mode=True)
            elif kind not in _AS_IN_JSON:
                raise ValueError(f"an attribute of type {kind}")
