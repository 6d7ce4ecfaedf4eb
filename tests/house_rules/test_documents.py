"""What the documents say of routes and events is what there is."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from taskdock.domain.events import task_events as events

from local.settings import REPOSITORY
from tests.house_rules.test_routes import routes, scopes_of

Functions = Mapping[str, Mapping[str, Any]]


def table_rows(document: str) -> Iterator[str]:
    """The rows of all tables of a Markdown file."""
    for line in REPOSITORY.joinpath(document).read_text(encoding="utf-8").splitlines():
        if line.startswith("|"):
            yield line


def documented_routes() -> dict[str, str]:
    """`GET /task` and so on -> the row of docs/api.md that describes it."""
    return {
        key: row
        for row in table_rows("docs/api.md")
        for key in re.findall(r"^\| `((?:GET|POST|PUT|PATCH|DELETE) /[^`]*)` \|", row)
    }


def deployed_routes(functions: Functions) -> dict[str, Mapping[str, Any]]:
    """The routes of the template, without those that only have the engine's name in front."""
    return {key: event for key, event in routes(functions) if " /engine/default/" not in key}


def test_the_handbook_describes_every_route_and_no_other(functions: Functions) -> None:
    assert documented_routes().keys() == deployed_routes(functions).keys()


def test_the_handbook_names_the_scope_of_every_route(functions: Functions) -> None:
    rows = documented_routes()
    for key, event in deployed_routes(functions).items():
        for scope in scopes_of(event):
            assert f"`{scope}`" in rows[key], key


def test_every_kind_of_event_is_in_the_catalogue() -> None:
    """The catalogue itself is compared with docs/events.md where events are tested."""
    facts = {each for each in vars(events).values() if is_task_event(each)}
    shared = {base for fact in facts for base in fact.__mro__[1:]}

    assert set(events.EVENTS) == facts - shared


def is_task_event(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, events.TaskEvent)
