"""Attachments over HTTP: forms in, contents in the bucket
(docs/camunda-behaviour.md, Attachments)."""

import base64
import json
from typing import Any

import pytest
from taskdock.domain.access import Access
from taskdock.domain.instants import Instant
from taskdock.domain.services.actions import complete
from taskdock.domain.tasks.task import TaskId
from taskdock.routes.task_attachments import BODY_LIMIT
from taskdock.use_cases.ports import Changes, Put, Record
from taskdock.use_cases.tasks.change_task import change_task

from functions.manage_task.handler import create_app
from tests.support.builders import CREATED, MINUTE, a_task
from tests.support.http_events import USER_CLAIMS, Context, Reply, http_event, reply, sample
from tests.support.in_memory_wiring import InMemoryWiring
from tests.support.multipart import FORM_TYPE, form, part

ATTACHMENTS = "/task/{id}/attachment"
ONE = "/task/{id}/attachment/{aid}"
CREATE = f"POST {ATTACHMENTS}/create"
DATA = f"GET {ONE}/data"
STRANGER = {**USER_CLAIMS, "cognito:groups": "[]"}
ID = "invoice-4711"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
URL = "https://documents.example/terms"


@pytest.fixture
def wiring() -> InMemoryWiring:
    """A task that has just been created, for tenant t1."""
    wiring = InMemoryWiring()
    wiring.memory.commit(Changes([Put(a_task(ID, tenantId="t1"))]))
    return wiring


def answer_to(wiring: InMemoryWiring, event: dict[str, Any]) -> dict[str, Any]:
    return create_app(lambda: wiring)(event, Context())


def send(wiring: InMemoryWiring, event: dict[str, Any]) -> Reply:
    return reply(answer_to(wiring, event))


def ask(wiring: InMemoryWiring, route: str, aid: str = "", **more: Any) -> Reply:
    path = {"id": more.pop("id", ID)} | ({"aid": aid} if "{aid}" in route else {})
    return send(wiring, http_event(route, path, **more))


def create(wiring: InMemoryWiring, *parts: bytes, **more: Any) -> Reply:
    headers = {"content-type": FORM_TYPE, **more.pop("headers", {})}
    return ask(wiring, CREATE, body=form(*parts), headers=headers, **more)


def content(data: bytes = PDF) -> bytes:
    return part("content", data, file_name="4711.pdf", content_type="application/pdf")


def fetched(wiring: InMemoryWiring, aid: str, **more: Any) -> bytes:
    answer = answer_to(wiring, http_event(DATA, {"id": ID, "aid": aid}, **more))
    assert (answer["statusCode"], answer["isBase64Encoded"]) == (200, True)
    return base64.b64decode(answer["body"])


def stored(wiring: InMemoryWiring) -> dict[str, Any]:
    found = wiring.memory.get(TaskId(ID))
    assert found is not None
    return dict(found.task)


def test_a_document_is_attached_as_the_sample_says(wiring: InMemoryWiring) -> None:
    answer = send(wiring, sample("manage_task", "attach_content"))

    aid = answer.json["id"]
    host = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com"
    href = f"{host}/task/{ID}/attachment/{aid}"
    assert answer.status == 200
    assert list(answer.json.items()) == [
        ("links", [{"method": "GET", "href": href, "rel": "self"}]),
        ("id", aid),
        ("name", "Invoice 4711"),
        ("description", "Geprüft"),
        ("taskId", ID),
        ("type", "application/pdf"),
        ("url", None),
        ("createTime", "2026-01-23T12:42:42.000+0000"),
        ("removalTime", None),
        ("rootProcessInstanceId", None),
    ]
    assert fetched(wiring, aid) == PDF
    assert wiring.kept.kept == {aid: PDF}


