"""Compares two answers to the same request."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from migration.http_client import Trouble
from migration.old_server import instant

_UNSAID: Final = frozenset({"links", "_links"})
"""They hold addresses of the server that answers."""

_TIMES: Final = frozenset({"created", "lastUpdated", "time", "createTime"})
"""When something was done; what is repeated is done a little later."""

_LIST_OF_TASKS: Final = re.compile(r"/(?:task|filter/[^/]+/list)")
_SHOWN: Final = 3


def places(path: str, old: Any, new: Any, spare: timedelta) -> list[str]:
    """Where two JSON answers differ, the first few places; none when they say the same.

    Times of what was done may lie `spare` apart. Lists come in any order but those of tasks.
    """
    plain = [
        _plain(each, keeps_ids=not path.startswith("/variable-instance")) for each in (old, new)
    ]
    if _LIST_OF_TASKS.fullmatch(path) is None:
        plain = [_in_order(each) for each in plain]
    found = _differences("", plain[0], plain[1], spare)
    return [place for _, place in zip(range(_SHOWN), found, strict=False)]


def are_the_same_tasks(old: Any, new: Any) -> bool:
    """Whether two lists have the same ids, in whatever order."""
    if not isinstance(old, list) or not isinstance(new, list):
        return False
    one, two = (sorted(str(each.get("id")) for each in shown) for shown in (old, new))
    return one == two


def _plain(shown: Any, *, keeps_ids: bool) -> Any:
    if isinstance(shown, list):
        return [_plain(each, keeps_ids=keeps_ids) for each in shown]
    if isinstance(shown, dict):
        unsaid = _UNSAID if keeps_ids else _UNSAID | {"id"}
        return {
            name: _plain(value, keeps_ids=keeps_ids)
            for name, value in shown.items()
            if name not in unsaid
        }
    return shown


def _in_order(shown: Any) -> Any:
    if isinstance(shown, list):
        return sorted(map(_in_order, shown), key=_rank)
    if isinstance(shown, dict):
        return {name: _in_order(value) for name, value in shown.items()}
    return shown


def _rank(shown: Any) -> str:
    if isinstance(shown, dict):
        shown = {name: value for name, value in shown.items() if name not in _TIMES}
    return json.dumps(shown, sort_keys=True)


def _differences(place: str, old: Any, new: Any, spare: timedelta) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted({*old, *new}):
            if name in _TIMES and _are_near(old, new, name, spare):
                continue
            yield from _differences(f"{place}.{name}", old.get(name), new.get(name), spare)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (one, two) in enumerate(zip(old, new, strict=True)):
            yield from _differences(f"{place}[{index}]", one, two, spare)
    elif old != new or isinstance(old, bool) != isinstance(new, bool):
        yield f"{place or 'the answer'}: {_brief(old)} / {_brief(new)}"


def _are_near(old: Mapping[str, Any], new: Mapping[str, Any], name: str, spare: timedelta) -> bool:
    one, two = old.get(name), new.get(name)
    if not isinstance(one, str) or not isinstance(two, str):
        return one == two
    try:
        return abs(instant(one) - instant(two)) <= spare
    except Trouble:
        return one == two


def _brief(shown: Any) -> str:
    if isinstance(shown, list):
        ids = [each.get("id") if isinstance(each, dict) else each for each in shown[:_SHOWN]]
        return f"{len(shown)} entries, {json.dumps(ids)}"
    text = json.dumps(shown, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 120 else f"{text[:120]}…"
