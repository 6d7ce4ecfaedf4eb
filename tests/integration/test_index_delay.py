"""`LOCAL_INDEX_DELAY`: lists follow changes some time later, as DynamoDB's indexes may."""

import json
from collections.abc import Iterator
from time import monotonic, sleep

import pytest

from local.service import LocalService
from local.settings import Store
from tests.support.http import Answered, bearer, call
from tests.support.local_service import in_memory

DELAY = 1.5


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


def until_listed(service: LocalService, expected: list[str], **query: str) -> float:
    started = monotonic()
    while listed(service, **query) != expected:
        assert monotonic() - started < 30
        sleep(0.05)
    return monotonic() - started


def test_a_list_shows_a_change_after_the_delay_and_the_task_itself_at_once(
    service: LocalService,
) -> None:
    task = {"id": "t1", "name": "first", "assignee": "mary"}
    assert asked(service, "POST", "/task/create", task).status == 204
    assert listed(service, assignee="mary") == []
    assert asked(service, "GET", "/task/t1").json()["name"] == "first"
    assert until_listed(service, ["first"], assignee="mary") > 0.5

    assert asked(service, "PUT", "/task/t1", {**task, "name": "second"}).status == 204
    assert listed(service, assignee="mary") == ["first"]
    until_listed(service, ["second"], assignee="mary")

    assert asked(service, "DELETE", "/task/t1").status == 204
    assert listed(service, assignee="mary") == ["second"]
    until_listed(service, [], assignee="mary")


def test_a_copy_by_the_feed_gets_each_change_after_the_delay_and_loses_none(
    service: LocalService,
) -> None:
    since = asked(service, "GET", "/v1/changes").json()["next"]
    copy: dict[str, tuple[int, str]] = {}

    def follow() -> None:
        nonlocal since
        page = asked(service, "GET", f"/v1/changes?since={since}").json()
        for each in page["changes"]:
            if each["version"] >= copy.get(each["id"], (0, ""))[0]:
                copy[each["id"]] = each["version"], each["end"] or each["change"]
        since = page["next"]

    def until_copied(**expected: tuple[int, str]) -> None:
        started = monotonic()
        while {name: copy.get(name) for name in expected} != expected:
            assert monotonic() - started < 30
            follow()
            sleep(0.05)

    task = {"id": "c1", "name": "first"}
    for each in (task, {"id": "c2"}):
        assert asked(service, "POST", "/task/create", each).status == 204
    follow()
    assert not {"c1", "c2"} & copy.keys()
    until_copied(c1=(1, "created"), c2=(1, "created"))

    assert asked(service, "PUT", "/task/c1", {**task, "name": "second"}).status == 204
    assert asked(service, "DELETE", "/task/c2").status == 204
    follow()
    assert (copy["c1"], copy["c2"]) == ((1, "created"), (1, "created"))
    until_copied(c1=(2, "changed"), c2=(2, "deleted"))