def test_an_attachment_of_a_task_of_a_process_names_the_process(wiring: InMemoryWiring) -> None:
    wiring.memory.commit(Changes([Put(a_task("step", tenantId="t1", processInstanceId="p9"))]))

    created = create(wiring, content(), id="step").json

    assert created["rootProcessInstanceId"] == "p9"
    [shown] = ask(wiring, f"GET {ATTACHMENTS}", id="step").json
    assert shown["rootProcessInstanceId"] == "p9"


def test_an_address_is_attached_as_the_sample_says(wiring: InMemoryWiring) -> None:
    answer = send(wiring, sample("manage_task", "attach_address"))

    assert (answer.status, answer.json["url"], answer.json["name"]) == (200, URL, "Terms")
    assert wiring.kept.kept == {}


def test_an_attachment_is_an_update_that_queries_can_see(wiring: InMemoryWiring) -> None:
    wiring.moment = Instant(CREATED + MINUTE)

    create(wiring, content())

    task = stored(wiring)
    assert (task["attachments"], task["taskState"]) == (1, "Updated")
    assert task["lastUpdated"] == CREATED + MINUTE
    assert "contentId" not in json.dumps(task)


def test_content_wins_over_an_address(wiring: InMemoryWiring) -> None:
    added = create(wiring, part("url", URL.encode()), content()).json

    assert added["url"] is None
    assert fetched(wiring, added["id"]) == PDF


def test_attachments_are_listed_in_the_order_they_were_added(wiring: InMemoryWiring) -> None:
    for name in (b"one", b"two", b"three"):
        wiring.moment = Instant(wiring.moment + 1)
        create(wiring, part("attachment-name", name), part("url", b"x"))

    listed = send(wiring, sample("manage_task", "list_attachments"))

    assert [each["name"] for each in listed.json] == ["one", "two", "three"]
    assert [each["links"] for each in listed.json] == [[]] * 3


def test_one_attachment_is_shown(wiring: InMemoryWiring) -> None:
    create(wiring, part("url", b"other"))
    added = create(wiring, part("url", URL.encode())).json

    shown = ask(wiring, f"GET {ONE}", added["id"])

    assert (shown.status, shown.json) == (200, {**added, "links": []})


@pytest.mark.parametrize("data", [b"", b"\0", b"\r\n--\r\n", bytes(range(256)) * 40])
def test_content_comes_back_byte_by_byte(wiring: InMemoryWiring, data: bytes) -> None:
    assert fetched(wiring, create(wiring, content(data)).json["id"]) == data


def test_content_is_nothing_that_a_browser_should_open(wiring: InMemoryWiring) -> None:
    aid = create(wiring, content(b"<script>alert(1)</script>")).json["id"]

    headers = answer_to(wiring, http_event(DATA, {"id": ID, "aid": aid}))["headers"]

    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"] == f'attachment; filename="{aid}"'


def test_the_largest_form_fits_and_comes_back(wiring: InMemoryWiring) -> None:
    data = bytes(BODY_LIMIT - len(form(content(b""))))

    aid = create(wiring, content(data)).json["id"]

    assert fetched(wiring, aid) == data


def test_a_form_one_byte_larger_is_refused(wiring: InMemoryWiring) -> None:
    data = bytes(BODY_LIMIT - len(form(content(b""))) + 1)

    answer = create(wiring, content(data))

    assert (answer.status, answer.json["type"]) == (413, "RequestTooLargeException")
    assert wiring.kept.kept == {}


@pytest.mark.parametrize("charset", ["utf-8", "ISO-8859-1"])
def test_texts_are_read_in_their_charset(wiring: InMemoryWiring, charset: str) -> None:
    declared = f"text/plain; charset={charset}"
    name = part("attachment-name", "Prüfung".encode(charset), content_type=declared)

    assert create(wiring, name, part("url", b"x")).json["name"] == "Prüfung"


