"""The migration's HTTP against servers that are slow, break off, or say too much."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from migration.http_client import Connection, Pace, Pool, TooLarge, Trouble, Unreachable
from tests.support.small_camunda import SmallCamunda, serving


@contextmanager
def saying(text: bytes, *, hangs: bool = False) -> Iterator[str]:
    """A server that says this to every request and hangs up, or never does."""
    end = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                with client:
                    while not client.recv(65536).endswith(b"\r\n\r\n"):
                        pass  # what is left unread would reset the connection
                    client.sendall(text)
                    if hangs:
                        end.wait(5.0)

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            end.set()


def ask(url: str, seconds: float = 5.0) -> object:
    return Connection(url, {}, Pool(1, seconds), lambda _seconds: None).json("GET", "/task")


def head(length: int) -> bytes:
    """The head of an answer after which the server hangs up, as it says."""
    said = ("Content-Type: application/json", f"Content-Length: {length}", "Connection: close")
    return "\r\n".join(("HTTP/1.1 200 OK", *said, "", "")).encode()


@pytest.mark.parametrize(
    ("text", "hangs", "words"),
    [
        (b"", True, "no answer in time"),
        (head(100) + b'[{"id": ', True, "no answer in time"),
        (head(100) + b'[{"id": ', False, "the connection broke"),
        (head(8) + b'[{"id": ', False, "answered broken JSON"),
        (b"", False, "the connection broke"),
        (b"nonsense\r\n\r\n", False, "the connection broke"),
    ],
)
def test_a_bad_connection_is_one_line(text: bytes, hangs: bool, words: str) -> None:
    with saying(text, hangs=hangs) as url, pytest.raises(Unreachable, match=words) as trouble:
        ask(url, seconds=0.2)
    assert str(trouble.value).startswith(f"GET {url}/task: ")
    assert "\n" not in str(trouble.value)


def test_nobody_there_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(Trouble, match=f"GET {url}/task: cannot be reached"):
        ask(url)


def test_fifty_megabytes_are_not_read_beyond_the_limit() -> None:
    with serving(SmallCamunda("", "o")) as server:
        server.fault = lambda _method, _path: (200, bytes(50_000_000))
        connection = Connection(server.url, {}, Pool(1), lambda _seconds: None)
        with pytest.raises(TooLarge, match=r"/big: the answer has more than 4400000 bytes"):
            connection.content("/big", 4_400_000)
        server.fault = lambda _method, _path: (200, b"small")
        assert connection.content("/small", 100) == b"small"


def test_requests_keep_their_pace() -> None:
    now, waited = [0.0], list[float]()

    def wait(seconds: float) -> None:
        waited.append(seconds)
        now[0] += seconds

    pace = Pace(4, lambda: now[0], wait)
    for _ in range(9):
        pace()
    assert now[0] == pytest.approx(2.0)
    assert waited == pytest.approx([0.25] * 8)
