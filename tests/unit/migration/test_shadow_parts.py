"""What the proxy makes of requests, users and answers."""

import json
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from migration.http_client import Answer, Sent, Trouble
from migration.shadow import mirror as mirrors
from migration.shadow.answers import are_the_same_tasks, places
from migration.shadow.exchange import Exchange, Kind, as_body, below
from migration.shadow.ids import Ids
from migration.shadow.pages import as_html, as_markdown
from migration.shadow.proxy import with_id
from migration.shadow.report import DIFFERENT, EXPLAINED, Report, Times
from migration.shadow.users import Users, basic_user

SPARE = timedelta(seconds=60)


def exchange(method: str, path: str, status: int = 200) -> Exchange:
    return Exchange(method, path, "", {}, "", "", b"", status, b"", "")


@pytest.mark.parametrize(
    ("method", "path", "kind", "route"),
    [
        ("GET", "/task", Kind.READ, "GET /task"),
        ("POST", "/task", Kind.READ, "POST /task"),
        ("POST", "/task/count", Kind.READ, "POST /task/count"),
        ("POST", "/filter/f1/list", Kind.READ, "POST /filter/*/list"),
        ("POST", "/variable-instance", Kind.READ, "POST /variable-instance"),
        ("POST", "/task/create", Kind.WRITE, "POST /task/create"),
        ("POST", "/task/list/claim", Kind.WRITE, "POST /task/list/claim"),
        ("DELETE", "/task/t1", Kind.WRITE, "DELETE /task/*"),
        ("PUT", "/task/t1/variables/a b", Kind.WRITE, "PUT /task/*/variables/*"),
        (
            "POST",
            "/process-definition/key/k/start",
            Kind.ELSEWHERE,
            "POST /process-definition/key/*/start",
        ),
        ("GET", "/history/task", Kind.ELSEWHERE, "GET /history/*"),
        ("POST", "/message", Kind.ELSEWHERE, "POST /message"),
        ("HEAD", "/task", Kind.ELSEWHERE, "HEAD /task"),
    ],
)
def test_requests_are_told_apart(method: str, path: str, kind: Kind, route: str) -> None:
    found = exchange(method, path)
    assert (found.kind, found.route) == (kind, route)


def test_only_what_was_done_changes_something() -> None:
    assert exchange("POST", "/task/t/claim", 204).changes
    assert exchange("POST", "/message", 204).changes
    assert not exchange("POST", "/task/t/claim", 500).changes
    assert not exchange("POST", "/task", 200).changes
    assert exchange("POST", "/task/t/claim").task_id == "t"
    assert exchange("POST", "/task/create").task_id == ""


def test_paths_are_read_below_the_address_and_the_engine() -> None:
    assert below("/engine-rest/task/1", "/engine-rest") == "/task/1"
    assert below("/engine-rest/engine/default/task", "/engine-rest") == "/task"
    assert below("/task", "") == "/task"
    assert below("/engine-restless/task", "/engine-rest") is None


def test_a_query_string_becomes_a_body() -> None:
    query = "nameLike=%25a%25&assigneeIn=a,b&priority=5&unassigned=true&sortBy=name&maxResults=9"
    assert as_body(query) == {
        "nameLike": "%a%",
        "assigneeIn": ["a", "b"],
        "priority": 5,
        "unassigned": True,
        "sorting": [{"sortBy": "name", "sortOrder": "asc"}],
    }
    assert as_body("taskVariables=a_eq_1") is None


def test_a_task_without_an_id_gets_one() -> None:
    assert json.loads(with_id(b'{"name": "n"}'))["id"]
    for kept in (b'{"id": "mine"}', b"[]", b"{broken"):
        assert with_id(kept) == kept


def test_ids_are_mapped_there_and_back() -> None:
    ids = Ids({"o1": "n1"})
    ids.learn("o2", "n:2")
    assert ids.there("/task/o1/comment/o2") == "/task/o1/comment/n:2"
    assert ids.there("/task/o1/attachment/o1/data") == "/task/o1/attachment/n1/data"
    assert ids.here([{"id": "n1", "links": [{"id": "n:2"}]}]) == [
        {"id": "o1", "links": [{"id": "o2"}]}
    ]
    assert ids.body_there({"id": "o1", "message": "m"}) == {"id": "n1", "message": "m"}


def test_answers_are_compared_by_what_they_say() -> None:
    old = {"id": "t", "created": "2026-01-01T00:00:00.000+0000", "links": [{"href": "a"}]}
    near = {**old, "created": "2026-01-01T00:00:59.000+0000", "links": []}
    far = {**old, "created": "2026-01-01T00:01:01.000+0000"}
    assert places("/task/t", old, near, SPARE) == []
    assert [place.partition(":")[0] for place in places("/task/t", old, far, SPARE)] == [".created"]
    assert places("/user", [{"id": "a"}, {"id": "b"}], [{"id": "b"}, {"id": "a"}], SPARE) == []
    assert places("/task", [{"id": "a"}, {"id": "b"}], [{"id": "b"}, {"id": "a"}], SPARE) != []
    assert places("/variable-instance", [{"id": "1", "v": 1}], [{"id": "2", "v": 1}], SPARE) == []
    assert places("/task/t", {"a": True}, {"a": 1}, SPARE) == [".a: true / 1"]
    assert places("/task", [{}] * 2, [{}], SPARE) == [
        "the answer: 2 entries, [null, null] / 1 entries, [null]"
    ]
    assert are_the_same_tasks([{"id": "a"}, {"id": "b"}], [{"id": "b"}, {"id": "a"}])


