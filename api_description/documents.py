"""docs/api.md and docs/openapi.json as they should be by now.

The text of docs/api.md is written by hand and the tables by this module: each is between a line
`<!-- name -->` and a line `<!-- /name -->`.
"""

import json
import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Final

from taskdock.runtime.event_schemas import event_schemas

from api_description.idle_costs import idle_table
from api_description.openapi import openapi
from api_description.routes import described, routes_of
from api_description.tables import table, tables
from local.optional_parts import load_with_every_part
from local.template import Template

API: Final = Path("docs/api.md")
COSTS: Final = Path("docs/costs.md")
OPENAPI: Final = Path("docs/openapi.json")
SCHEMAS: Final = Path("docs/schemas")
"""The JSON Schemas of the events, a file each."""

_IDLE_HEAD: Final = ("Resource", "By default", "$", "With every part", "$", "Costs")

MARKED: Final = re.compile(r"<!-- (\w+) -->\n.*?<!-- /\1 -->", re.DOTALL)
"""A section that a command writes, by its name."""


def marked(name: str, text: str) -> str:
    """The section of that name with its marks."""
    return f"<!-- {name} -->\n\n{text}\n\n<!-- /{name} -->"


def documents(repository: Path) -> Mapping[Path, str]:
    """The text of all files, by path from the repository's top.

    Raises `Disagreement` when template and descriptions differ, `KeyError` for a place in
    docs/api.md that there is no table for, `ValueError` for a table that has no place.
    """
    path = repository / "template.yaml"
    template = load_with_every_part(path)
    routes = described(routes_of(template))
    document = openapi(routes, version("taskdock"))
    return {
        API: _filled((repository / API).read_text(encoding="utf-8"), tables(routes, template)),
        COSTS: _filled(
            (repository / COSTS).read_text(encoding="utf-8"),
            {"idle": table(_IDLE_HEAD, idle_table(Template.load(path), template))},
        ),
        OPENAPI: json.dumps(document, indent=1, ensure_ascii=False) + "\n",
        **{
            SCHEMAS / f"{name}.json": json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
            for name, schema in event_schemas().items()
        },
    }


def _filled(text: str, parts: Mapping[str, str]) -> str:
    placed: set[str] = set()

    def part(match: re.Match[str]) -> str:
        name = match[1]
        placed.add(name)
        return marked(name, parts[name])

    filled = MARKED.sub(part, text)
    if parts.keys() - placed:
        raise ValueError(f"there is no place for {', '.join(sorted(parts.keys() - placed))}")
    return filled
