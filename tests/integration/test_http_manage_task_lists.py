"""The lists of a service task over HTTP: shown, extended, merged, shortened."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from taskdock.domain.services.lists import ListName, items
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.ports import Changes, Put

from functions.manage_task.handler import create_app
from tests.support.builders import CREATED
from tests.support.http_events import Context, Reply, http_event, reply, sample
from tests.support.in_memory_wiring import InMemoryWiring
from tests.support.instance_apps import instance_apps
from tests.support.service_tasks import a_service_task, an_item
from tests.support.tables import Table

TID = "cf5bfb0d-7861-499e-ad29-704f3ba1943c"
HREF = "/v1/services/operator-fileupload/repo/6d1c0a0e-6f0e-4a53-9e47-0c0e8f1f9d11"
TASK_HREF = f"/v1/services/operator-p4/tasks/{TID}"

EITHER_LIST = pytest.mark.parametrize("name", ["input", "output"])


def a_wiring(**fields: Any) -> InMemoryWiring:
    """A store with one task that has these fields."""
    wiring = InMemoryWiring()
    wiring.memory.commit(Changes([Put(a_service_task(TID, **fields))]))
    return wiring


def send(wiring: InMemoryWiring, event: dict[str, Any]) -> Reply:
    return reply(create_app(lambda: wiring)(event, Context()))


def ask(
    wiring: InMemoryWiring,
    method: str,
    place: str,
    body: object = None,
    *,
    query: str = "",
    headers: Mapping[str, str] | None = None,
    tid: str = TID,
) -> Reply:
    name, _, index = place.partition("/")
    route = f"{method} /v1/services/{{sid}}/tasks/{{tid}}/{name}{'/{index}' if index else ''}"
    path = {"sid": "operator-p4", "tid": tid} | ({"index": index} if index else {})
    text = None if body is None else json.dumps(body)
    declared = {"content-type": "application/json"} if body is not None else {}
    event = http_event(route, path, body=text, query=query, headers=declared | dict(headers or {}))
    return send(wiring, event)


def stored(wiring: InMemoryWiring) -> Task:
    found = wiring.memory.get(TaskId(TID))
    assert found is not None
    return found.task


def version(wiring: InMemoryWiring) -> int:
    found = wiring.memory.get(TaskId(TID))
    assert found is not None
    return found.version


def names_in(wiring: InMemoryWiring, name: str) -> str:
    """The last letters of the items' addresses, in the list's order."""
    return "".join(item["href"][-1] for item in items(stored(wiring), ListName(name)))


class TestShowing:
    def test_the_sample_shows_the_whole_list(self) -> None:
        wiring = a_wiring(input=[an_item("a"), an_item("b", copies=2)], inputMetadata={"x": 1})

        answer = send(wiring, sample("manage_task", "show_list"))

        href = f"{TASK_HREF}/input"
        assert (answer.status, answer.headers["etag"]) == (200, '"1"')
        assert answer.json == {
            "metadata": {"x": 1},
            "embedded": {
                "listItems": [
                    {"index": 0, "href": an_item("a")["href"], "metadata": {}},
                    {"index": 1, "href": an_item("b")["href"], "metadata": {"copies": 2}},
                ]
            },
            "href": href,
            "links": {"self": {"href": href}},
        }

    @EITHER_LIST
    def test_a_task_that_was_created_without_lists_has_empty_ones(self, name: str) -> None:
        assert ask(a_wiring(), "GET", name).json["embedded"] == {"listItems": []}

    def test_the_sample_shows_one_item(self) -> None:
        answer = send(a_wiring(input=[an_item("a")]), sample("manage_task", "show_item"))

        assert (answer.status, answer.headers["etag"]) == (200, '"1"')
        assert answer.json == {"index": 0, "href": an_item("a")["href"], "metadata": {}}

    @EITHER_LIST
    @pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
    @pytest.mark.parametrize("index", ["1", "-1", "01x", "first", "9" * 40])
    def test_an_item_that_is_not_there_is_a_404(self, name: str, method: str, index: str) -> None:
        wiring = a_wiring(**{name: [an_item("a")]})

        answer = ask(wiring, method, f"{name}/{index}", {} if method == "PATCH" else None)

        assert answer.status == 404
        assert answer.json["message"] == (
            f"The {name} of task '{TID}' has no item with index {index}"
        )

    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_a_task_that_is_not_there_is_a_404(self, method: str) -> None:
        body = {"href": "x"} if method == "POST" else None
        answer = ask(a_wiring(), method, "input", body, tid="nope")
        assert (answer.status, answer.json["message"]) == (404, "No matching task with id nope")

    def test_a_list_of_anothers_tenant_is_not_there(self) -> None:
        wiring = a_wiring(tenantId="t9")
        assert ask(wiring, "GET", "input").status == 404
        assert ask(wiring, "POST", "input", {"href": "x"}).status == 404


class TestAdding:
    def test_the_sample_adds_a_document_by_its_address(self) -> None:
        wiring = a_wiring(input=[an_item("a")])

        answer = send(wiring, sample("manage_task", "add_by_address"))

        assert (answer.status, answer.headers["etag"]) == (201, '"2"')
        assert answer.headers["location"] == f"{TASK_HREF}/input/1"
        assert answer.json == {"index": 1, "href": HREF, "metadata": {}}
        assert stored(wiring)["input"] == [an_item("a"), {"href": HREF}]

    def test_the_sample_inserts_a_document_with_metadata(self) -> None:
        wiring = a_wiring(output=[an_item("a")], state="started")

        answer = send(wiring, sample("manage_task", "insert_with_metadata"))

        assert (answer.status, answer.headers["location"]) == (201, f"{TASK_HREF}/output/0")
        assert answer.json == {"index": 0, "href": HREF, "metadata": {"pages": 2}}
        assert stored(wiring)["output"] == [
            {"href": HREF, "metadata": {"pages": 2}},
            an_item("a"),
        ]

    @EITHER_LIST
    def test_items_are_appended_unless_a_place_is_named(self, name: str) -> None:
        wiring = a_wiring()
        for letter, query in (("a", ""), ("c", ""), ("b", "index=1"), ("d", "index=3")):
            assert ask(wiring, "POST", name, {"href": letter}, query=query).status == 201
        assert names_in(wiring, name) == "abcd"

    def test_metadata_may_go_with_an_address_in_the_query_string(self) -> None:
        answer = ask(a_wiring(), "POST", "input", {"metadata": {"x": 1}}, query="href=a")
        assert answer.json == {"index": 0, "href": "a", "metadata": {"x": 1}}

    @pytest.mark.parametrize(
        ("query", "body", "message"),
        [
            ("", {}, "href: is missing"),
            ("", None, "href: is missing"),
            ("", {"href": " "}, "href: must not be blank"),
            ("", {"href": 5}, "href: expected a string"),
            ("href=", None, "the query string.href: must not be blank"),
            ("href=a", {"href": "a"}, "href: is in the query string and in the body"),
            ("href=a", {"href": None}, "href: is in the query string and in the body"),
            ("href=a", {"metadata": []}, "metadata: expected an object"),
            ("href=a%00", None, "the query string.href: text must not contain the NUL"),
            ("href=a&index=2", None, "index: expected 0 to 1, got 2"),
            ("href=a&index=-1", None, 'index: expected a whole number, got "-1"'),
            ("href=a&index=", None, 'index: expected a whole number, got ""'),
            ("", {"href": "a", "index": 0}, "unknown properties: index"),
        ],
    )
    def test_a_mistake_is_named_and_nothing_is_added(
        self, query: str, body: object, message: str
    ) -> None:
        wiring = a_wiring(input=[an_item("a")])

        answer = ask(wiring, "POST", "input", body, query=query)

        assert (answer.status, answer.json["type"]) == (400, "InvalidRequestException")
        assert answer.json["message"].startswith(message)
        assert version(wiring) == 1


class TestMerging:
    def test_the_sample_merges_an_items_metadata(self) -> None:
        wiring = a_wiring(input=[an_item("a", copies=1, duplex=True)])

        answer = send(wiring, sample("manage_task", "patch_item"))

        assert (answer.status, answer.headers["etag"]) == (200, '"2"')
        assert answer.json["metadata"] == {"copies": 2, "duplex": True}

    def test_null_takes_away_one_entry_or_all(self) -> None:
        wiring = a_wiring(output=[an_item("a", copies=1, duplex=True)])

        one = ask(wiring, "PATCH", "output/0", {"metadata": {"copies": None}})
        everything = ask(wiring, "PATCH", "output/0", {"metadata": None})

        assert one.json["metadata"] == {"duplex": True}
        assert everything.json["metadata"] == {}

    def test_an_empty_patch_changes_nothing(self) -> None:
        answer = ask(a_wiring(output=[an_item("a", x=1)]), "PATCH", "output/0", {})
        assert answer.json["metadata"] == {"x": 1}

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            ({"href": "b"}, "href: of an item stays"),
            ({"index": 1}, "index: of an item stays"),
            ({"metadata": 5}, "metadata: expected an object"),
            ({"copies": 2}, "unknown properties: copies"),
            ([], "the body: expected an object"),
        ],
    )
    def test_a_mistake_is_named(self, body: object, message: str) -> None:
        answer = ask(a_wiring(output=[an_item("a")]), "PATCH", "output/0", body)
        assert answer.status == 400
        assert answer.json["message"].startswith(message)


class TestRemoving:
    def test_the_sample_removes_an_item_and_later_ones_move_up(self) -> None:
        wiring = a_wiring(output=[an_item("a"), an_item("b"), an_item("c")])

        answer = send(wiring, sample("manage_task", "remove_item"))

        assert (answer.status, answer.text, answer.headers["etag"]) == (204, "", '"2"')
        assert names_in(wiring, "output") == "bc"

    def test_what_is_removed_twice_is_not_there_the_second_time(self) -> None:
        wiring = a_wiring(input=[an_item("a")])
        assert ask(wiring, "DELETE", "input/0").status == 204
        assert ask(wiring, "DELETE", "input/0").status == 404


EDITS = (
    pytest.param("POST", "", {"href": "x"}, id="add"),
    pytest.param("PATCH", "/0", {"metadata": {"x": 1}}, id="merge"),
    pytest.param("DELETE", "/0", None, id="remove"),
)


@pytest.mark.parametrize(("method", "below", "body"), EDITS)
@pytest.mark.parametrize(
    ("name", "state"),
    [("input", "started"), ("input", "completed"), ("output", "failed"), ("output", "canceled")],
)
def test_a_list_that_may_not_change_any_more_is_a_409_that_names_the_state(
    method: str, below: str, body: object, name: str, state: str
) -> None:
    ended = {} if state == "started" else {"ended": CREATED}
    wiring = a_wiring(state=state, **{name: [an_item("a")]}, **ended)

    answer = ask(wiring, method, f"{name}{below}", body)

    assert (answer.status, answer.json["type"]) == (409, "StateConflictException")
    assert f"it is {state}" in answer.json["message"]
    assert version(wiring) == 1


@pytest.mark.parametrize(("method", "below", "body"), EDITS)
def test_an_edit_that_expects_another_version_is_refused(
    method: str, below: str, body: object
) -> None:
    wiring = a_wiring(input=[an_item("a")])
    assert ask(wiring, method, f"input{below}", body, headers={"if-match": '"2"'}).status == 412
    assert ask(wiring, method, f"input{below}", body, headers={"if-match": '"1"'}).status < 300


KEY = {"idempotency-key": "print-4711"}


class TestRepeating:
    def test_a_repeated_key_brings_back_the_first_answer_and_adds_nothing(self) -> None:
        wiring = a_wiring(state="started")
        first = ask(wiring, "POST", "output", {"href": "a"}, headers=KEY)
        ask(wiring, "POST", "output", {"href": "b"}, query="index=0")

        again = ask(wiring, "POST", "output", {"href": "a"}, headers=KEY)

        assert (again.status, again.json, again.headers) == (201, first.json, first.headers)
        assert names_in(wiring, "output") == "ba"

    def test_the_first_answer_comes_back_even_when_the_list_is_closed_by_now(self) -> None:
        wiring = a_wiring()
        ask(wiring, "POST", "input", {"href": "a"}, headers=KEY)
        before = wiring.memory.get(TaskId(TID))
        wiring.memory.commit(Changes([Put(a_service_task(TID, state="started"), before)]))

        assert ask(wiring, "POST", "input", {"href": "a"}, headers=KEY).status == 201
        assert ask(wiring, "POST", "input", {"href": "a"}).status == 409

    @pytest.mark.parametrize(
        ("name", "href", "query"),
        [("output", "a", ""), ("input", "b", ""), ("input", "a", "index=0")],
    )
    def test_a_key_with_another_request_is_a_422(self, name: str, href: str, query: str) -> None:
        wiring = a_wiring()
        ask(wiring, "POST", "input", {"href": "a"}, headers=KEY)

        answer = ask(wiring, "POST", name, {"href": href}, query=query, headers=KEY)

        assert (answer.status, answer.json["type"]) == (422, "IdempotencyMismatchException")
        assert version(wiring) == 2

    def test_of_identical_requests_side_by_side_one_adds(self, dynoxide_table: Table) -> None:
        store = dynoxide_table.store()
        store.commit(Changes([Put(a_service_task(TID, state="started"))]))
        path = f"/v1/services/operator-p4/tasks/{TID}/output"

        with instance_apps(dynoxide_table) as apps, ThreadPoolExecutor(8) as threads:
            answers = list(
                threads.map(lambda _: apps.ask("POST", path, {"href": "a"}, KEY), range(8))
            )
            again = apps.ask("POST", path, {"href": "a"}, KEY)

        # Requests that come while the first is under way may get a 409.
        assert {answer.status for answer in answers} <= {201, 409, 503}
        assert {answer.text for answer in answers if answer.status == 201} == {again.text}
        found = store.get(TaskId(TID))
        assert found is not None
        assert [item["href"] for item in found.task["output"]] == ["a"]


def test_strangers_and_those_who_read_no_json_see_nothing() -> None:
    stranger, reader = (sample("manage_task", "show_list") for _ in range(2))
    del stranger["requestContext"]["authorizer"]
    reader["headers"]["accept"] = "text/html"

    assert send(a_wiring(), stranger).status == 401
    assert send(a_wiring(), reader).status == 406
