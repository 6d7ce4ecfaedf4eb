"""What the documents say of routes and events is what there is."""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from typing import Any

from taskdock.domain.events import Fact

from local.settings import REPOSITORY
from tests.house_rules.test_routes import routes, scopes_of

Functions = Mapping[str, Mapping[str, Any]]


def table_rows(document: str) -> Iterator[str]:
    """The rows of all tables of a Markdown file."""
    for line in REPOSITORY.joinpath(document).read_text(encoding="utf-8").splitlines():
        if line.startswith("|"):
            yield line


def documented_routes() -> dict[str, str]:
    """`GET /task` and so on -> the row of the README that tells of it."""
    return {
        f"{method} {path}": row
        for row in table_rows("README.md")
        for path in re.findall(r"`(?:[A-Z, ]+ )?(/[^`? ]*)", row)
        for method in re.findall(r"\b(?:GET|POST|PUT|PATCH|DELETE)\b", row)
    }


def test_the_readme_tells_of_every_route_and_of_no_other(functions: Functions) -> None:
    assert documented_routes().keys() == {key for key, _ in routes(functions)}


def test_the_readme_names_the_scope_of_every_route(functions: Functions) -> None:
    told = documented_routes()
    for key, event in routes(functions):
        for scope in scopes_of(event):
            assert scope.removeprefix("taskdock/") in told[key], key


def test_the_catalogue_of_events_is_complete_and_tells_of_no_other() -> None:
    text = REPOSITORY.joinpath("docs", "events.md").read_text(encoding="utf-8")
    events = {fact.__name__: fact for fact in Fact.__subclasses__()}

    assert set(re.findall(r"`(Task[A-Z]\w+)`", text)) == set(events)
    for fact in events.values():
        for field in dataclasses.fields(fact):
            first, *others = field.name.split("_")
            name = first + "".join(word.capitalize() for word in others)
            assert name == "about" or f"`{name}`" in text, (fact, name)