class Tokens:
    """Answers tokens and keeps what was asked."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self.answers, self.asked = [*answers], list[Sent]()

    def __call__(self, request: Sent) -> Answer:
        """The next answer."""
        self.asked.append(request)
        return Answer(200, json.dumps(self.answers.pop(0)).encode())


def test_tokens_are_kept_until_they_end_and_renewed_when_they_are_refused(tmp_path: Path) -> None:
    path, now = tmp_path / "users.json", [0.0]
    entry = {"tokenUrl": "http://pool/token", "clientId": "c", "refreshToken": "r"}
    path.write_text(json.dumps({"ann": entry, "bob": "plain"}))
    said = [{"access_token": f"t{number}", "expires_in": 100} for number in range(3)]
    transport = Tokens(*said)
    users = Users(path, transport, lambda: now[0])
    assert [users.token("ann"), users.token("ann")] == ["t0", "t0"]
    now[0] = 41.0
    assert users.token("ann") == "t1"
    users.forget("ann")
    assert users.token("ann") == "t2"
    assert (users.token("bob"), users.token("eve")) == ("plain", None)
    assert b"refresh_token=r" in (transport.asked[0].body or b"")


def test_a_star_stands_for_everybody_and_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "users.json"
    path.write_text('{"*": "all"}')
    users = Users(path, Tokens())
    assert users.token("whoever") == "all"
    path.write_text('{"ann": "only hers"}')
    assert (users.token("ann"), users.token("whoever")) == ("only hers", None)


def test_an_answer_without_a_token_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "users.json"
    path.write_text(json.dumps({"ann": {"url": "http://pool/token"}}))
    with pytest.raises(Trouble, match="http://pool/token, for ann: 200, and no access_token"):
        Users(path, Tokens({})).token("ann")


def test_the_user_is_read_from_basic_authentication_alone() -> None:
    assert basic_user(f"Basic {b64encode(b'ann:a:b').decode()}") == "ann"
    assert basic_user("Basic nonsense") == ""
    assert basic_user("Bearer abc") == ""


def test_shares_are_told_from_a_bounded_sample() -> None:
    times = Times()
    for number in range(20_000):
        times.add(float(number % 100))
    shares = times.shares()
    assert times.count == 20_000
    assert 45 <= shares["p50"] <= 55
    assert shares["max"] == 99.0


def test_routes_that_clients_make_up_are_counted_as_one() -> None:
    report = Report("http://old", "http://new", 0.125)
    for number in range(1000):
        report.forwarded(f"GET /made-up-{number}", 1.0, 0.1)
    shown = report.as_json()
    assert len(shown["routes"]) <= 401
    assert shown["routes"][0]["route"] == "other requests"
    assert shown["requests"] == 1000


def test_the_report_says_what_was_counted_and_escapes_it() -> None:
    report = Report("http://old", "http://new", 0.125)
    report.forwarded("GET /task", 10.0, 0.5)
    report.asked("GET /task", 20.0, 2.5)
    report.read(EXPLAINED, "D16: worked out")
    report.read(DIFFERENT)
    report.differed("GET /task?nameLike=<b>", "ann", [".name: a / b"])
    shown = report.as_json()
    page, text = as_html(shown), as_markdown(shown)
    assert "| GET /task | 1 | 10.0 / 10.0 / 10.0 / 10.0 | 20.0 / 20.0 / 20.0 / 20.0 | 2.5 |" in text
    assert "**1 differences**" in text
    assert "| D16 | 1 |" in text
    assert "&lt;b&gt;" in page
    assert "<b>" not in page


def test_what_waits_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    def an_exchange(method: str, path: str, size: int = 10) -> Exchange:
        return Exchange(method, path, "", {}, "ann", "", b"", 200, b"x" * size, "")

    read, write = an_exchange("GET", "/task"), an_exchange("POST", "/task/a/claim")
    monkeypatch.setattr(mirrors, "READS", 3)
    monkeypatch.setattr(mirrors, "WRITES", 2)
    waiting = mirrors.Waiting()
    assert [waiting.offer(each) for each in [read] * 5] == [True] * 3 + [False] * 2
    assert [waiting.offer(each) for each in [write] * 3] == [True] * 2 + [False]
    assert waiting.take(0.0) == (read, None)
    assert waiting.offer(read)
    monkeypatch.setattr(mirrors, "BYTES", 60)
    assert not mirrors.Waiting().offer(an_exchange("GET", "/task", 61))
