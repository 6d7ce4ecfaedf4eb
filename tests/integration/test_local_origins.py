"""Pages of other origins on a laptop: the gateway answers preflights where origins are given."""

from collections.abc import Iterator

import pytest

from local.service import LocalService
from tests.support.http import Answered, bearer, call
from tests.support.local_service import in_memory

PAGE = "https://inbox.example"
NEEDED = {"authorization", "x-requested-with", "x-xsrf-token", "cache-control"}


@pytest.fixture(scope="module")
def open_service() -> Iterator[LocalService]:
    """A service that two origins may call."""
    with in_memory(shell={"ALLOWED_ORIGINS": f"https://other.example, {PAGE}"}) as service:
        yield service


@pytest.fixture(scope="module")
def closed_service() -> Iterator[LocalService]:
    """A service that no origin may call."""
    with in_memory() as service:
        yield service


def preflight(service: LocalService, **headers: str) -> Answered:
    asked = {"Origin": PAGE, "Access-Control-Request-Method": "POST", **headers}
    return call("OPTIONS", f"{service.url}/task", headers=asked)


def test_a_preflight_of_an_allowed_page_gets_cors_headers(open_service: LocalService) -> None:
    answer = preflight(open_service)

    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert set(answer.headers["access-control-allow-headers"].split(",")) >= NEEDED


def test_without_origins_options_reach_the_function(closed_service: LocalService) -> None:
    token = bearer(closed_service.token("demo"))
    answer = call("OPTIONS", f"{closed_service.url}/task", headers={"Origin": PAGE, **token})

    assert (answer.status, answer.headers["allow"]) == (200, "GET, HEAD, OPTIONS, POST")
    assert "access-control-allow-origin" not in answer.headers
    assert preflight(closed_service).status == 401


def test_links_are_answered_without_origins(closed_service: LocalService) -> None:
    token = bearer(closed_service.token("demo"))
    answer = call("OPTIONS", f"{closed_service.url}/engine/default/filter", headers=token)

    assert [link["rel"] for link in answer.json()["links"]] == ["list", "count", "create"]
