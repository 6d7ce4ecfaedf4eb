"""The proxy of `shadow`: what clients get, and what the report says of taskdock."""

import argparse
import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import urllib3

from migration.http_client import Trouble
from migration.journal import Journal, Moved
from migration.shadow import mirror as mirrors
from migration.shadow import reading as readings
from migration.shadow.command import made
from migration.shadow.mirror import Mirror
from migration.shadow.proxy import Proxy
from migration.shadow.report import Report
from tests.support.old_camunda import shown
from tests.support.small_camunda import SmallCamunda, serving

LIMIT = 5.0
"""Seconds in which a client is answered, whatever taskdock does."""


@dataclass
class Shadow:
    """A proxy between two small servers."""

    old: SmallCamunda
    new: SmallCamunda
    proxy: Proxy
    mirror: Mirror
    counted: Report
    journal: Journal
    pool: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False))

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        """What a client gets."""
        headers = urllib3.make_headers(basic_auth=f"{more.get('user', 'ann')}:secret")
        url = f"http://127.0.0.1:{self.proxy.server_address[1]}/engine-rest{path}"
        answer = self.pool.request(
            method, url, json=body, headers=headers, timeout=more.get("timeout", LIMIT)
        )
        return answer.status, json.loads(answer.data) if answer.data else None

    def report(self) -> dict[str, Any]:
        """The report after all that waits was compared."""
        self.mirror.stop(20.0)
        return self.counted.as_json()


