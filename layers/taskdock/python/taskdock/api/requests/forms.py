"""Reads the registration of a form."""

import json
from collections.abc import Mapping
from typing import Any, Final

from taskdock.api.requests.property_values import shown
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.forms.schema import Schema, checked_schema
from taskdock.domain.json_text import refuse_nul

SIZE_LIMIT: Final = 128 * 1024
"""Bytes of JSON that a form may be (docs/api.md, Limits)."""

_LARGEST_VERSION: Final = 10**9


def form_in(body: object) -> Schema:
    """The Camunda Form in a body; raises `InvalidRequest` (docs/api.md, Forms)."""
    refuse_nul(body, "the form")
    schema = checked_schema(body)
    try:
        size = len(json.dumps(schema, separators=(",", ":"), allow_nan=False))
    except ValueError:
        raise InvalidRequest("the form: holds what JSON cannot write") from None
    if size > SIZE_LIMIT:
        raise InvalidRequest(f"the form: takes {size} bytes; at most {SIZE_LIMIT} do")
    return schema


def version_in(parameters: Mapping[str, Any]) -> int | None:
    """The version that a query string asks for; None for the newest. Raises `InvalidRequest`."""
    text = parameters.get("version")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text[:12]) < _LARGEST_VERSION):
        raise InvalidRequest(f"version: expected a number from 1 on, got {shown(text)}")
    return int(text)
