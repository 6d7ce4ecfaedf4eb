"""HTTP as a client, against a server of this machine."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from taskdock.adapters.web import WebAnswer, WebRequest, send
from taskdock.domain.errors import TemporarilyUnavailable

from local.ports import free_port


class Server(BaseHTTPRequestHandler):
    """Answers with the status in the path; 302 leads to 200, 0 hangs up."""

    def do_POST(self) -> None:
        status = int(self.path[1:])
        if status == 0:
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/200")
        self.end_headers()
        self.wfile.write(body + self.headers.get("X-Mark", "").encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - inherited
        """Print no log line."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Server) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("status", [200, 201, 302, 404, 503])
def test_every_answer_is_an_answer_and_no_redirect_is_followed(address: str, status: int) -> None:
    request = WebRequest("POST", f"{address}/{status}", {"X-Mark": "!"}, b"body")
    assert send(request) == WebAnswer(status, b"body!")


def test_no_connection_and_no_answer_are_temporary_errors(address: str) -> None:
    for url in (f"{address}/0", f"http://127.0.0.1:{free_port()}/200"):
        with pytest.raises(TemporarilyUnavailable, match=r"127\.0\.0\.1"):
            send(WebRequest("POST", url, {}, b""))


def test_only_the_web_is_asked() -> None:
    with pytest.raises(ValueError, match="no address of the web"):
        send(WebRequest("GET", "file:///etc/hostname"))
