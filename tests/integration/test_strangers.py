"""What somebody without a token gets: what docs/security.md says, and nothing else."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from local.service import LocalService
from local.settings import REPOSITORY
from tests.support.deployed_routes import deployed_routes
from tests.support.documents import table_of
from tests.support.http import call
from tests.support.local_service import in_memory

PAGE: Final = REPOSITORY / "docs" / "security.md"
TOLD: Final = table_of(PAGE, "<!-- stranger -->", "<!-- /stranger -->")


@pytest.fixture(scope="module")
def service() -> Iterator[LocalService]:
    """A deployment as it is by default."""
    with in_memory() as service:
        yield service


def documented(cell: str) -> Any:
    """The body that a cell shows, with any text where it has an ellipsis."""
    [written] = re.findall(r"`(\{.*?\})`", cell)
    return json.loads(written.replace("…", '"…"'))


@pytest.mark.parametrize(("request_line", "status", "body"), TOLD)
def test_a_stranger_gets_what_the_page_says(
    service: LocalService, request_line: str, status: str, body: str
) -> None:
    method, path = request_line.strip("`").split(" ")

    answer = call(method, service.url + path)

    assert answer.status == int(status)
    if method != "HEAD":
        told = documented(body)
        assert answer.json().keys() == told.keys()
        assert answer.json() == told or "…" in told.values()


def test_every_other_route_is_a_401_that_says_nothing(service: LocalService) -> None:
    for route in deployed_routes():
        if route.secured:
            path = re.sub(r"\{[^}]+\}", "x", route.path)
            answer = call(
                route.method, service.url + path, b"{}" if route.method != "GET" else None
            )
            assert answer.status == 401, route.key
            assert answer.body in {b"", b'{"message":"Unauthorized"}'}, route.key
            assert answer.headers["www-authenticate"] == "Bearer", route.key


def test_nothing_tells_what_runs_here_or_sets_a_cookie(service: LocalService) -> None:
    for path in ("/v1/auth", "/task", "/"):
        names = {name.lower() for name in call("GET", service.url + path).headers}
        assert not names & {"set-cookie", "server", "x-powered-by"}, path
