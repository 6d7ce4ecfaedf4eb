"""Comments over HTTP: read, added, changed and removed
(docs/camunda-behaviour.md, Comments)."""

import json
from typing import Any

import pytest
from taskdock.domain.access import Access
from taskdock.domain.instants import Instant
from taskdock.domain.services.actions import complete
from taskdock.domain.tasks.task import TaskId
from taskdock.use_cases.ports import Changes, Put
from taskdock.use_cases.tasks.change_task import change_task

from functions.manage_task.handler import create_app
from tests.support.builders import CREATED, MINUTE, a_task
from tests.support.http_events import USER_CLAIMS, Context, Reply, http_event, reply, sample
from tests.support.in_memory_wiring import InMemoryWiring

COMMENTS = "/task/{id}/comment"
ONE = "/task/{id}/comment/{cid}"
MARY = {**USER_CLAIMS, "username": "mary"}
SUPERVISOR = {**USER_CLAIMS, "username": "mary", "cognito:groups": "[camunda-admin tenant:t1]"}
STRANGER = {**USER_CLAIMS, "cognito:groups": "[]"}
ID = "invoice-4711"


@pytest.fixture
def wiring() -> InMemoryWiring:
    """A task that has just been created, for tenant t1."""
    wiring = InMemoryWiring()
    wiring.memory.commit(Changes([Put(a_task(ID, tenantId="t1"))]))
    return wiring


def send(wiring: InMemoryWiring, event: dict[str, Any]) -> Reply:
    return reply(create_app(lambda: wiring)(event, Context()))


def ask(wiring: InMemoryWiring, route: str, /, body: object = None, **more: Any) -> Reply:
    path = {"id": more.pop("id", ID)}
    if "{cid}" in route:
        path["cid"] = more.pop("cid")
    text = None if body is None else json.dumps(body)
    return send(wiring, http_event(route, path, body=text, **more))


def add(wiring: InMemoryWiring, message: object = "Hello", **more: Any) -> Reply:
    return ask(wiring, f"POST {COMMENTS}/create", {"message": message}, **more)


def messages(wiring: InMemoryWiring) -> list[str]:
    return [comment["message"] for comment in ask(wiring, f"GET {COMMENTS}").json]


def stored(wiring: InMemoryWiring) -> dict[str, Any]:
    found = wiring.memory.get(TaskId(ID))
    assert found is not None
    return dict(found.task)


def end(wiring: InMemoryWiring) -> None:
    now = Instant(CREATED + MINUTE)
    change_task(
        wiring.memory, TaskId(ID), Access(frozenset({"t1"})), lambda task: complete(task, now)
    )


def later(wiring: InMemoryWiring) -> Instant:
    """A minute goes by."""
    wiring.moment = Instant(wiring.moment + MINUTE)
    return wiring.moment


def test_a_comment_is_added_as_the_sample_says(wiring: InMemoryWiring) -> None:
    answer = send(wiring, sample("manage_task", "add_comment"))

    comment_id = answer.json["id"]
    host = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com"
    href = f"{host}/task/{ID}/comment/{comment_id}"
    assert answer.status == 200
    assert list(answer.json.items()) == [
        ("links", [{"method": "GET", "href": href, "rel": "self"}]),
        ("id", comment_id),
        ("userId", "demo"),
        ("time", "2026-01-23T12:42:42.000+0000"),
        ("taskId", ID),
        ("message", "The amount is right."),
        ("removalTime", None),
        ("rootProcessInstanceId", None),
        ("processInstanceId", None),
    ]


def test_a_comment_is_an_update_that_queries_can_see(wiring: InMemoryWiring) -> None:
    now = later(wiring)

    add(wiring)

    task = stored(wiring)
    assert (task["comments"], task["lastUpdated"], task["taskState"]) == (1, now, "Updated")


