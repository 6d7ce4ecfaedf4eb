"""The worker's batch: a message that fails does so alone, whatever its error is."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from functions.print_documents.handler import print_batch
from tests.support.http_events import Context, sample

TASK: Mapping[str, Any] = {
    "state": "started",
    "metadata": {},
    "lists": {"output": {"embedded": {"listItems": []}}},
}


class Api:
    """An API whose answers about tasks are given by their address."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self._answers = answers
        self.completed: list[str] = []

    def task(self, href: str) -> Any:
        return self._answers[href]

    def add_output(self, href: str, item: Mapping[str, Any], *, key: str) -> None:
        raise AssertionError(f"nothing is to be printed, not {item} of {href} ({key})")

    def act(self, href: str, action: Mapping[str, str]) -> None:
        assert action == {"action": "complete"}
        self.completed.append(href)


def batch(*hrefs: str) -> dict[str, Any]:
    """Starts of tasks without documents, as one delivery of the queue."""
    [record, *_] = sample("print_documents", "started")["Records"]
    return {
        "Records": [
            {
                **record,
                "messageId": f"m{href}",
                "body": json.dumps(
                    {
                        "detail-type": "TaskStarted",
                        "detail": {"tid": "t", "href": href, "items": []},
                    }
                ),
            }
            for href in hrefs
        ]
    }


@pytest.mark.parametrize("odd", [[], None, "<html>", {}])
def test_an_odd_answer_fails_its_own_message_alone(odd: object) -> None:
    api = Api({"/a": TASK, "/odd": odd, "/b": TASK})

    answer = print_batch(batch("/a", "/odd", "/b"), Context(), api)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m/odd"}]}
    assert api.completed == ["/a", "/b"]


def test_a_batch_of_which_every_message_fails_is_reported_message_by_message() -> None:
    answer = print_batch(batch("/odd"), Context(), Api({"/odd": "<html>"}))

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m/odd"}]}
