"""JSON merge patch (RFC 7396): what PATCH means on every route."""

from collections.abc import Mapping
from typing import Any

from taskdock.domain.errors import InvalidRequest


def merged(target: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """`target` with the members of `patch`: null removes one, objects merge, all else replaces.

    Raises `InvalidRequest` for extreme nesting.
    """
    try:
        return _merged(target, patch)
    except RecursionError:
        raise InvalidRequest("the patch is nested too deeply") from None


def _merged(target: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(target)
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, Mapping):
            present = result.get(name)
            result[name] = _merged(present if isinstance(present, Mapping) else {}, value)
        else:
            result[name] = value
    return result
