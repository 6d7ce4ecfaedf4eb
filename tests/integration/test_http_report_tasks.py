"""The report on candidate groups over HTTP, as JSON and as a file."""

from typing import Any

import pytest
from taskdock.domain.errors import OutOfTime
from taskdock.runtime.settings import Settings
from taskdock.use_cases.ports import Changes, Put

from functions.query_tasks.handler import create_app
from tests.support.builders import a_task
from tests.support.http_events import Context, Reply, http_event, reply, sample
from tests.support.in_memory_wiring import InMemoryWiring

ROUTE = "GET /task/report/candidate-group-count"
ODD = 'a,"b"\n'


@pytest.fixture
def wiring() -> InMemoryWiring:
    wiring = InMemoryWiring()
    for task in (
        a_task("1", groups=["sales", "accounting"]),
        a_task("2", groups=["sales"]),
        a_task("3"),
        a_task("4", groups=["hidden"], tenantId="t9"),
    ):
        wiring.memory.commit(Changes([Put(task)]))
    return wiring


def send(wiring: InMemoryWiring, event: dict[str, Any]) -> Reply:
    return reply(create_app(lambda: wiring)(event, Context()))


def ask(wiring: InMemoryWiring, **headers: str) -> Reply:
    return send(wiring, http_event(ROUTE, headers=headers))


def test_groups_are_counted_as_json(wiring: InMemoryWiring) -> None:
    answer = send(wiring, sample("query_tasks", "report_by_candidate_group"))

    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json == [
        {"groupName": None, "taskCount": 1},
        {"groupName": "accounting", "taskCount": 1},
        {"groupName": "sales", "taskCount": 2},
    ]
    assert float(answer.headers["x-read-units"]) > 0


def test_groups_are_counted_as_a_file(wiring: InMemoryWiring) -> None:
    answer = send(wiring, sample("query_tasks", "report_as_csv"))

    assert answer.text == "CANDIDATE_GROUP_NAME,TASK_COUNT\nnull,1\naccounting,1\nsales,2"
    assert answer.headers["content-type"] == "text/csv;charset=utf-8"
    assert answer.headers["content-disposition"] == (
        'attachment; filename="task-count-by-candidate-group.csv"'
    )


def test_a_name_that_would_break_the_file_is_quoted(wiring: InMemoryWiring) -> None:
    wiring.memory.commit(Changes([Put(a_task("5", groups=[ODD, "ä"]))]))

    text = ask(wiring, accept="text/csv").text

    assert '\n"a,""b""\n",1\n' in text
    assert "\nä,1" in text


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "application/json"),
        ("application/json, text/csv", "application/json"),
        ("text/csv", "text/csv;charset=utf-8"),
        ("application/csv", "application/csv;charset=utf-8"),
        ("text/csv;q=0.5, application/json;q=0.4", "text/csv;charset=utf-8"),
        ("text/*", "text/csv;charset=utf-8"),
    ],
)
def test_the_caller_chooses_the_form(
    wiring: InMemoryWiring, accept: str, content_type: str
) -> None:
    assert ask(wiring, accept=accept).headers["content-type"] == content_type


def test_no_other_form_is_to_be_had(wiring: InMemoryWiring) -> None:
    assert ask(wiring, accept="application/xml").status == 406


def test_no_open_tasks_are_an_empty_report() -> None:
    assert ask(InMemoryWiring()).json == []
    assert ask(InMemoryWiring(), accept="text/csv").text == "CANDIDATE_GROUP_NAME,TASK_COUNT"


@pytest.mark.parametrize(
    ("setting", "headers"), [(1, {}), (10_000, {"x-max-read-units": "1"})], ids=["setting", "call"]
)
def test_a_report_over_the_budget_is_refused(setting: int, headers: dict[str, str]) -> None:
    wiring = InMemoryWiring(settings=Settings(max_read_units=setting))
    for number in range(50):
        wiring.memory.commit(Changes([Put(a_task(str(number)))]))

    answer = ask(wiring, **headers)

    assert (answer.status, answer.json["type"]) == (422, "QueryTooExpensiveException")
    assert "A report reads every open task." in answer.json["message"]


def test_a_report_ends_before_the_gateway_gives_up(wiring: InMemoryWiring) -> None:
    class Late(Context):
        @staticmethod
        def get_remaining_time_in_millis() -> int:
            return 2_000

    answer = reply(create_app(lambda: wiring)(http_event(ROUTE), Late()))

    assert (answer.status, answer.json["type"]) == (503, f"{OutOfTime.__name__}Exception")
