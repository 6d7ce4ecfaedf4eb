"""`LOCAL_INDEX_DELAY`: lists follow changes some time later, as DynamoDB's indexes may."""

import json
from collections.abc import Callable, Iterator
from time import monotonic, sleep

import pytest

from local.service import LocalService
from local.settings import Store
from tests.support.http import Answered, bearer, call
from tests.support.local_service import in_memory

DELAY = 0.5


@pytest.fixture(scope="module", params=[Store.MOTO, Store.DYNOXIDE])
def service(request: pytest.FixtureRequest, dynoxide_endpoint: str) -> Iterator[LocalService]:
    assert dynoxide_endpoint  # skips where dynoxide cannot be had
    with in_memory(store=request.param, index_delay=int(DELAY * 1000)) as service:
        yield service


def asked(service: LocalService, method: str, path: str, body: object = None) -> Answered:
    headers = {**bearer(service.token("demo")), "Content-Type": "application/json"}
    return call(method, service.url + path, json.dumps(body).encode(), headers)


def listed(service: LocalService, **query: str) -> list[str]:
    return [task["name"] for task in asked(service, "POST", "/task", query).json()]


class Lag:
    """How long after a request its change is seen; no shorter than the delay, however slow the
    machine is, since a request begins before its change is written.
    """

    def __init__(self) -> None:
        self._asked = monotonic()

    def ends(self, is_seen: Callable[[], bool]) -> None:
        """Wait until the change is seen, which must not be too early."""
        while not is_seen():
            assert monotonic() - self._asked < 60
            sleep(0.05)
        assert monotonic() - self._asked >= DELAY


def test_a_list_shows_a_change_after_the_delay_and_the_task_itself_at_once(
    service: LocalService,
) -> None:
    task = {"id": "t1", "name": "first", "assignee": "mary"}
    lag = Lag()
    assert asked(service, "POST", "/task/create", task).status == 204
    assert asked(service, "GET", "/task/t1").json()["name"] == "first"
    lag.ends(lambda: listed(service, assignee="mary") == ["first"])

    lag = Lag()
    assert asked(service, "PUT", "/task/t1", {**task, "name": "second"}).status == 204
    assert asked(service, "GET", "/task/t1").json()["name"] == "second"
    lag.ends(lambda: listed(service, assignee="mary") == ["second"])

    lag = Lag()
    assert asked(service, "DELETE", "/task/t1").status == 204
    assert asked(service, "GET", "/task/t1").status == 404
    lag.ends(lambda: listed(service, assignee="mary") == [])


def test_a_copy_by_the_feed_gets_each_change_after_the_delay_and_loses_none(
    service: LocalService,
) -> None:
    since = asked(service, "GET", "/v1/changes").json()["next"]
    copy: dict[str, tuple[int, str]] = {}

    def has_copied(**expected: tuple[int, str]) -> bool:
        nonlocal since
        page = asked(service, "GET", f"/v1/changes?since={since}").json()
        for each in page["changes"]:
            if each["version"] >= copy.get(each["id"], (0, ""))[0]:
                copy[each["id"]] = each["version"], each["end"] or each["change"]
        since = page["next"]
        return {name: copy.get(name) for name in expected} == expected

    def follows(lag: Lag, **expected: tuple[int, str]) -> None:
        """No change comes too early, and all of them come."""
        lag.ends(lambda: any(has_copied(**{name: expected[name]}) for name in expected))
        lag.ends(lambda: has_copied(**expected))

    lag = Lag()
    task = {"id": "c1", "name": "first"}
    for each in (task, {"id": "c2"}):
        assert asked(service, "POST", "/task/create", each).status == 204
    follows(lag, c1=(1, "created"), c2=(1, "created"))

    lag = Lag()
    assert asked(service, "PUT", "/task/c1", {**task, "name": "second"}).status == 204
    assert asked(service, "DELETE", "/task/c2").status == 204
    follows(lag, c1=(2, "changed"), c2=(2, "deleted"))