def test_nothing_but_a_content_has_to_be_given(wiring: InMemoryWiring) -> None:
    added = create(wiring, content()).json

    assert (added["name"], added["description"], added["type"]) == (None, None, None)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([], "No content or url to remote content exists to create the task attachment."),
        ([part("attachment-name", b"x")], "No content or url to remote content exists"),
        ([part("url", b"\xff")], "url: the text is not valid UTF-8"),
        ([part("url", b"x", content_type="text/plain; charset=ebcdic")], "url: expected a charset"),
        ([content(), part("attachment-name", b"a\0b")], "attachment-name: text must not contain"),
    ],
)
def test_a_bad_form_is_refused_and_changes_nothing(
    wiring: InMemoryWiring, parts: list[bytes], message: str
) -> None:
    before = stored(wiring)

    answer = create(wiring, *parts)

    assert (answer.status, answer.json["type"]) == (400, "InvalidRequestException")
    assert message in answer.json["message"]
    assert (stored(wiring), wiring.kept.kept) == (before, {})


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{}", "application/json", 415),
        (form(content()), "", 415),
        (form(content()), "multipart/form-data", 400),
        (form(content())[:-4], FORM_TYPE, 400),
        (form(b"no headers"), FORM_TYPE, 400),
    ],
)
def test_what_is_no_form_is_refused(
    wiring: InMemoryWiring, body: bytes, content_type: str, status: int
) -> None:
    answer = ask(wiring, CREATE, body=body, headers={"content-type": content_type})

    assert answer.status == status
    assert wiring.kept.kept == {}


def test_an_attachment_is_taken_away(wiring: InMemoryWiring) -> None:
    kept, removed = (create(wiring, content()).json["id"] for _ in range(2))

    answer = ask(wiring, f"DELETE {ONE}", removed)

    assert (answer.status, answer.text) == (204, "")
    assert [each["id"] for each in ask(wiring, f"GET {ATTACHMENTS}").json] == [kept]
    assert stored(wiring)["attachments"] == 1
    assert removed in wiring.kept.kept, "it is the stream that tells to remove content"


@pytest.mark.parametrize(
    ("route", "message"),
    [
        (f"GET {ONE}", f"Task attachment with id nope does not exist for task id '{ID}'."),
        (
            DATA,
            f"Attachment content for attachment with id 'nope' does not exist for task id '{ID}'.",
        ),
        (
            f"DELETE {ONE}",
            "Deletion is not possible."
            f" No attachment exists for task id '{ID}' and attachment id 'nope'.",
        ),
    ],
)
def test_an_unknown_attachment_is_a_404_in_the_references_words(
    wiring: InMemoryWiring, route: str, message: str
) -> None:
    answer = ask(wiring, route, "nope")

    assert (answer.status, answer.json["type"]) == (404, "InvalidRequestException")
    assert answer.json["message"] == message


def test_an_address_has_no_content(wiring: InMemoryWiring) -> None:
    aid = create(wiring, part("url", URL.encode())).json["id"]

    assert ask(wiring, DATA, aid).status == 404


def test_content_that_is_lost_is_a_404(wiring: InMemoryWiring) -> None:
    aid = create(wiring, content()).json["id"]
    wiring.kept.remove(aid)

    assert ask(wiring, DATA, aid).status == 404


def test_content_that_was_brought_in_is_fetched_too(wiring: InMemoryWiring) -> None:
    packed = base64.b64encode(PDF).decode()
    brought = {"id": "a1", "content": packed, "createTime": CREATED}
    record = Record(TaskId("t2"), "attachment", "a1", brought)
    wiring.memory.commit(Changes([Put(a_task("t2", attachments=1))], extra=[record]))

    answer = answer_to(wiring, http_event(DATA, {"id": "t2", "aid": "a1"}))

    assert base64.b64decode(answer["body"]) == PDF
    assert "content" not in ask(wiring, f"GET {ONE}", "a1", id="t2").json


