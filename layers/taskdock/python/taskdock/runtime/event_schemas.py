"""The events as JSON Schema: one schema for each kind of event that a rule of the bus can match.

The classes of `domain/events` say what an event carries; pydantic models are made from them.
No function needs the models to answer or to publish.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final, Literal, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, create_model

from taskdock.domain.events.task_events import EVENTS, SOURCE, TaskEvent, in_camel_case

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_CONFIG: Final = ConfigDict(strict=True, extra="allow")
# Later versions may say more; who validates events must not refuse them.

_ALWAYS: Final = {
    "eventId": (str, "the same in every delivery of this event, and of no other"),
    "tid": (str, "the task's id"),
    "href": (str, "where the API has the task"),
    "version": (int, "the task's version after the change"),
    "occurredAt": (str, "when it happened"),
}
_OPTIONAL: Final = {
    "service": (str, "the service whose task it is"),
    "type": (str, "the kind of task"),
    "tenantId": (str, "the task's tenant"),
    "actor": (str, "who did it: the id of a user, or the client id of a program"),
}


class Item(BaseModel):
    """An item of a task's input, with the metadata that apply to it."""

    model_config = _CONFIG

    index: int
    href: str
    metadata: dict[str, Any]


def event_models() -> Mapping[str, type[BaseModel]]:
    """Name of an event -> the model of the event as a target of the bus receives it.

    What EventBridge itself adds (account, region, time, …) is allowed and not described.
    """
    return {event.__name__: _event_model(event) for event in EVENTS}


def event_schemas() -> Mapping[str, dict[str, Any]]:
    """Name of an event -> its JSON Schema (draft 2020-12)."""
    return {
        name: {"$schema": _DIALECT, **_plain(model.model_json_schema(by_alias=True))}
        for name, model in event_models().items()
    }


def _event_model(event: type[TaskEvent]) -> type[BaseModel]:
    name = event.__name__
    return create_model(
        name,
        __config__=ConfigDict(strict=True, extra="allow", populate_by_name=True),
        __doc__=event.__doc__,
        source=(_only(SOURCE), ...),
        detail_type=(_only(name), Field(alias="detail-type")),
        detail=(_detail_model(event), ...),
    )


def _only(text: str) -> Any:
    return Literal[text]


def _plain(schema: Any) -> Any:
    """The schema without what pydantic adds: titles of properties, and defaults of nothing."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {
        key: _plain(value)
        for key, value in schema.items()
        if not (key == "default" and value is None)
    }
    for each in kept.get("properties", {}).values():
        each.pop("title", None)
    return kept


def _detail_model(event: type[TaskEvent]) -> type[BaseModel]:
    described: dict[str, Any] = {
        name: (kind, Field(description=text)) for name, (kind, text) in _ALWAYS.items()
    }
    described |= {
        name: (kind, Field(default=None, description=text))
        for name, (kind, text) in _OPTIONAL.items()
    }
    hints = get_type_hints(event)
    for each in fields(event):
        if each.name != "metadata":
            described[in_camel_case(each.name)] = _own_field(hints[each.name])
    return create_model(f"{event.__name__}Detail", __config__=_CONFIG, **described)


def _own_field(hint: Any) -> tuple[Any, Any]:
    """The JSON type of an event's own field; one that may be None is left out instead."""
    kinds = {str: str, int: int, tuple[str, ...]: list[str]}
    for kind, json_kind in kinds.items():
        if hint == kind:
            return json_kind, ...
        if hint == kind | None:
            return json_kind, None
    return list[Item], None
