"""Which of the API's operations the Tasklist calls: seen by tests, and said by docs/clients.md."""

import json
import re
from collections.abc import Iterable
from typing import Final

from local.settings import REPOSITORY

PAGE: Final = REPOSITORY / "docs" / "clients.md"

_OPENAPI: Final = REPOSITORY / "docs" / "openapi.json"
_ENGINE: Final = "/engine/default"
_ROW: Final = r"^\| .+? \| `{}` \| (.+?) \|$"


def called(calls: Iterable[tuple[str, str]]) -> set[str]:
    """The operations of these calls, such as `GET /task/{id}`."""
    return {f"{method} {_path(path)}" for method, path in calls}


def documented(test: str) -> set[str]:
    """The operations that the page names in the row of a test."""
    page = PAGE.read_text(encoding="utf-8")
    row = re.search(_ROW.format(re.escape(test)), page, re.MULTILINE)
    assert row is not None, f"{PAGE.name} has no row for {test}"
    return set(re.findall("`([^`]+)`", row[1]))


def _path(path: str) -> str:
    path = path.removeprefix(_ENGINE).rstrip("/")
    described: list[str] = [*json.loads(_OPENAPI.read_text(encoding="utf-8"))["paths"]]
    fitting = [each for each in described if re.fullmatch(_pattern(each), path)]
    assert fitting, f"the description of the API does not know {path}"
    return min(fitting, key=lambda each: each.count("{"))


def _pattern(template: str) -> str:
    return "[^/]+".join(re.escape(part) for part in re.split(r"\{[^}]+\}", template))
