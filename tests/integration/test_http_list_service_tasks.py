"""Pages of service tasks over HTTP: which tasks, in which order, and the next page."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.runtime.settings import Settings
from taskdock.use_cases.ports import Changes, Put, Service, TaskStore

from functions.query_tasks.handler import create_app
from tests.support.builders import CREATED, MINUTE
from tests.support.http_events import Context, Reply, http_event, reply, sample
from tests.support.in_memory_wiring import InMemoryWiring
from tests.support.service_tasks import a_service_task, an_item

PRINTER = Service("operator-p4", "Print connector")
SCANNER = Service("operator-s1", "Scan connector")
ENDED = {"ended": CREATED + 9 * MINUTE}


def a_wiring(*tasks: Task, **settings: Any) -> InMemoryWiring:
    wiring = InMemoryWiring(PRINTER, SCANNER, settings=Settings(**settings))
    put(wiring.memory, *tasks)
    return wiring


def put(store: TaskStore, *tasks: Task) -> None:
    for task in tasks:
        store.commit(Changes([Put(task)]))


def send(wiring: InMemoryWiring, event: dict[str, Any]) -> Reply:
    return reply(create_app(lambda: wiring)(event, Context()))


def listed(wiring: InMemoryWiring, sid: str | None = "operator-p4", **query: str) -> Reply:
    if sid is None:
        return send(wiring, http_event("GET /v1/tasks", query=query))
    return send(wiring, http_event("GET /v1/services/{sid}/tasks", {"sid": sid}, query=query))


def tids(answer: Reply) -> str:
    assert answer.status == 200, answer.text
    return " ".join(task["tid"] for task in answer.json["embedded"]["tasks"])


def pages(wiring: InMemoryWiring, sid: str | None = "operator-p4", **query: str) -> list[str]:
    """The ids page by page, by following the links."""
    answer = listed(wiring, sid, **query)
    found = [tids(answer)]
    while "next" in answer.json["links"]:
        link = urlsplit(answer.json["links"]["next"]["href"])
        answer = listed(
            wiring, sid, **{name: value for name, [value] in parse_qs(link.query).items()}
        )
        found.append(tids(answer))
    return found


A_DAY = (
    a_service_task("a", type="x"),
    a_service_task("b", created=CREATED + MINUTE, state="started", taskDefinitionKey="print"),
    a_service_task("c", created=CREATED + 2 * MINUTE, state="completed", owner="mary", **ENDED),
    a_service_task("d", created=CREATED + 3 * MINUTE, state="failed", **ENDED),
    a_service_task("e", created=CREATED + 4 * MINUTE, taskDefinitionKey="print", owner="mary"),
    a_service_task("theirs", created=CREATED + 4 * MINUTE, tenantId="t9"),
    a_service_task("ours", created=CREATED + 5 * MINUTE, tenantId="t1"),
    a_service_task("scan", created=CREATED + 6 * MINUTE, service="operator-s1"),
    a_service_task("nobodys", created=CREATED + 7 * MINUTE, service=None),
)
"""The caller is in tenant t1."""


def test_a_services_tasks_come_in_order_of_creation_open_or_ended() -> None:
    answer = listed(a_wiring(*A_DAY))

    assert tids(answer) == "a b c d e ours"
    assert answer.json["links"] == {"self": {"href": "/v1/services/operator-p4/tasks"}}
    assert "x-read-units" in answer.headers


def test_the_sample_lists_the_tasks_of_all_services() -> None:
    answer = send(a_wiring(*A_DAY), sample("query_tasks", "of_all_services"))

    assert tids(answer) == "a b c d e ours scan"
    assert answer.json["links"] == {"self": {"href": "/v1/tasks"}}


def test_the_sample_lists_what_a_worker_asks_for() -> None:
    print_task = a_service_task(
        "p", taskDefinitionKey="print", input=[an_item("a")], output=[an_item("b")]
    )

    answer = send(a_wiring(*A_DAY, print_task), sample("query_tasks", "of_a_service"))

    assert tids(answer) == "p b e"
    first = answer.json["embedded"]["tasks"][0]
    assert first["lists"]["input"]["embedded"]["listItems"][0]["href"] == an_item("a")["href"]
    assert first["lists"]["output"] == {"metadata": {}}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"state": "created"}, "a e ours"),
        ({"state": "started"}, "b"),
        ({"state": "completed"}, "c"),
        ({"state": "completed,failed"}, "c d"),
        ({"state": "canceled"}, ""),
        ({"state": "started,failed"}, "b d"),
        ({"type": "print"}, "b e"),
        ({"owner": "mary"}, "c e"),
        ({"owner": "mary", "type": "print"}, "e"),
        ({"owner": "mary", "state": "failed"}, ""),
        ({"type": ""}, ""),
    ],
)
def test_filters_all_have_to_hold(query: dict[str, str], expected: str) -> None:
    assert tids(listed(a_wiring(*A_DAY), **query)) == expected


def test_items_are_shown_on_request_alone() -> None:
    wiring = a_wiring(a_service_task("a", input=[an_item("x")], inputMetadata={"m": 1}))

    def lists(**query: str) -> dict[str, Any]:
        [task] = listed(wiring, **query).json["embedded"]["tasks"]
        shown: dict[str, Any] = task["lists"]
        return shown

    assert lists() == {"input": {"metadata": {"m": 1}}, "output": {"metadata": {}}}
    assert "embedded" in lists(embed="output,input")["input"]
    assert "embedded" in lists(embed="output,input")["output"]


@pytest.mark.parametrize("sid", ["operator-p4", None])
def test_pages_lead_on_to_the_end_and_keep_what_was_asked(sid: str | None) -> None:
    wiring = a_wiring(*A_DAY)
    first = listed(wiring, sid, limit="2", type="print")

    assert pages(wiring, sid, limit="2")[:3] == ["a b", "c d", "e ours"]
    assert "next" not in first.json["links"]
    assert first.json["links"]["self"]["href"].endswith("?limit=2&type=print")


def test_addresses_carry_the_context_path() -> None:
    answer = listed(a_wiring(*A_DAY, base_path="/engine-rest"), limit="1")

    own, following = (answer.json["links"][name]["href"] for name in ("self", "next"))
    assert own == "/engine-rest/v1/services/operator-p4/tasks?limit=1"
    assert following.startswith("/engine-rest/v1/services/operator-p4/tasks?limit=1&pageToken=")
    assert answer.json["embedded"]["tasks"][0]["href"].startswith("/engine-rest/")


def test_pages_neither_repeat_nor_lose_tasks_while_others_change_them() -> None:
    wiring = a_wiring(*A_DAY)
    first = listed(wiring, limit="2")
    before = wiring.memory.get(TaskId("e"))
    put(wiring.memory, a_service_task("late", created=CREATED + 8 * MINUTE))
    wiring.memory.commit(
        Changes([Put(a_service_task("e", created=CREATED + 4 * MINUTE, **ENDED), before)])
    )

    link = urlsplit(first.json["links"]["next"]["href"])
    [token] = parse_qs(link.query)["pageToken"]
    assert tids(listed(wiring, pageToken=token)) == "c d e ours late"


def test_tasks_of_the_same_moment_come_by_id_and_each_once(store: TaskStore) -> None:
    wiring = a_wiring()
    wiring.store = store
    tasks = [
        a_service_task(f"t{number:02}", **(ENDED if number % 3 == 0 else {}))
        for number in range(12)
    ]
    put(store, *reversed(tasks))

    assert " ".join(pages(wiring, limit="5")).split() == [task["id"] for task in tasks]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"limit": "0"}, "limit: expected an integer from 1 to 1000"),
        ({"limit": "1001"}, "limit: expected an integer from 1 to 1000, got"),
        ({"limit": "many"}, "limit: expected an integer from 1 to 1000"),
        ({"limit": ""}, "limit: expected an integer from 1 to 1000"),
        ({"state": "open"}, "state: expected one or several of created, started, completed"),
        ({"state": ""}, "state: expected one or several of"),
        ({"embed": "input,metadata"}, "embed: expected one or several of input, output"),
        ({"pageToken": "x"}, "pageToken: "),
        ({"sate": "created"}, "the query string: unknown properties: sate (did you mean state?)"),
    ],
)
@pytest.mark.parametrize("sid", ["operator-p4", None])
def test_a_parameter_that_says_nothing_usable_is_named(
    sid: str | None, query: dict[str, str], message: str
) -> None:
    answer = listed(a_wiring(), sid, **query)

    assert (answer.status, answer.json["type"]) == (400, "InvalidRequestException")
    assert answer.json["message"].startswith(message)


def test_a_page_has_fifty_tasks_unless_limit_says_otherwise() -> None:
    wiring = a_wiring(*(a_service_task(f"t{number:03}") for number in range(60)))

    assert len(tids(listed(wiring)).split()) == 50
    assert len(tids(listed(wiring, limit="1000")).split()) == 60


@pytest.mark.parametrize("sid", ["operator-p5", "ä", "a b"])
def test_an_unregistered_service_is_a_404(sid: str) -> None:
    answer = listed(a_wiring(), sid)
    assert (answer.status, answer.json["message"]) == (404, f"No service with sid {sid}")


def test_a_page_over_the_read_budget_is_refused_with_advice() -> None:
    wiring = a_wiring(*(a_service_task(f"t{number}") for number in range(400)))
    event = http_event(
        "GET /v1/services/{sid}/tasks",
        {"sid": "operator-p4"},
        query={"limit": "5", "type": "none"},
        headers={"x-max-read-units": "1"},
    )

    answer = send(wiring, event)

    assert (answer.status, answer.json["type"]) == (422, "QueryTooExpensiveException")
    assert "smaller limit" in answer.json["message"]


def test_a_page_that_fits_into_no_answer_is_refused_and_never_cut() -> None:
    big = [
        a_service_task(f"t{number}", variables={"x": {"type": "String", "value": "ab" * 140_000}})
        for number in range(25)
    ]

    answer = listed(a_wiring(*big))

    assert (answer.status, answer.json["type"]) == (422, "ResponseTooLargeException")
    assert "smaller limit" in answer.json["message"]


def test_strangers_see_nothing() -> None:
    for case in ("of_a_service", "of_all_services"):
        stranger = sample("query_tasks", case)
        del stranger["requestContext"]["authorizer"]
        assert send(a_wiring(*A_DAY), stranger).status == 401
