"""When the table fails during a request, the caller gets an error, and a repetition completes it.
Every call of a request to the table fails in turn, before and after it takes effect. What the store
alone promises is in `test_dynamodb_faults.py`; how many people change one task at once without
losing a change, in `test_dynamodb_concurrency.py`.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Barrier
from typing import Any, cast

import pytest
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.ports import Changes, Put

from tests.support.builders import to_group
from tests.support.faults import Fault, answer_lost, breaking, refused, unreachable
from tests.support.http_events import Reply
from tests.support.instance_apps import instance_apps
from tests.support.service_apps import ServiceApps
from tests.support.service_tasks import a_service_task, an_item
from tests.support.tables import Table, dynamodb_client

T1 = "/v1/services/operator-p4/tasks/t1"
ONCE = {"idempotency-key": "request-4711"}
FIRST = {"if-match": '"1"'}
GROUPS = [to_group("sales"), to_group("support")]


@dataclass(frozen=True)
class Case:
    """A request, and the tasks that are there before."""

    method: str
    path: str
    body: Any = None
    headers: Mapping[str, str] | None = None
    given: tuple[Task, ...] = ()
    again: int = 0
    """What a repetition is answered once the request was heard."""

    def ask(self, apps: ServiceApps) -> Reply:
        return apps.ask(self.method, self.path, self.body, self.headers)


OPEN = a_service_task(links=GROUPS, input=[an_item("a")], output=[an_item("b"), an_item("c")])
STARTED = a_service_task(state="started", links=GROUPS)
CHILD = a_service_task("t2", parentTaskId="t1")

CASES = {
    "create": Case("POST", "/task/create", {"id": "t1"}, ONCE, again=204),
    "put": Case("PUT", T1, {"name": "Other", "candidateGroups": ["a"]}, None, (OPEN,), 200),
    "patch": Case("PATCH", T1, {"metadata": {"x": 1}}, None, (OPEN,), 200),
    "start": Case("POST", f"{T1}/action", {"action": "start"}, None, (OPEN,), 409),
    "complete": Case("POST", f"{T1}/action", {"action": "complete"}, None, (STARTED, CHILD), 409),
    "complete as a person": Case("POST", "/task/t1/complete", {}, None, (STARTED, CHILD), 404),
    "add an item": Case("POST", f"{T1}/output", {"href": "/a"}, ONCE, (STARTED,), 201),
    "merge an item": Case("PATCH", f"{T1}/input/0", {"metadata": {"x": 1}}, None, (OPEN,), 200),
    "remove an item": Case("DELETE", f"{T1}/output/0", None, FIRST, (OPEN,), 412),
    "delete": Case("DELETE", T1, None, None, (OPEN, CHILD), 404),
}
EVERY_CASE = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def prepared(table: Table, case: Case) -> ServiceApps:
    """The functions on a table with the case's tasks only."""
    for item in table.items():
        key = {name: item[name] for name in ("PK", "SK")}
        table.client.delete_item(TableName=table.name, Key=key)
    for task in case.given:
        table.store().commit(Changes([Put(task)]))
    return ServiceApps(table.store())


def lying_in(table: Table) -> list[str]:
    """All items; the operation that wrote one has another id each time."""
    return sorted(json.dumps(_alike(item), sort_keys=True, default=repr) for item in table.items())


def _alike(item: dict[str, Any]) -> dict[str, Any]:
    if "operation" not in item:
        return item
    return {**item, "operation": {**json.loads(item["operation"]["S"]), "id": "some"}}


@dataclass(frozen=True)
class Broken:
    """What became of a request of which one call to the table was broken."""

    answer: Reply
    lying: list[str]
    """In the table right after it."""
    again: Reply
    """What a repetition was answered, undisturbed."""
    lying_then: list[str]


def each_call_broken(table: Table, case: Case, fault: Fault) -> Iterator[Broken]:
    """The request, once for every call that it makes, with that call broken."""
    call = 0
    while True:
        call += 1
        apps = prepared(table, case)
        with breaking(table.client, fault, call=call) as sent:
            answer = case.ask(apps)
        if len(sent) < call:
            return
        lying = lying_in(table)
        again = case.ask(apps)
        yield Broken(answer, lying, again, lying_in(table))


@EVERY_CASE
@pytest.mark.parametrize("fault", [unreachable, answer_lost], ids=["unheard", "unanswered"])
def test_whichever_call_breaks_the_task_is_as_before_or_as_asked_and_a_repetition_completes_it(
    dynoxide_table: Table, case: Case, fault: Fault
) -> None:
    apps = prepared(dynoxide_table, case)
    before = lying_in(dynoxide_table)
    assert case.ask(apps).status < 300
    after = lying_in(dynoxide_table)

    broken = list(each_call_broken(dynoxide_table, case, fault))

    for each in broken:
        assert each.lying in (before, after)
        if each.answer.status == 503:
            assert each.answer.headers["retry-after"] == "1"
            assert each.answer.json["type"] == "TemporarilyUnavailableException"
        else:  # the receipt has the first answer
            assert (each.answer.status < 300, each.lying) == (True, after)
        assert each.again.status < 300 or (each.again.status, each.lying) == (case.again, after)
        assert each.lying_then == after
    assert broken
    assert fault is unreachable or after in [each.lying for each in broken]


@EVERY_CASE
def test_a_throttled_table_is_tried_three_times_and_then_a_503_with_nothing_written(
    dynoxide_table: Table, case: Case
) -> None:
    prepared(dynoxide_table, case)
    before = lying_in(dynoxide_table)
    client = dynamodb_client(dynoxide_table.endpoint, attempts=3)
    throttled = replace(dynoxide_table, client=client)
    sent: list[str] = []

    def throttle(request: Any, **_: object) -> Any:
        sent.append(str(request.headers["X-Amz-Target"]))
        return refused("ThrottlingException")(request)

    def at_once(attempts: int, **_: object) -> int | None:
        return 0 if attempts < 3 else None

    client.meta.events.register("before-send.dynamodb", throttle)
    client.meta.events.register_first("needs-retry.dynamodb", cast(Callable[..., None], at_once))
    answer = case.ask(ServiceApps(throttled.store()))
    client.close()

    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert answer.json["type"] == "TemporarilyUnavailableException"
    operations = 2 if case.headers == ONCE else 1  # the receipt is asked for as well
    assert len(sent) == 3 * operations
    assert lying_in(dynoxide_table) == before


def test_of_all_who_end_a_task_at_once_from_either_side_one_does(dynoxide_table: Table) -> None:
    prepared(dynoxide_table, Case("", "", given=(STARTED,)))
    ways: list[tuple[str, Any]] = [
        (f"{T1}/action", {"action": "complete"}),
        (f"{T1}/action", {"action": "fail", "reason": "no paper"}),
        (f"{T1}/action", {"action": "cancel"}),
        ("/task/t1/complete", {}),
    ] * 3
    together = Barrier(len(ways))

    def end(way: tuple[str, Any]) -> int:
        together.wait(30)
        return apps.ask("POST", *way).status

    with instance_apps(dynoxide_table) as apps, ThreadPoolExecutor(len(ways)) as threads:
        statuses = list(threads.map(end, ways))

    assert statuses.count(204) == 1
    assert set(statuses) <= {204, 404, 409, 503}
    found = dynoxide_table.store().get(TaskId("t1"))
    assert found is not None
    winner = ways[statuses.index(204)][1].get("action", "complete")
    expected = {"complete": "completed", "fail": "failed", "cancel": "canceled"}[winner]
    assert (found.task["state"], found.version) == (expected, 2)