def test_comments_are_listed_newest_first(wiring: InMemoryWiring) -> None:
    for message in ("one", "two", "three"):
        later(wiring)
        add(wiring, message)

    listed = send(wiring, sample("manage_task", "list_comments"))

    assert [each["message"] for each in listed.json] == ["three", "two", "one"]
    assert [each["links"] for each in listed.json] == [[]] * 3


def test_comments_of_one_millisecond_are_listed_as_they_were_made(wiring: InMemoryWiring) -> None:
    written = [f"{number}" for number in range(12)]
    for message in written:
        add(wiring, message)
    removed = ask(wiring, f"GET {COMMENTS}").json[5]["id"]
    ask(wiring, f"DELETE {ONE}", cid=removed)
    add(wiring, "last")

    assert messages(wiring) == [each for each in written if each != "5"] + ["last"]


def test_one_comment_is_shown(wiring: InMemoryWiring) -> None:
    add(wiring, "other")
    added = add(wiring, "wanted").json

    shown = ask(wiring, f"GET {ONE}", cid=added["id"])

    assert (shown.status, shown.json) == (200, {**added, "links": []})


def test_a_comment_is_changed_in_the_name_of_who_changes_it(wiring: InMemoryWiring) -> None:
    added = add(wiring, "first").json
    add(wiring, "second")
    later(wiring)

    body = {"id": added["id"], "message": "changed"}
    answer = ask(wiring, f"PUT {COMMENTS}", body, claims=SUPERVISOR)

    assert (answer.status, answer.text) == (204, "")
    shown = ask(wiring, f"GET {ONE}", cid=added["id"]).json
    assert (shown["message"], shown["userId"]) == ("changed", "mary")
    assert shown["time"] == "2026-01-23T12:43:42.000+0000"
    assert messages(wiring) == ["changed", "second"]
    assert stored(wiring)["comments"] == 2


@pytest.mark.parametrize(
    ("method", "body"), [("PUT", {"message": "changed"}), ("DELETE", None), ("DELETE all", None)]
)
def test_another_persons_comment_stays_as_it_is(
    wiring: InMemoryWiring, method: str, body: dict[str, str] | None
) -> None:
    added = add(wiring, "first").json
    routes = {
        "PUT": (f"PUT {COMMENTS}", {**(body or {}), "id": added["id"]}, {}),
        "DELETE": (f"DELETE {ONE}", None, {"cid": added["id"]}),
        "DELETE all": (f"DELETE {COMMENTS}", None, {}),
    }
    route, sent, path = routes[method]
    answer = ask(wiring, route, sent, claims=MARY, **path)

    assert (answer.status, answer.json["type"]) == (403, "AuthorizationException")
    assert messages(wiring) == ["first"]


def test_a_comment_can_be_changed_twice_in_one_millisecond(wiring: InMemoryWiring) -> None:
    comment_id = add(wiring).json["id"]

    for message in ("again", "and again"):
        ask(wiring, f"PUT {COMMENTS}", {"id": comment_id, "message": message})

    assert messages(wiring) == ["and again"]


def test_one_comment_is_taken_back(wiring: InMemoryWiring) -> None:
    kept, removed = add(wiring, "kept"), add(wiring, "removed").json["id"]
    now = later(wiring)

    answer = ask(wiring, f"DELETE {ONE}", cid=removed)

    assert (answer.status, answer.text) == (204, "")
    assert messages(wiring) == [kept.json["message"]]
    assert (stored(wiring)["comments"], stored(wiring)["lastUpdated"]) == (1, now)


def test_a_comment_that_is_not_there_is_taken_back_without_a_word(wiring: InMemoryWiring) -> None:
    before = stored(wiring)
    later(wiring)

    assert ask(wiring, f"DELETE {ONE}", cid="nope").status == 204
    assert stored(wiring) == before