@pytest.fixture
def shadow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shadow]:
    """Two servers with the tasks `a` and `b`."""
    monkeypatch.setenv("CAMUNDA_USER", "demo")
    monkeypatch.setenv("TASKDOCK_TOKEN", "admin-token")
    users = tmp_path / "users.json"
    users.write_text('{"ann": "token-of-ann"}')
    with ExitStack() as stack:
        old = stack.enter_context(serving(SmallCamunda("/engine-rest", "o")))
        new = stack.enter_context(serving(SmallCamunda("", "n")))
        for server in (old, new):
            server.tasks = {each: shown(each, 1) for each in ("a", "b")}
        options = argparse.Namespace(
            source=old.url, target=new.url, users=users, host="127.0.0.1", port=0, rate=0
        )
        vars(options).update(timeout=5, every=1000, spare=60, patience=0.3, price=0.125)
        journal = stack.enter_context(Journal(tmp_path / "data"))
        proxy, mirror, report = made(options, journal)
        mirror.start()
        thread = threading.Thread(target=proxy.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        stack.callback(mirror.stop, 0.0)
        stack.callback(proxy.server_close)
        stack.callback(proxy.shutdown)
        yield Shadow(old, new, proxy, mirror, report, journal)


def test_the_old_server_answers_and_taskdock_is_asked_the_same(shadow: Shadow) -> None:
    assert shadow.ask("GET", "/task")[1] == list(shadow.old.tasks.values())
    assert shadow.ask("POST", "/task/count", {}) == (200, {"count": 2})
    assert shadow.ask("GET", "/task/none")[0] == 404
    report = shadow.report()
    assert report["reads"] == {"same": 2, "refused by both": 1}
    assert report["readUnits"] == 7.5
    assert ("GET", "/task/none") in shadow.new.asked
    assert "Bearer token-of-ann" in shadow.new.signed
    assert not any(each.startswith("Basic") for each in shadow.new.signed)


def test_a_difference_is_found_and_shown(shadow: Shadow) -> None:
    shadow.new.tasks["b"] = {**shadow.new.tasks["b"], "assignee": "mary"}
    shadow.ask("GET", "/task/b")
    report = shadow.report()
    assert report["reads"] == {"different": 1}
    [found] = report["differences"]
    assert (found["request"], found["user"]) == ("GET /task/b", "ann")
    assert found["what"] == ['.assignee: null / "mary"']
    page = shadow.pool.request("GET", f"http://127.0.0.1:{shadow.proxy.server_address[1]}/shadow")
    assert b"GET /task/b" in page.data


def test_what_is_only_late_is_a_category_of_its_own(shadow: Shadow) -> None:
    asked = []

    def late(method: str, path: str) -> tuple[int, bytes] | None:
        asked.append(path)
        return (404, b"{}") if path == "/task/a" and asked.count(path) == 1 else None

    shadow.new.fault = late
    shadow.ask("GET", "/task/a")
    assert shadow.report()["reads"] == {"late": 1}


def test_a_read_is_asked_again_after_all_writes_that_the_old_server_did_before(
    shadow: Shadow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readings, "PAUSES", (0.0,))
    asked, all_are_done = [], threading.Event()

    def slow(method: str, path: str) -> tuple[int, bytes] | None:
        asked.append(path)
        if method == "POST":
            all_are_done.wait(LIMIT)
        return (404, b"{}") if path == "/task/a" and asked.count(path) == 1 else None

    shadow.new.fault = slow
    shadow.ask("GET", "/task/a")
    for user in ("ann", "bob", "mary", "john"):
        shadow.ask("POST", "/task/a/claim", {"userId": user})
    all_are_done.set()
    report = shadow.report()
    assert report["reads"] == {"undecided": 1}
    assert report["differences"][0]["what"] == ["at first: status: 200 / 404 {}"]


def test_writes_are_repeated_with_the_same_id_for_a_new_task(shadow: Shadow) -> None:
    shadow.ask("POST", "/task/create", {"name": "no id"})
    shadow.ask("POST", "/task/create", {"id": "mine", "name": "an id"})
    shadow.ask("POST", "/task/mine/claim", {"userId": "ann"})
    shadow.ask("GET", "/task")
    report = shadow.report()
    assert report["writes"] == {"repeated": 3}
    assert report["reads"] == {"same": 1}
    assert shadow.new.tasks.keys() == shadow.old.tasks.keys()
    assert shadow.new.tasks["mine"]["assignee"] == "ann"
    assert shadow.journal.state.moved.keys() == shadow.old.tasks.keys() - {"a", "b"}


def test_a_write_has_a_connection_of_its_own_while_the_server_closes_the_last(
    shadow: Shadow,
) -> None:
    asked, both_came = [], threading.Event()

    def counted(_method: str, path: str) -> None:
        asked.append(path)
        if len(asked) == 2:
            both_came.set()

    shadow.old.fault = counted
    shadow.old.before_closing = lambda: both_came.wait(1.0)
    claims = [shadow.ask("POST", f"/task/{each}/claim", {"userId": "ann"}) for each in ("a", "b")]
    assert claims == [(204, None)] * 2
    assert both_came.is_set()


def test_what_the_old_server_refuses_is_not_repeated(shadow: Shadow) -> None:
    shadow.old.fault = lambda _method, path: (500, b"{}") if "claim" in path else None
    assert shadow.ask("POST", "/task/a/claim", {"userId": "ann"})[0] == 500
    assert shadow.report()["writes"] == {}
    assert shadow.new.tasks["a"].get("assignee") is None


def test_ids_of_comments_are_mapped(shadow: Shadow) -> None:
    _, comment = shadow.ask("POST", "/task/a/comment/create", {"message": "hi"})
    assert shadow.ask("GET", f"/task/a/comment/{comment['id']}") == (200, comment)
    shadow.ask("GET", "/task/a/comment")
    assert shadow.report()["reads"] == {"same": 2}
    assert [each["id"] for each in shadow.new.comments["a"]] == ["n1"]
    assert ("GET", "/task/a/comment/n1") in shadow.new.asked


def test_tasks_that_the_engine_makes_are_copied_and_counted(shadow: Shadow) -> None:
    for server in (shadow.old, shadow.new):
        of_process = {"processInstanceId": "p", "processDefinitionId": "d"}
        server.tasks["a"] = {**server.tasks["a"], **of_process}
    shadow.old.next_task = {"a": "next"}
    shadow.ask("POST", "/task/a/complete", {})
    shadow.ask("GET", "/task/next")
    report = shadow.report()
    assert report["writes"] == {
        "repeated": 1,
        "tasks that the engine made or changed, copied over": 1,
    }
    assert report["reads"] == {"same": 1}
    assert shadow.new.tasks.keys() == {"b", "next"}


def test_a_write_that_taskdock_refuses_is_told_and_the_task_copied_again(shadow: Shadow) -> None:
    shadow.journal.moved({"a": Moved("")})
    shadow.new.fault = lambda _method, path: (409, b"{}") if "claim" in path else None
    shadow.ask("POST", "/task/a/claim", {"userId": "ann"})
    report = shadow.report()
    assert report["writes"]["different"] == 1
    assert report["differences"][0]["request"] == "POST /task/a/claim"
    assert shadow.new.tasks["a"]["assignee"] == "ann"


def hang(_method: str, _path: str) -> tuple[int, bytes] | None:
    threading.Event().wait(3.0)
    return None


@pytest.mark.parametrize(
    "fault", [hang, lambda _m, _p: (500, b"{}"), lambda _m, _p: (200, b"<html>"), None]
)
def test_clients_notice_nothing_of_a_taskdock_that_fails(shadow: Shadow, fault: Any) -> None:
    if fault is None:
        shadow.new.shutdown()
        shadow.new.server_close()
    else:
        shadow.new.fault = fault
    begun = time.monotonic()
    for _ in range(50):
        assert shadow.ask("GET", "/task/a") == (200, shadow.old.tasks["a"])
    assert shadow.ask("POST", "/task/a/claim", {"userId": "ann"})[0] == 204
    assert time.monotonic() - begun < LIMIT
    assert shadow.old.tasks["a"]["assignee"] == "ann"


def test_what_finds_no_room_is_counted_and_its_task_copied_later(
    shadow: Shadow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirrors, "READS", 0)
    monkeypatch.setattr(mirrors, "WRITES", 0)
    shadow.journal.moved({"a": Moved("")})
    assert shadow.ask("GET", "/task")[0] == 200
    assert shadow.ask("POST", "/task/a/claim", {"userId": "ann"})[0] == 204
    report = shadow.report()
    assert report["notAsked"] == {"too much is waiting, or it is too large": 1}
    assert report["writes"]["not done on taskdock: the task is copied again"] == 1
    assert shadow.new.tasks["a"]["assignee"] == "ann"


def test_an_old_server_that_is_away_is_a_502_of_one_line(shadow: Shadow) -> None:
    shadow.old.shutdown()
    shadow.old.server_close()
    status, said = shadow.ask("GET", "/task")
    assert status == 502
    assert said["message"] == "the old server: cannot be reached"
    assert shadow.counted.as_json()["notAnsweredByTheOldServer"] == 1


def test_who_has_no_token_or_no_password_is_not_asked_for(shadow: Shadow) -> None:
    shadow.ask("GET", "/task", user="stranger")
    shadow.old.fault = lambda _method, _path: (401, b"")
    shadow.ask("GET", "/task")
    report = shadow.report()
    assert report["notAsked"] == {
        "the table of users does not name the user": 1,
        "the old server refused the sign-in": 1,
    }
    assert not any(path == "/task" for _, path in shadow.new.asked)


def test_large_answers_and_paths_beside_the_api_reach_the_client(shadow: Shadow) -> None:
    large = b"x" * 20_000_000
    shadow.old.fault = lambda _method, path: (200, large) if "data" in path else None
    url = f"http://127.0.0.1:{shadow.proxy.server_address[1]}/engine-rest/task/a/data"
    assert shadow.pool.request("GET", url).data == large
    assert shadow.pool.request("HEAD", url).headers["content-length"] == str(len(large))
    assert shadow.ask("GET", "/deployment")[0] == 404
    report = shadow.report()
    assert report["onlyTheOldServerHas"] == {"GET /deployment": 1, "HEAD /task/*/data": 1}
    assert report["notAsked"] == {"too much is waiting, or it is too large": 1}


def test_a_body_in_chunks_is_passed_on(shadow: Shadow) -> None:
    port = shadow.proxy.server_address[1]
    answer = shadow.pool.request(
        "POST",
        f"http://127.0.0.1:{port}/engine-rest/task/create",
        body=iter([b'{"id": "c",', b' "name": "n"}']),
        headers={"Content-Type": "application/json"},
        chunked=True,
    )
    assert answer.status == 204
    assert shadow.old.tasks["c"]["name"] == "n"


@pytest.mark.parametrize(
    ("text", "words"), [("nonsense", "no JSON"), ("[]", "expected an object"), (None, "No such")]
)
def test_a_bad_table_of_users_is_one_line(
    shadow: Shadow, tmp_path: Path, text: str | None, words: str
) -> None:
    users = tmp_path / "other.json"
    if text is not None:
        users.write_text(text)
    options = argparse.Namespace(source=shadow.old.url, target=shadow.new.url, users=users, rate=0)
    vars(options).update(
        host="127.0.0.1", port=0, timeout=5, every=9, spare=60, patience=1, price=1
    )
    with pytest.raises(Trouble, match=words) as trouble:
        made(options, shadow.journal)
    assert "\n" not in str(trouble.value)
