"""A query's answer beside the tasks: plan and price, cursor, budget, deadline."""

import base64
import gzip
import json
from collections.abc import Mapping
from io import StringIO
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from taskdock.domain.tasks.task import Task, changed
from taskdock.runtime.logging import logger
from taskdock.runtime.settings import Prices, Settings
from taskdock.use_cases.ports import Changes, Put

from functions.query_tasks.handler import create_app
from tests.support.builders import CREATED, a_task, noise
from tests.support.http_events import Context, Reply, http_event, reply
from tests.support.in_memory_apps import InMemoryApps
from tests.support.in_memory_wiring import InMemoryWiring
from tests.support.tables import Table

NEWEST: Final = [{"sortBy": "created", "sortOrder": "desc"}]
BY_NAME: Final = [{"sortBy": "name", "sortOrder": "asc"}]


def inbox(number: int = 6, **fields: Any) -> list[Task]:
    """Tasks of a group, created one after the other, their priorities 0, 1, 2, 0 …"""
    return [
        a_task(
            f"t{place}",
            **{"name": f"n{place % 3}", "groups": ["sales"], **fields},
            created=CREATED + place,
            priority=place % 3,
        )
        for place in range(number)
    ]


def ids(answer: Reply) -> list[str]:
    return [task["id"] for task in answer.json]


# Explain.


def test_an_explained_list_has_its_tasks_and_how_they_were_found() -> None:
    body = {
        "candidateGroup": "sales",
        "minPriority": 1,
        "orQueries": [{"name": "n1", "owner": "x"}],
    }
    apps = InMemoryApps(*inbox())
    plain = apps.ask("POST /task", body=body)
    explained = apps.ask("POST /task", body=body, query="explain=true").json

    assert explained.pop("tasks") == plain.json
    assert explained.pop("milliseconds") > 0
    assert explained.pop("price")["per"] == "query"
    assert explained == {
        "plan": {
            "path": "candidateGroup",
            "index": ["by_candidate"],
            "keys": [
                {
                    "partitions": [{"kind": "group", "name": "sales", "assigned": False}],
                    "of": 1,
                    "tenants": [None, "t1"],
                }
            ],
            "filter": ["minPriority", "(name or owner)"],
            "order": "id, sorted here",
            "earlyStop": False,
        },
        "read": {"items": 6, "pages": 2, "readUnits": 0.5},
        "matched": 2,
        "returned": 2,
    }


@pytest.mark.parametrize(
    ("route", "shown"), [("/task", {"tasks": ["t5", "t4"]}), ("/task/count", {"count": 6})]
)
def test_all_four_routes_explain_alike(route: str, shown: Mapping[str, object]) -> None:
    apps = InMemoryApps(*inbox())
    page = {} if route.endswith("count") else {"maxResults": "2"}
    by_post = apps.ask(
        f"POST {route}",
        body={"candidateGroup": "sales", "sorting": NEWEST},
        query={**page, "explain": "true"},
    ).json
    given = {"candidateGroup": "sales", "sortBy": "created", "sortOrder": "desc"}
    by_get = apps.ask(f"GET {route}", query={**given, **page, "explain": "true"}).json

    for answer in (by_post, by_get):
        answer.pop("milliseconds")
        answer.pop("price")
    assert by_post == by_get
    if "tasks" in by_get:
        by_get["tasks"] = [task["id"] for task in by_get["tasks"]]
        assert by_get["plan"]["order"] == "created desc, as the index has it"
        assert by_get["plan"]["earlyStop"] is True
    assert by_get.items() >= shown.items()


def test_an_explained_query_that_nothing_can_match_says_so() -> None:
    body = {"dueAfter": "2026-01-02T00:00:00.000+0000", "dueBefore": "2026-01-01T00:00:00.000+0000"}
    explained = InMemoryApps(*inbox()).ask("POST /task", body=body, query="explain=true").json
    assert explained["tasks"] == []
    assert explained["plan"]["path"] == "nothing can match"
    assert explained["read"] == {"items": 0, "pages": 0, "readUnits": 0}


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        (Prices(read_units=1_000_000, requests=0, gigabyte_seconds=0), 0.5),
        (Prices(read_units=0, requests=2_000_000, gigabyte_seconds=0), 2.0),
        (Prices(read_units=1_000_000, requests=2_000_000, gigabyte_seconds=0), 2.5),
    ],
)
def test_the_price_of_a_query_follows_the_setting(prices: Prices, expected: float) -> None:
    apps = InMemoryApps(*inbox(), wiring=InMemoryWiring(settings=Settings(prices=prices)))
    explained = apps.ask("GET /task", query="candidateGroup=sales&explain=true").json
    assert explained["price"] == {"usd": expected, "per": "query"}