def test_all_comments_are_taken_back(wiring: InMemoryWiring) -> None:
    for _ in range(3):
        add(wiring)

    answer = send(wiring, sample("manage_task", "remove_all_comments"))

    assert (answer.status, messages(wiring)) == (204, [])
    assert "comments" not in stored(wiring)


def test_more_comments_than_fit_into_one_write_are_taken_back_too(wiring: InMemoryWiring) -> None:
    for _ in range(120):
        add(wiring)

    assert ask(wiring, f"DELETE {COMMENTS}").status == 204
    assert messages(wiring) == []
    assert "comments" not in stored(wiring)


@pytest.mark.parametrize(
    ("message", "kept"), [("", ""), (5, "5"), (True, "true"), ("ä\n" * 2000, "ä\n" * 2000)]
)
def test_a_message_may_be_empty_long_or_no_text(
    wiring: InMemoryWiring, message: object, kept: str
) -> None:
    assert add(wiring, message).json["message"] == kept


def test_a_comment_may_name_a_process_instance(wiring: InMemoryWiring) -> None:
    body = {"message": "x", "processInstanceId": "p1", "unknown": 1}

    assert ask(wiring, f"POST {COMMENTS}/create", body).json["processInstanceId"] == "p1"


def test_a_comment_on_a_task_of_a_process_names_the_process(wiring: InMemoryWiring) -> None:
    wiring.memory.commit(Changes([Put(a_task("step", tenantId="t1", processInstanceId="p9"))]))
    key = {"content-type": "application/json", "idempotency-key": "once"}

    first = add(wiring, id="step", headers=key).json
    again = add(wiring, id="step", headers=key).json

    assert first == again
    assert first["rootProcessInstanceId"] == "p9"
    [shown] = ask(wiring, f"GET {COMMENTS}", id="step").json
    assert shown["rootProcessInstanceId"] == "p9"


@pytest.mark.parametrize(
    ("route", "body", "message"),
    [
        (f"POST {COMMENTS}/create", {}, "Not enough parameters submitted"),
        (f"POST {COMMENTS}/create", {"message": None}, "Not enough parameters submitted"),
        (f"POST {COMMENTS}/create", {"message": ["x"]}, "message: expected a string"),
        (f"POST {COMMENTS}/create", {"message": "a\0b"}, "NUL"),
        (f"POST {COMMENTS}/create", [], "the body: expected an object"),
        (f"PUT {COMMENTS}", {"message": "x"}, "commentId is null"),
        (f"PUT {COMMENTS}", {"id": "c"}, "message is null"),
        (
            f"PUT {COMMENTS}",
            {"id": "c", "message": "x"},
            f"No comment exists with commentId: c and taskId: {ID}: comment is null",
        ),
    ],
)
def test_a_bad_request_is_refused_and_changes_nothing(
    wiring: InMemoryWiring, route: str, body: object, message: str
) -> None:
    before = stored(wiring)

    answer = ask(wiring, route, body)

    assert (answer.status, answer.json["type"]) == (400, "InvalidRequestException")
    assert message in answer.json["message"]
    assert stored(wiring) == before


def test_a_body_that_is_no_json_is_refused(wiring: InMemoryWiring) -> None:
    event = http_event(
        f"POST {COMMENTS}/create", {"id": ID}, body="x", headers={"content-type": "text/plain"}
    )

    assert send(wiring, event).status == 415


def test_an_unknown_comment_is_a_404_in_the_references_words(wiring: InMemoryWiring) -> None:
    answer = ask(wiring, f"GET {ONE}", cid="nope")

    assert (answer.status, answer.json["type"]) == (404, "InvalidRequestException")
    assert answer.json["message"] == (
        f"Task comment with id nope does not exist for task id '{ID}'."
    )


EVERY_ROUTE = [
    (f"GET {COMMENTS}", None),
    (f"GET {ONE}", None),
    (f"POST {COMMENTS}/create", {"message": "x"}),
    (f"PUT {COMMENTS}", {"id": "c", "message": "x"}),
    (f"DELETE {ONE}", None),
    (f"DELETE {COMMENTS}", None),
]


