"""What the documents say of routes and events is what there is."""

import re
from collections.abc import Iterator

from taskdock.domain.events import task_events as events

from api_description.routes import actions_of
from local.settings import REPOSITORY
from tests.support.deployed_routes import deployed_router, deployed_routes


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
        for key in re.findall(r"^\| `((?:GET|POST|PUT|PATCH|DELETE|OPTIONS) /[^`]*)` \|", row)
    }


def test_the_handbook_describes_every_operation_and_no_other() -> None:
    operations = [key for keys in actions_of(deployed_routes()).values() for key in keys]

    assert documented_routes().keys() == set(operations)


def test_the_handbook_names_the_scope_of_every_operation() -> None:
    for key, row in documented_routes().items():
        match = deployed_router().match(*key.split(" "))
        assert match is not None
        for scope in match.route.scopes:
            assert f"`{scope}`" in row, key


def test_every_kind_of_event_is_in_the_catalogue() -> None:
    """The catalogue itself is compared with docs/events.md where events are tested."""
    facts = {each for each in vars(events).values() if is_task_event(each)}
    shared = {base for fact in facts for base in fact.__mro__[1:]}

    assert set(events.EVENTS) == facts - shared


def is_task_event(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, events.TaskEvent)