def test_content_is_bytes_whatever_else_is_accepted(wiring: InMemoryWiring) -> None:
    aid = create(wiring, content()).json["id"]

    assert fetched(wiring, aid, headers={"accept": "application/json"}) == PDF
    assert fetched(wiring, aid, headers={"accept": "application/octet-stream"}) == PDF


EVERY_ROUTE = (f"GET {ATTACHMENTS}", f"GET {ONE}", DATA, f"DELETE {ONE}", CREATE)


@pytest.mark.parametrize("route", EVERY_ROUTE)
@pytest.mark.parametrize("task_id", ["nope", "no id", "x" * 65])
def test_an_unknown_task_is_a_404_everywhere(
    wiring: InMemoryWiring, route: str, task_id: str
) -> None:
    more: dict[str, Any] = {}
    if route == CREATE:
        more = {"body": form(content()), "headers": {"content-type": FORM_TYPE}}

    answer = ask(wiring, route, "a1", id=task_id, **more)

    assert (answer.status, answer.json["message"]) == (404, f"No matching task with id {task_id}")
    assert wiring.kept.kept == {}


@pytest.mark.parametrize("route", EVERY_ROUTE)
def test_a_task_of_another_tenant_is_as_good_as_unknown(wiring: InMemoryWiring, route: str) -> None:
    aid = create(wiring, content()).json["id"]
    more: dict[str, Any] = {"claims": STRANGER}
    if route == CREATE:
        more |= {"body": form(content()), "headers": {"content-type": FORM_TYPE}}

    answer = ask(wiring, route, aid, **more)

    assert (answer.status, answer.json["message"]) == (404, f"No matching task with id {ID}")
    assert list(wiring.kept.kept) == [aid]


def test_an_ended_task_keeps_its_attachments_and_takes_more(wiring: InMemoryWiring) -> None:
    aid = create(wiring, content()).json["id"]
    now = Instant(CREATED + MINUTE)
    change_task(
        wiring.memory, TaskId(ID), Access(frozenset({"t1"})), lambda task: complete(task, now)
    )

    assert create(wiring, content()).status == 200
    assert fetched(wiring, aid) == PDF
    assert ask(wiring, f"DELETE {ONE}", aid).status == 204
    assert len(ask(wiring, f"GET {ATTACHMENTS}").json) == 1


def test_a_request_that_is_repeated_under_its_key_is_answered_once(wiring: InMemoryWiring) -> None:
    key = {"idempotency-key": "k1"}

    first = create(wiring, content(), headers=key)
    again = create(wiring, content(), headers=key)

    assert (again.status, again.json) == (200, first.json)
    assert [each["id"] for each in ask(wiring, f"GET {ATTACHMENTS}").json] == [first.json["id"]]


@pytest.mark.parametrize(
    "parts", [[content(b"other")], [content(), part("attachment-name", b"x")], [part("url", b"x")]]
)
def test_a_key_that_comes_with_another_form_is_a_mismatch(
    wiring: InMemoryWiring, parts: list[bytes]
) -> None:
    key = {"idempotency-key": "k1"}
    create(wiring, content(), headers=key)

    answer = create(wiring, *parts, headers=key)

    assert (answer.status, answer.json["type"]) == (422, "IdempotencyMismatchException")


def test_nothing_is_uploaded_for_a_version_that_is_past(wiring: InMemoryWiring) -> None:
    assert create(wiring, content(), headers={"if-match": '"7"'}).status == 412
    assert wiring.kept.kept == {}
    assert list(wiring.memory.records(TaskId(ID), "upload")) == []


@pytest.mark.parametrize("url", [b"javascript:alert(1)", b" data:text/html,x"])
def test_an_address_that_runs_a_program_is_no_attachment(
    wiring: InMemoryWiring, url: bytes
) -> None:
    answer = create(wiring, part("url", url))

    assert (answer.status, answer.json["type"]) == (400, "InvalidRequestException")
    assert answer.json["message"].startswith("url: ")
