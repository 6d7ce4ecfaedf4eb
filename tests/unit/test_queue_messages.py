"""Messages of a queue behind the bus."""

import json
from typing import Any

import pytest
from taskdock.runtime.queue_messages import Unusable, started_task

from tests.support.http_events import sample

DETAIL: dict[str, Any] = {
    "tid": "t1",
    "href": "/v1/services/operator-p4/tasks/t1",
    "items": [{"index": 0, "href": "/v1/documents/1", "metadata": {"Printer": "P"}}],
}


def message(detail: object, kind: str = "TaskStarted") -> str:
    return json.dumps({"detail-type": kind, "detail": detail})


def test_a_start_is_read_with_its_items() -> None:
    started = started_task(message(DETAIL))
    assert (started.tid, started.href) == ("t1", DETAIL["href"])
    assert started.items == DETAIL["items"]


def test_a_start_may_come_without_its_items_and_with_more_than_is_read() -> None:
    started = started_task(
        message({"tid": "t1", "href": "/x", "itemCount": 900, "leftOut": "items"})
    )
    assert started.items is None


@pytest.mark.parametrize(
    ("body", "named"),
    [
        pytest.param("{", "the message: json_invalid", id="no JSON"),
        pytest.param("[]", "the message: model_type", id="no object"),
        pytest.param('{"detail-type": "TaskStarted"}', "detail: missing", id="no detail"),
        pytest.param('{"detail": {}}', "detail-type: missing", id="no type"),
    ],
)
def test_what_is_no_event_is_unusable(body: str, named: str) -> None:
    with pytest.raises(Unusable, match=named):
        started_task(body)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"tid": 5}, r"detail\.tid: string_type"),
        ({"href": ""}, r"detail\.href: string_too_short"),
        ({"items": {}}, r"detail\.items: list_type"),
        ({"items": [{"index": "0", "href": "/x", "metadata": {}}]}, r"detail\.items\.0\.index"),
        ({"items": [{"index": 0, "href": "/x"}]}, r"detail\.items\.0\.metadata: missing"),
    ],
)
def test_a_wrong_detail_is_unusable(changed: dict[str, Any], named: str) -> None:
    with pytest.raises(Unusable, match=named):
        started_task(message({**DETAIL, **changed}))


def test_another_kind_of_event_is_unusable_and_its_content_is_not_logged() -> None:
    with pytest.raises(Unusable) as refused:
        started_task(message({**DETAIL, "tid": "secret"}, kind="TaskCompleted"))
    assert "detail-type: literal_error" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_the_samples_messages_are_read() -> None:
    [first, *_] = sample("print_documents", "started")["Records"]
    assert started_task(first["body"]).href.startswith("/v1/services/")
    [bad, *_] = sample("print_documents", "unusable")["Records"]
    with pytest.raises(Unusable):
        started_task(bad["body"])
