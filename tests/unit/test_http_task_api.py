"""The public API as a worker of ours calls it: what is sent, and what refusals mean."""

import json
from typing import Any

import pytest
from taskdock.adapters.http_task_api import HttpTaskApi, Unexpected
from taskdock.adapters.web import WebAnswer, WebRequest
from taskdock.domain.errors import TemporarilyUnavailable
from taskdock.use_cases.services.task_api import AskedDifferently, NotThere, TaskMovedOn

HREF = "/engine-rest/v1/services/operator-p4/tasks/t1"


class World:
    """An API that gives these answers in turn; a text is the type of the refusal."""

    def __init__(self, *answers: int | tuple[int, str] | Exception) -> None:
        self._answers = list(answers)
        self.asked: list[WebRequest] = []
        self.pauses: list[float] = []
        self.tokens = 1
        self.api = HttpTaskApi("https://api.example/", self, web=self.web, pause=self.pauses.append)

    def __call__(self) -> str:
        return f"token {self.tokens}"

    def forget(self) -> None:
        self.tokens += 1

    def web(self, request: WebRequest) -> WebAnswer:
        self.asked.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, kind = answer if isinstance(answer, tuple) else (answer, "")
        body: dict[str, Any] = {"type": kind, "message": "…"} if kind else {"tid": "t1"}
        return WebAnswer(status, json.dumps(body).encode())


def test_a_task_is_read_at_its_address() -> None:
    world = World(200)
    assert world.api.task(HREF) == {"tid": "t1"}
    [asked] = world.asked
    assert (asked.method, asked.url, asked.body) == ("GET", f"https://api.example{HREF}", None)
    assert asked.headers == {"Accept": "application/json", "Authorization": "Bearer token 1"}


def test_an_output_is_added_under_its_key() -> None:
    world = World(201)
    world.api.add_output(HREF, {"href": "/a"}, key="print:t1:0")
    [asked] = world.asked
    assert (asked.method, asked.url) == ("POST", f"https://api.example{HREF}/output")
    assert asked.body == b'{"href": "/a"}'
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.headers["Idempotency-Key"] == "print:t1:0"


def test_an_action_is_done() -> None:
    world = World(204)
    world.api.act(HREF, {"action": "complete"})
    [asked] = world.asked
    assert (asked.url, asked.body) == (
        f"https://api.example{HREF}/action",
        b'{"action": "complete"}',
    )


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ((404, "InvalidRequestException"), NotThere),
        ((409, "StateConflictException"), TaskMovedOn),
        ((422, "IdempotencyMismatchException"), AskedDifferently),
        ((400, "InvalidRequestException"), Unexpected),
        ((403, "AuthorizationException"), Unexpected),
        ((302, "Found"), Unexpected),
    ],
)
def test_a_refusal_is_raised_at_once(answer: tuple[int, str], meaning: type[Exception]) -> None:
    world = World(answer)
    with pytest.raises(meaning):
        world.api.act(HREF, {"action": "complete"})
    assert world.pauses == []


@pytest.mark.parametrize(
    "refusal",
    [500, 502, 503, 429, (409, "OptimisticLockingException"), TemporarilyUnavailable("lost")],
)
def test_what_may_pass_is_tried_three_times(refusal: Any) -> None:
    world = World(refusal, refusal, 204)
    world.api.act(HREF, {"action": "complete"})
    assert world.pauses == [0.2, 0.4]

    world = World(refusal, refusal, refusal)
    with pytest.raises(TemporarilyUnavailable, match="API"):
        world.api.act(HREF, {"action": "complete"})


def test_a_token_that_is_not_taken_is_replaced() -> None:
    world = World(401, 200)
    world.api.task(HREF)
    assert [each.headers["Authorization"] for each in world.asked] == [
        "Bearer token 1",
        "Bearer token 2",
    ]


@pytest.mark.parametrize("href", ["https://evil.example/", "@evil.example/", ""])
def test_a_token_goes_to_the_api_and_nowhere_else(href: str) -> None:
    world = World(200)
    with pytest.raises(Unexpected):
        world.api.task(href)
    assert world.asked == []