def test_the_functions_time_is_part_of_the_price() -> None:
    prices = Prices(read_units=0, requests=0, gigabyte_seconds=1_000_000)
    apps = InMemoryApps(*inbox(), wiring=InMemoryWiring(settings=Settings(prices=prices)))
    explained = apps.ask("GET /task", query="explain=true").json
    gigabytes = 1769 / 1024
    expected = explained["milliseconds"] / 1000 * gigabytes
    assert explained["price"]["usd"] == pytest.approx(expected, rel=1e-3)


# What a query cost, on its answer and in the log.


@pytest.mark.parametrize("verb", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/task", "/task/count"])
def test_every_answer_says_what_was_read(verb: str, path: str) -> None:
    answer = InMemoryApps(*inbox()).ask(f"{verb} {path}")
    assert answer.status == 200
    assert float(answer.headers["x-read-units"]) > 0


def test_a_query_is_one_line_of_the_log_and_one_set_of_metrics(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", log)
    InMemoryApps(*inbox()).ask("POST /task", body={"candidateGroup": "sales", "minPriority": 1})

    [line] = [json.loads(each) for each in log.getvalue().splitlines()]
    assert line["pathTaken"] == "candidateGroup"
    assert (line["itemsRead"], line["matched"], line["returned"]) == (6, 4, 4)
    assert line["readUnits"] == 0.5
    assert line["queryMilliseconds"] > 0
    metrics = json.loads(capsys.readouterr().out)
    [directive] = metrics["_aws"]["CloudWatchMetrics"]
    named = {metric["Name"] for metric in directive["Metrics"]}
    assert named == {"itemsRead", "matched", "readUnits", "queryMilliseconds"}
    assert directive["Dimensions"] == [["service"]]
    assert all(metrics[name] == [line[name]] for name in named)


# Cursors.


@pytest.mark.parametrize("sorting", [[], NEWEST, BY_NAME])
def test_pages_follow_one_another_by_either_verb(sorting: list[dict[str, str]]) -> None:
    apps = InMemoryApps(*inbox(7))
    whole = ids(apps.ask("POST /task", body={"sorting": sorting}))
    asked = sorting[0] if sorting else {}
    for verb in ("GET", "POST"):
        seen: list[str] = []
        token: str | None = None
        while True:
            page = {"maxResults": "3", **({"pageToken": token} if token else {})}
            if verb == "GET":
                answer = apps.ask("GET /task", query={**asked, **page})
            else:
                answer = apps.ask("POST /task", body={"sorting": sorting}, query=page)
            seen += ids(answer)
            token = answer.headers.get("x-next-page-token")
            if token is None:
                break
        assert seen == whole


def test_what_changes_between_pages_neither_repeats_a_task_nor_loses_one() -> None:
    apps = InMemoryApps(*inbox(9))
    first = apps.ask("POST /task", body={"sorting": NEWEST}, query={"maxResults": "3"})
    assert ids(first) == ["t8", "t7", "t6"]
    memory = apps.wiring.memory
    late = a_task("late", created=CREATED + 99)  # in front of the page that was shown
    memory.commit(Changes([Put(late)]))
    for name in ("t6", "t5"):  # one that was shown, one that was not
        stored = memory.get(a_task(name)["id"])
        assert stored is not None
        memory.commit(Changes([Put(changed(stored.task, priority=99), stored)]))
    token = first.headers["x-next-page-token"]
    rest = apps.ask("POST /task", body={"sorting": NEWEST}, query=urlencode({"pageToken": token}))
    assert ids(rest) == ["t5", "t4", "t3", "t2", "t1", "t0"]


def test_a_cursor_shows_its_bearer_only_what_they_may_see() -> None:
    apps = InMemoryApps(*inbox(6, tenantId="t1"))
    mine = {"username": "mary", "cognito:groups": "[tenant:t1]", "scope": "taskdock/tasks.read"}
    other = {**mine, "cognito:groups": "[tenant:t2]"}
    token = apps.ask("GET /task", query="maxResults=2", claims=mine).headers["x-next-page-token"]
    query = urlencode({"pageToken": token})
    assert ids(apps.ask("GET /task", query=query, claims=mine)) == ["t2", "t3", "t4", "t5"]
    assert ids(apps.ask("GET /task", query=query, claims=other)) == []


@pytest.mark.parametrize("token", ["x", "eJyLNtRRSkxMVIoFAA", "%00", "A" * 7000])
def test_a_token_that_was_never_given_is_refused(token: str) -> None:
    answer = InMemoryApps(*inbox()).ask("GET /task", query={"pageToken": token})
    assert (answer.status, answer.json["type"]) == (400, "InvalidRequestException")


# Limits.


def over(table: Table, budget: str, route: str = "POST /task", body: object = None) -> Reply:
    """The answer of a query over a real table under a budget."""
    wiring = InMemoryWiring()
    wiring.__dict__["store"] = table.store()
    apps = InMemoryApps(wiring=wiring)
    return apps.ask(route, body=body or {}, headers={"x-max-read-units": budget})


def test_a_budget_is_kept_over_a_real_table(dynoxide_table: Table) -> None:
    store = dynoxide_table.store()
    for place in range(120):
        task = a_task(f"{place}", groups=["sales"], description=noise(600 + place))
        store.commit(Changes([Put(task)]))

    everything = over(dynoxide_table, "10000")
    assert (everything.status, len(everything.json)) == (200, 120)
    cost = float(everything.headers["x-read-units"])
    assert cost > 11
    fits = over(dynoxide_table, str(cost + 1))
    assert (fits.status, len(fits.json)) == (200, 120)
    for budget in (cost / 2, cost - 1):
        refused = over(dynoxide_table, f"{budget:g}")
        assert (refused.status, refused.json["type"]) == (422, "QueryTooExpensiveException")
        assert "candidateGroup" in refused.json["message"]
        assert float(refused.headers["x-read-units"]) <= budget + 2
    inbox_alone = over(dynoxide_table, "4", body={"candidateGroup": "sales"})
    assert inbox_alone.status == 422
    assert float(inbox_alone.headers["x-read-units"]) <= 6


def test_keys_that_cost_more_than_the_budget_are_not_read(dynoxide_table: Table) -> None:
    for route in ("POST /task", "POST /task/count"):
        refused = over(dynoxide_table, "3.5", route)
        assert (refused.status, refused.headers["x-read-units"]) == (422, "0")


@pytest.mark.parametrize("budget", ["", "many", "-1", "1e3", "NaN"])
def test_a_budget_that_is_no_number_is_refused(budget: str) -> None:
    answer = InMemoryApps(*inbox()).ask("GET /task", headers={"x-max-read-units": budget})
    assert (answer.status, answer.json["type"]) == (400, "InvalidRequestException")


def test_a_budget_of_the_caller_never_widens_that_of_the_deployment() -> None:
    apps = InMemoryApps(*inbox(), wiring=InMemoryWiring(settings=Settings(max_read_units=3)))
    answer = apps.ask("GET /task", headers={"x-max-read-units": "1000"})
    assert answer.status == 422
    assert "budget of 3 read units" in answer.json["message"]


def test_a_query_ends_before_the_gateway_gives_up() -> None:
    class Late(Context):
        @staticmethod
        def get_remaining_time_in_millis() -> int:
            return 2_000

    wiring = InMemoryApps(*inbox()).wiring
    answer = reply(create_app(lambda: wiring)(http_event("GET /task"), Late()))
    assert (answer.status, answer.json["type"]) == (503, "OutOfTimeException")
    assert answer.headers["x-read-units"] == "0"
    assert "An index serves nothing of it" in answer.json["message"]


# Size.


def test_a_large_answer_is_gzipped_for_a_caller_that_accepts_gzip() -> None:
    wiring = InMemoryApps(*inbox(30)).wiring
    app = create_app(lambda: wiring)
    plain = app(http_event("GET /task"), Context())
    event = http_event("GET /task", headers={"accept-encoding": "br, gzip;q=0.8"})
    zipped = app(event, Context())
    assert not plain["isBase64Encoded"]
    assert zipped["isBase64Encoded"]
    assert gzip.decompress(base64.b64decode(zipped["body"])).decode() == plain["body"]
    assert len(zipped["body"]) < len(plain["body"]) / 4


def test_an_answer_over_six_megabytes_is_refused_with_the_way_out() -> None:
    wiring = InMemoryApps(*inbox(40, description='\u00e4"' * 60_000)).wiring
    answer = reply(create_app(lambda: wiring)(http_event("GET /task"), Context()))
    assert (answer.status, answer.json["type"]) == (422, "ResponseTooLargeException")
    assert "40 tasks match" in answer.json["message"]
    assert "maxResults" in answer.json["message"]
    assert float(answer.headers["x-read-units"]) > 0


# Versions.


@pytest.mark.parametrize("query", ["", "sortBy=created&sortOrder=desc", "explain=true"])
@pytest.mark.parametrize("extra", [{}, {"withCommentAttachmentInfo": "true"}])
def test_a_list_says_the_versions_that_changes_may_expect(
    query: str, extra: Mapping[str, str]
) -> None:
    apps = InMemoryApps(*inbox())
    apps.ask("POST /task/{id}/claim", "t3", {"userId": "demo"})
    asked = "&".join(filter(None, (query, urlencode(extra))))

    plain = apps.ask("GET /task", query=asked).json
    answer = apps.ask("GET /task", query=f"{asked}&withVersion=true").json
    listed = answer["tasks"] if "explain" in query else answer
    versions = {task["id"]: task.pop("version") for task in listed}

    assert versions == {f"t{place}": 2 if place == 3 else 1 for place in range(6)}
    assert listed == (plain["tasks"] if "explain" in query else plain)
    expected = {"if-match": f'"{versions["t3"]}"'}
    assert apps.ask("POST /task/{id}/unclaim", "t3", {}, headers=expected).status == 204
    assert apps.ask("POST /task/{id}/unclaim", "t3", {}, headers=expected).status == 412


def test_a_body_and_a_single_task_say_the_version_too() -> None:
    apps = InMemoryApps(*inbox(2))

    strict = apps.ask("POST /task", body={}, query="withVersion=true&strict=true").json
    assert [task["version"] for task in strict] == [1, 1]
    assert apps.ask("GET /task/{id}", "t1", query="withVersion=true").json["version"] == 1
    assert "version" not in apps.ask("GET /task/{id}", "t1").json
    assert apps.ask("GET /task", query="withVersion=yes").status == 400
    served = InMemoryApps(a_task("t1", service="printer", state="started"))
    for route, body in (("GET /task/{id}", None), ("GET /task", None), ("POST /task", {})):
        shown = served.ask(route, "t1", body, query="withVersion=true").json
        [task] = shown if isinstance(shown, list) else [shown]
        assert (task["service"], task["state"]) == ("printer", "started")
        assert "service" not in json.dumps(served.ask(route, "t1", body).json)


def test_a_filter_lists_versions_as_a_query_does() -> None:
    apps = InMemoryApps(*inbox(1))
    body = {"resourceType": "Task", "name": "all", "query": {}}
    made = apps.ask("POST /filter/create", body=body).json["id"]

    [task] = apps.ask("GET /filter/{id}/list", made, query="withVersion=true").json
    assert task["version"] == 1


# Searching in words.


def test_words_narrow_every_list_and_count() -> None:
    apps = InMemoryApps(a_task("t1", name="Large order"), a_task("t2", name="large"), a_task("t3"))
    words = {"search": "LARGE order"}

    assert ids(apps.ask("GET /task", query=words)) == ["t1"]
    assert ids(apps.ask("POST /task", body={"name": "large"}, query={"search": "large"})) == ["t2"]
    assert ids(apps.ask("POST /task", body={}, query={**words, "strict": "true"})) == ["t1"]
    assert apps.ask("GET /task/count", query=words).json == {"count": 1}
    assert apps.ask("POST /task/count", body={}, query=words).json == {"count": 1}
    assert ids(apps.ask("GET /task", query={"search": " "})) == ["t1", "t2", "t3"]
    assert apps.ask("GET /task", query={"search": "x" * 201}).status == 400


def test_a_filter_is_narrowed_by_words_too() -> None:
    apps = InMemoryApps(a_task("t1", name="Large order"), a_task("t2", name="large"))
    body = {"resourceType": "Task", "name": "all", "query": {"orQueries": [{"nameLike": "%l%"}]}}
    made = apps.ask("POST /filter/create", body=body).json["id"]

    assert ids(apps.ask("GET /filter/{id}/list", made, query={"search": "order"})) == ["t1"]
    assert apps.ask("GET /filter/{id}/count", made, query={"search": "order"}).json["count"] == 1


def test_an_explanation_shows_what_the_words_stand_for() -> None:
    apps = InMemoryApps(a_task("t1", name="Large order"), a_task("t2", name="large"))
    query = {"search": "order", "searchVariables": "amount", "explain": "true"}
    explained = apps.ask("GET /task", query=query).json

    assert ids(apps.ask("POST /task", body=explained["search"])) == ["t1"]
    assert "search" not in apps.ask("GET /task", query={"explain": "true"}).json
