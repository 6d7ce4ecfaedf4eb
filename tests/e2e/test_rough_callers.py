"""Callers who send concurrently, hang up or send malformed requests."""

import json
import socket
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from secrets import token_hex
from threading import Barrier
from typing import Any, Final

import pytest

from local.service import LocalService
from local.settings import Store
from tests.support.http import Answered, bearer, call, connected
from tests.support.index_delay import settle
from tests.support.local_service import in_memory

JSON: Final = {"Content-Type": "application/json"}
ROUNDS: Final = 8
RESETTING: Final = struct.pack("ii", 1, 0)
"""The option SO_LINGER that lets a connection end at once, whatever is on its way."""


@pytest.fixture(scope="module")
def service(dynoxide_endpoint: str) -> Iterator[LocalService]:
    """A service whose table can be written by many at once."""
    assert dynoxide_endpoint  # its fixture skips where dynoxide cannot be had
    with in_memory(store=Store.DYNOXIDE) as service:
        yield service


@pytest.fixture
def task_id(service: LocalService) -> str:
    """The id of a new task."""
    return create(service, f"task-{token_hex(6)}")


def send(
    service: LocalService,
    route: str,
    body: Any = None,
    headers: dict[str, str] = JSON,
    user: str = "demo",
) -> Answered:
    """The answer to a request: its method and path, and what `json` makes of its body."""
    method, path = route.split(" ")
    content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    return call(method, service.url + path, content, {**bearer(service.token(user)), **headers})


def create(service: LocalService, task_id: str) -> str:
    assert send(service, "POST /task/create", {"id": task_id, "name": "wanted"}).status == 204
    return task_id


def open_tasks(service: LocalService, name: str) -> int:
    """How many open tasks have that name."""
    settle()
    count: int = send(service, "POST /task/count", {"name": name}).json()["count"]
    return count


def head(service: LocalService, route: str, length: int) -> bytes:
    """The head of a request whose body has that length, as it goes over the wire."""
    method, path = route.split(" ")
    lines = (
        f"{method} {path} HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {service.token('demo')}",
        "Content-Type: application/json",
        f"Content-Length: {length}",
    )
    return "\r\n".join((*lines, "", "")).encode()


def dialled(service: LocalService) -> socket.socket:
    """A connection to the service, for what no client library would send."""
    host, port = service.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=30)


class TestHurry:
    def test_one_of_two_concurrent_claims_gets_a_409(self, service: LocalService) -> None:
        users = ("demo", "mary")
        start = Barrier(len(users))

        def claim(user: str, task_id: str) -> int:
            start.wait(timeout=30)
            route = f"POST /task/{task_id}/claim"
            return send(service, route, {"userId": user}, user=user).status

        with ThreadPoolExecutor(len(users)) as threads:
            for _ in range(ROUNDS):
                task_id = create(service, f"task-{token_hex(6)}")
                statuses = list(threads.map(claim, users, [task_id] * len(users)))

                winner = users[statuses.index(204)]
                assert sorted(statuses) == [204, 409]
                assert send(service, f"GET /task/{task_id}").json()["assignee"] == winner

    def test_of_many_completions_at_once_one_is_done(self, service: LocalService) -> None:
        task_id = create(service, f"task-{token_hex(6)}")
        start = Barrier(4)

        def complete(_: int) -> int:
            start.wait(timeout=30)
            return send(service, f"POST /task/{task_id}/complete", {}).status

        with ThreadPoolExecutor(4) as threads:
            statuses = sorted(threads.map(complete, range(4)))

        assert statuses[0] == 204
        assert set(statuses[1:]) <= {404, 409}


