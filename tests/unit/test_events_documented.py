"""docs/events.md says of events what the classes say and what the samples show."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from taskdock.adapters.dynamodb.documents import unpacked
from taskdock.adapters.dynamodb.task_items import stored_task, task_items
from taskdock.domain.events.detection import MAX_ITEMS_BYTES, Change, task_events
from taskdock.domain.events.task_events import EVENTS, SOURCE, TaskEvent
from taskdock.runtime.stream_records import deliveries

from local.settings import REPOSITORY
from tests.support.builders import CREATED
from tests.support.http_events import sample
from tests.support.service_tasks import a_service_task

PAGE = (REPOSITORY / "docs" / "events.md").read_text(encoding="utf-8")
SAMPLES = sorted((REPOSITORY / "events" / "publish_task_events").glob("*.json"))

JSON_TYPES = {str: "string", int: "number", tuple: "array"}


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading, without its first two lines."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def said_besides(event: type[TaskEvent]) -> dict[str, tuple[str, bool]]:
    """An event's own fields: their JSON type, and whether they are always there."""
    hints = get_type_hints(event)
    own = [field.name for field in fields(event) if field.name != "metadata"]
    return {in_camel_case(name): json_type(hints[name]) for name in own}


def in_camel_case(name: str) -> str:
    return re.sub("_(.)", lambda match: match[1].upper(), name)


def json_type(hint: Any) -> tuple[str, bool]:
    if isinstance(hint, UnionType):
        (present,) = [each for each in get_args(hint) if each is not type(None)]
        return json_type(present)[0], False
    return JSON_TYPES[get_origin(hint) or hint], True


def said_by_all() -> dict[str, tuple[str, bool]]:
    """The fields that the page gives every event: their type, and whether they are always there."""
    return {
        name.strip("`"): (kind, need == "always")
        for name, kind, need, _ in rows("What every event says")
    }


def announced() -> Iterator[TaskEvent]:
    """Every event that the readable samples cause."""
    for path in SAMPLES:
        for delivery in deliveries(sample("publish_task_events", path.stem)):
            if isinstance(delivery.content, Change):
                yield from task_events(delivery.content)


def has_type(value: object, name: str) -> bool:
    kinds = {"string": str, "number": int, "array": list | tuple}
    return isinstance(value, kinds[name])


def test_the_page_lists_the_events_in_their_order() -> None:
    assert [cells[0].strip("`") for cells in rows("The events")] == [
        event.__name__ for event in EVENTS
    ]


def test_the_page_says_what_each_event_says_besides() -> None:
    documented = {
        name.strip("`"): {
            field: (kind, not optional)
            for field, kind, optional in re.findall(r"(?:^|; )`(\w+)` (\w+)(, optional)?", besides)
        }
        for name, _, besides in rows("The events")
    }
    assert documented == {event.__name__: said_besides(event) for event in EVENTS}


def test_the_page_says_what_all_events_say() -> None:
    change = Change("r1", CREATED, 1, None, a_service_task())
    least = task_events(change)[0].detail()
    full = a_service_task(taskDefinitionKey="print", tenantId="acme")
    by_mary = Change("r1", CREATED, 1, None, full, operation={"user": "mary"})
    most = task_events(by_mary)[0].detail()
    least.pop("service")  # only tasks of services have it
    documented = said_by_all()
    assert list(documented) == list(most)
    assert {name for name, (_, always) in documented.items() if always} == least.keys()
    assert all(has_type(value, documented[name][0]) for name, value in most.items())


def test_the_samples_show_every_event_in_its_documented_form() -> None:
    shown = set()
    for event in announced():
        form = said_by_all() | said_besides(type(event))
        detail = event.detail()
        assert detail.keys() <= form.keys()
        assert {name for name, (_, always) in form.items() if always} <= detail.keys()
        assert all(has_type(value, form[name][0]) for name, value in detail.items())
        shown.add(type(event))
    assert shown == set(EVENTS)


def test_the_pages_example_is_what_the_sample_gives() -> None:
    example = json.loads(re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)[-1])
    ((delivery),) = [
        each
        for each in deliveries(sample("publish_task_events", "started"))
        if isinstance(each.content, Change)
    ]
    assert isinstance(delivery.content, Change)
    (event,) = task_events(delivery.content)
    given = {"source": SOURCE, "detail-type": event.name, "detail": event.detail()}
    assert example == json.loads(json.dumps(given))


def test_the_page_knows_how_much_a_start_carries() -> None:
    assert f"items of more than {MAX_ITEMS_BYTES // 1024} KB together are left out" in PAGE


def test_the_samples_images_are_items_as_the_table_keeps_them() -> None:
    images = [
        image
        for path in SAMPLES
        for record in sample("publish_task_events", path.stem)["Records"]
        for name, image in record["dynamodb"].items()
        if name in ("NewImage", "OldImage") and path.stem != "unreadable" and "doc" in image
    ]
    assert len(images) > 20
    for image in images:
        stored = stored_task(image)
        written = task_items(stored.task, stored.version, 90)
        assert as_read(image) in [as_read(item) for item in written]


def as_read(item: Mapping[str, Any]) -> dict[str, Any]:
    """What the function reads of an item; its keys in the indexes may come and go."""
    read = {name: item[name] for name in ("PK", "SK", "version")}
    return {**read, "doc": unpacked(item["doc"])}
