"""Messages of a queue behind the bus, as Lambda hands them over, read into starts of tasks.

What arrives here has been outside: it is read by models, strictly, before anything is done.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from taskdock.domain.events.task_events import TaskStarted
from taskdock.domain.services.lists import MergedItem
from taskdock.use_cases.print_documents import Started


class Unusable(Exception):
    """A message that is no start of a task; it lands in the failure queue."""


class _Part(BaseModel):
    """A part of an event; later versions of the publisher may say more than is read here."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class _Item(_Part):
    index: int = Field(ge=0)
    href: str = Field(min_length=1)
    metadata: dict[str, Any]


class _Detail(_Part):
    tid: str = Field(min_length=1)
    href: str = Field(min_length=1)
    items: list[_Item] | None = None
    """Left out when they would have been too large for the bus (docs/events.md)."""


class _Event(_Part):
    detail_type: Literal["TaskStarted"] = Field(alias="detail-type")
    detail: _Detail


@dataclass(frozen=True, slots=True)
class Message:
    """A message and the name it is reported under when it is to come again."""

    id: str
    body: str

    def started(self) -> Started:
        """The start it tells of; raises `Unusable` that says what is wrong, and no content."""
        try:
            detail = _Event.model_validate_json(self.body).detail
        except ValidationError as error:
            wrong = "; ".join(
                f"{'.'.join(map(str, each['loc'])) or 'the message'}: {each['type']}"
                for each in error.errors(include_input=False, include_url=False)
            )
            raise Unusable(f"this is no {TaskStarted.__name__} ({wrong})") from None
        items = None if detail.items is None else [_merged(item) for item in detail.items]
        return Started(tid=detail.tid, href=detail.href, items=items)


def _merged(item: _Item) -> MergedItem:
    return {"index": item.index, "href": item.href, "metadata": item.metadata}


def messages(event: Mapping[str, Any]) -> Iterator[Message]:
    """The event's messages, in order."""
    for record in event["Records"]:
        yield Message(record["messageId"], record["body"])
