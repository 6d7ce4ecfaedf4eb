"""The messages of a queue behind the bus, read into starts of tasks.

They come from outside, so models read them strictly before anything is done.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from taskdock.domain.events.task_events import TaskStarted
from taskdock.domain.services.lists import MergedItem
from taskdock.use_cases.services.print_documents import Started


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


def started_task(body: str) -> Started:
    """The start that a message carries.

    Raises `Unusable` for any other message; it says what is wrong and shows no content.
    """
    try:
        detail = _Event.model_validate_json(body).detail
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