@pytest.mark.parametrize(("route", "body"), EVERY_ROUTE)
@pytest.mark.parametrize("task_id", ["nope", "no id", "x" * 65])
def test_an_unknown_task_is_a_404_everywhere(
    wiring: InMemoryWiring, route: str, body: object, task_id: str
) -> None:
    answer = ask(wiring, route, body, id=task_id, **({"cid": "c"} if "{cid}" in route else {}))

    assert (answer.status, answer.json["message"]) == (404, f"No matching task with id {task_id}")


@pytest.mark.parametrize(("route", "body"), EVERY_ROUTE)
def test_a_task_of_another_tenant_is_as_good_as_unknown(
    wiring: InMemoryWiring, route: str, body: object
) -> None:
    add(wiring)
    more = {"cid": "c"} if "{cid}" in route else {}

    answer = ask(wiring, route, body, claims=STRANGER, **more)

    assert (answer.status, answer.json["message"]) == (404, f"No matching task with id {ID}")
    assert messages(wiring) == ["Hello"]


def test_an_ended_task_is_history_that_can_be_read_and_added_to(wiring: InMemoryWiring) -> None:
    first = add(wiring, "before").json["id"]
    end(wiring)
    later(wiring)

    assert add(wiring, "after").status == 200
    assert messages(wiring) == ["after", "before"]
    assert ask(wiring, f"GET {ONE}", cid=first).json["message"] == "before"


@pytest.mark.parametrize(("route", "body"), EVERY_ROUTE[3:])
def test_history_is_not_rewritten(wiring: InMemoryWiring, route: str, body: object) -> None:
    comment_id = add(wiring).json["id"]
    end(wiring)
    sent = None if body is None else {"id": comment_id, "message": "x"}
    more = {"cid": comment_id} if "{cid}" in route else {}

    assert ask(wiring, route, sent, **more).status == 404
    assert messages(wiring) == ["Hello"]


def test_a_suspended_task_can_be_talked_about(wiring: InMemoryWiring) -> None:
    wiring.memory.commit(Changes([Put(a_task("asleep", suspended=True))]))

    assert add(wiring, id="asleep").status == 200


def test_a_request_that_is_repeated_under_its_key_is_answered_once(wiring: InMemoryWiring) -> None:
    headers = {"content-type": "application/json", "idempotency-key": "k1"}

    first = add(wiring, headers=headers)
    later(wiring)
    again = add(wiring, headers=headers)

    assert (again.status, again.json) == (200, first.json)
    assert messages(wiring) == ["Hello"]


@pytest.mark.parametrize("other", [{"message": "other"}, {"id": "t2"}])
def test_a_key_that_comes_with_another_request_is_a_mismatch(
    wiring: InMemoryWiring, other: dict[str, str]
) -> None:
    wiring.memory.commit(Changes([Put(a_task("t2"))]))
    headers = {"content-type": "application/json", "idempotency-key": "k1"}
    add(wiring, headers=headers)

    answer = add(wiring, **{"message": "Hello", **other}, headers=headers)

    assert (answer.status, answer.json["type"]) == (422, "IdempotencyMismatchException")


def test_a_comment_can_depend_on_the_tasks_version(wiring: InMemoryWiring) -> None:
    def headers(tag: str) -> dict[str, str]:
        return {"content-type": "application/json", "if-match": tag}

    assert add(wiring, headers=headers('"7"')).status == 412
    assert add(wiring, headers=headers('"1"')).status == 200
    assert messages(wiring) == ["Hello"]


def test_a_comment_too_large_to_keep_is_refused(wiring: InMemoryWiring) -> None:
    answer = add(wiring, "x" * 300_000)

    assert (answer.status, answer.json["type"]) == (413, "RequestTooLargeException")
    assert messages(wiring) == []
