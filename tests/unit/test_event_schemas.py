"""The published schemas describe every event as it is sent."""

import json
from collections.abc import Iterator

import pytest
from jsonschema import Draft202012Validator
from taskdock.domain.events.detection import Change, task_events
from taskdock.domain.events.task_events import EVENTS, SOURCE, TaskEvent, as_json
from taskdock.runtime.event_schemas import event_models, event_schemas
from taskdock.runtime.stream_records import deliveries

from local.settings import REPOSITORY
from tests.support.http_events import sample

SCHEMAS = event_schemas()
SAMPLES = sorted((REPOSITORY / "events" / "publish_task_events").glob("*.json"))


def sent() -> Iterator[TaskEvent]:
    """The events of every sample of the stream."""
    for path in SAMPLES:
        for delivery in deliveries(sample("publish_task_events", path.stem)):
            if isinstance(delivery.content, Change):
                yield from task_events(delivery.content)


def received(event: TaskEvent) -> dict[str, object]:
    """The event as a target of the bus receives it."""
    detail = json.loads(as_json(event.detail()))
    return {"source": SOURCE, "detail-type": event.name, "detail": detail, "version": "0"}


def test_every_kind_of_event_has_a_valid_schema() -> None:
    assert set(SCHEMAS) == {event.__name__ for event in EVENTS}
    for schema in SCHEMAS.values():
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("event", [*sent()], ids=lambda event: str(event.name))
def test_an_event_that_is_sent_meets_its_schema_and_no_other(event: TaskEvent) -> None:
    content = received(event)
    met = {name for name, each in SCHEMAS.items() if Draft202012Validator(each).is_valid(content)}

    assert met == {event.name}
    event_models()[event.name].model_validate_json(json.dumps(content))


@pytest.mark.parametrize("event", [*sent()], ids=lambda event: str(event.name))
def test_a_field_that_is_missing_or_wrong_does_not_meet_it(event: TaskEvent) -> None:
    validator = Draft202012Validator(SCHEMAS[event.name])
    content = received(event)
    detail = json.loads(as_json(event.detail()))

    for name in ("eventId", "tid", "href", "version", "occurredAt"):
        rest = {key: value for key, value in detail.items() if key != name}
        assert not validator.is_valid({**content, "detail": rest}), name
        assert not validator.is_valid({**content, "detail": {**detail, name: None}}), name
    # A later version may say more.
    assert validator.is_valid({**content, "detail": {**detail, "unknown": 1}})
    assert not validator.is_valid({**content, "source": "another"})