class TestHangingUp:
    def test_an_incomplete_body_is_not_carried_out(self, service: LocalService) -> None:
        name = f"broken off {token_hex(4)}"
        body = json.dumps({"name": name}).encode()
        with dialled(service) as connection:
            # The part that came would be valid, but the header announced more.
            connection.sendall(head(service, "POST /task/create", len(body) + 10) + body)
            connection.shutdown(socket.SHUT_WR)

            answer = connection.recv(65536)

        assert answer.startswith(b"HTTP/1.1 400 ")
        assert open_tasks(service, name) == 0

    def test_a_caller_who_vanishes_leaves_the_others_alone(
        self, service: LocalService, capfd: pytest.CaptureFixture[str]
    ) -> None:
        body = json.dumps({"name": "unheard"}).encode()
        for sent in (b"", b"POST /ta", head(service, "POST /task", 99), body):
            with dialled(service) as connection:
                connection.sendall(sent)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESETTING)

        assert send(service, "GET /task/count").status == 200
        console = capfd.readouterr()
        assert "Traceback" not in console.out + console.err

    def test_a_complete_request_is_carried_out_when_its_client_does_not_read_the_answer(
        self, service: LocalService
    ) -> None:
        name = f"unread {token_hex(4)}"
        body = json.dumps({"name": name}).encode()
        with dialled(service) as connection:
            connection.sendall(head(service, "POST /task/create", len(body)) + body)
            connection.recv(1)  # it has begun to answer, and the rest is not waited for

        assert open_tasks(service, name) == 1


class TestWrongWords:
    @pytest.mark.parametrize(
        "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""]
    )
    @pytest.mark.parametrize(
        "path", ["/task", "/task/count", "/task/create", "/v1/services/operator-p4/tasks"]
    )
    def test_a_body_of_another_type_is_a_415(
        self, service: LocalService, path: str, content_type: str
    ) -> None:
        headers = {"Content-Type": content_type} if content_type else {}
        name = f"mistyped {token_hex(4)}"

        answer = send(service, f"POST {path}", {"name": name}, headers)

        assert answer.status == 415
        assert set(answer.json()) == {"type", "message", "code"}
        assert open_tasks(service, name) == 0

    @pytest.mark.parametrize(
        "action", ["claim", "assignee", "delegate", "complete", "comment/create"]
    )
    def test_so_it_is_for_what_is_done_with_a_task(
        self, service: LocalService, task_id: str, action: str
    ) -> None:
        body = b"userId=demo&message=hello"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}

        answer = send(service, f"POST /task/{task_id}/{action}", body, headers)

        assert answer.status == 415
        assert send(service, f"GET /task/{task_id}").json()["lastUpdated"] is None

    def test_an_attachment_that_is_no_form_is_a_415(
        self, service: LocalService, task_id: str
    ) -> None:
        answer = send(service, f"POST /task/{task_id}/attachment/create", {"url": "https://x.org"})

        assert answer.status == 415

    @pytest.mark.parametrize(
        "content_type", ["application/json;charset=UTF-8", "Application/JSON; charset=utf-8"]
    )
    def test_json_may_say_how_it_is_written(self, service: LocalService, content_type: str) -> None:
        answer = send(service, "POST /task/count", {}, {"Content-Type": content_type})

        assert answer.status == 200

    def test_a_browsers_page_is_not_to_be_had(self, service: LocalService) -> None:
        answer = send(service, "GET /task", headers={"Accept": "text/html"})

        assert answer.status == 406

    @pytest.mark.parametrize(
        ("method", "status"), [("OPTIONS", 200), ("PATCH", 405), ("DELETE", 405)]
    )
    def test_other_methods_change_nothing_and_keep_the_connection(
        self, service: LocalService, method: str, status: int
    ) -> None:
        headers = bearer(service.token("demo"))
        connection = connected(service.url)
        try:
            connection.request(method, "/task", headers=headers)
            first = connection.getresponse()
            first.read()
            connection.request("GET", "/task/count", headers=headers)
            second = connection.getresponse()
            counted = json.loads(second.read())
        finally:
            connection.close()

        assert (first.status, second.status) == (status, 200)
        assert "GET" in (first.headers["Allow"] or "")
        assert counted["count"] >= 0
