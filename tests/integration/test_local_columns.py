"""Columns in the local service: a broad query of many tasks has them made, and the next one is
answered from them."""

import json
from collections.abc import Iterator
from time import monotonic, sleep
from typing import Any

import pytest
from taskdock.use_cases.columns import columns

from local.service import LocalService
from local.settings import Store
from tests.support.http import bearer, call
from tests.support.local_service import in_memory

CREATED = "2026-01-23T12:42:42.000+0000"
TASKS = columns.MANY_TASKS + 200
AT_ONCE = 400


@pytest.fixture(scope="module")
def service(dynoxide_endpoint: str) -> Iterator[LocalService]:
    assert dynoxide_endpoint  # skips where it cannot be had
    with in_memory(store=Store.DYNOXIDE, index_delay=0) as service:
        yield service


def asked(service: LocalService, path: str, body: object) -> Any:
    headers = {**bearer(service.token("demo")), "Content-Type": "application/json"}
    answered = call("POST", service.url + path, json.dumps(body).encode(), headers)
    assert answered.status == 200, answered.body
    return answered.json()


def test_a_broad_query_of_many_tasks_has_columns_made_that_answer_the_next(
    service: LocalService,
) -> None:
    tasks = [
        {"task": {"id": f"t{at:05}", "name": f"n{at}", "created": CREATED}} for at in range(TASKS)
    ]
    for start in range(0, TASKS, AT_ONCE):
        asked(service, "/v1/import", {"tasks": tasks[start : start + AT_ONCE]})
    body = {"nameLike": "n51%", "sorting": [{"sortBy": "name", "sortOrder": "asc"}]}
    expected = [task["id"] for each in tasks if (task := each["task"])["name"].startswith("n51")]

    before = asked(service, "/task?explain=true", body)
    assert before["plan"]["path"] == "all open tasks"
    service.cloud.invocations.wait()
    # The process found no columns, and looks for some again after half a minute.
    deadline, after = monotonic() + 120, before
    while after["plan"]["path"] != "columns":
        assert monotonic() < deadline
        sleep(1)
        after = asked(service, "/task?explain=true", body)
    count = asked(service, "/task/count?explain=true", {})

    assert after["plan"]["path"] == count["plan"]["path"] == "columns"
    assert after["columns"]["rows"] == count["columns"]["rows"] == TASKS
    assert count["count"] == TASKS
    for answer in (before, after):
        assert sorted(each["id"] for each in answer["tasks"]) == expected
    assert after["tasks"] == before["tasks"]
