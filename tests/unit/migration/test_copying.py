"""A copy against servers that behave badly."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from migration.copying import Copy, Counts
from migration.http_client import Answer, Connection, Sent, Trouble, Unreachable
from migration.journal import Journal
from migration.old_server import OldServer
from tests.support.old_camunda import NEW, OLD, TwoServers, said, shown

HTML = Answer(200, b"<html>", {"Content-Type": "text/html"})
HALF = Answer(200, b'[{"id": ', {"Content-Type": "application/json"})


def copy(
    servers: TwoServers, folder: Path, *, remove_ended: bool = False, only_new: bool = False
) -> Counts:
    old = Connection(OLD, {}, servers, lambda _seconds: None, hint="check CAMUNDA_PASSWORD")
    new = Connection(NEW, {}, servers, lambda _seconds: None)
    with Journal(folder) as journal:
        run = Copy(OldServer(old), new, journal, lambda _seconds: None)
        run.remove_ended, run.only_new = remove_ended, only_new
        return run()


def lefts(folder: Path) -> list[str]:
    with Journal(folder) as journal:
        return [f"{left.what}: {left.why}" for left in journal.lefts()]


def many(count: int = 250) -> TwoServers:
    return TwoServers(*(shown(f"t{number:03d}", number) for number in range(count)))


def always(answer: Answer | Exception, part: str) -> Callable[[Sent], Answer | None]:
    def fault(request: Sent) -> Answer | None:
        if part not in request.url:
            return None
        if isinstance(answer, Exception):
            raise answer
        return answer

    return fault


def test_every_task_is_moved_once_and_a_second_run_sends_nothing(tmp_path: Path) -> None:
    servers = many()
    assert copy(servers, tmp_path).moved == 250
    assert copy(servers, tmp_path).same == 250
    assert sorted(servers.written) == sorted(servers.tasks)


def test_only_a_changed_task_is_sent_again(tmp_path: Path) -> None:
    servers = many(3)
    copy(servers, tmp_path)
    servers.tasks["t001"] = {**servers.tasks["t001"], "name": "other"}
    servers.tasks["t002"] = {**servers.tasks["t002"], "lastUpdated": "2026-02-01T00:00:00.000+0000"}
    assert copy(servers, tmp_path).moved == 1
    assert servers.taken["t001"]["task"]["name"] == "other"


def test_tasks_of_one_millisecond_are_all_found(tmp_path: Path) -> None:
    servers = TwoServers(*(shown(f"t{number:03d}") for number in range(250)))
    assert copy(servers, tmp_path).moved == 250


@pytest.mark.parametrize(
    ("answer", "part", "words"),
    [
        (
            Unreachable("no answer in time"),
            "old/engine-rest/task",
            "/task/count: no answer in time",
        ),
        (said({}, 401), "/version", "GET http://old/engine-rest/version: 401, check CAMUNDA_PASS"),
        (said({"message": "gone"}, 404), "/version", "/version: 404: gone"),
        (said({"message": "broken\nhere"}, 500), "/task/count", "/task/count: 500: broken here"),
        (HTML, "/version", "answered text/html, not JSON"),
        (HALF, "/variable-instance", "/variable-instance: answered broken JSON"),
        (said([]), "/task/count", "expected an object, got list"),
    ],
)
def test_a_bad_server_is_one_line_and_the_next_run_goes_on(
    answer: Answer | Exception, part: str, words: str, tmp_path: Path
) -> None:
    servers = many(5)
    servers.faults = always(answer, part)
    with pytest.raises(Trouble) as trouble:
        copy(servers, tmp_path)
    assert words in str(trouble.value)
    assert "\n" not in str(trouble.value)
    servers.faults = lambda _request: None
    assert copy(servers, tmp_path).moved == 5


@pytest.mark.parametrize("after_writing", [False, True])
@pytest.mark.parametrize("sent", [1, 2])
def test_an_interrupted_copy_goes_on(tmp_path: Path, sent: int, after_writing: bool) -> None:
    servers, imports = many(), list[Sent]()

    def interrupt(request: Sent) -> Answer | None:
        if "/v1/import" in request.url:
            imports.append(request)
            if len(imports) == sent:
                if after_writing:
                    servers._import(request)
                raise KeyboardInterrupt
        return None

    servers.faults = interrupt
    with pytest.raises(KeyboardInterrupt):
        copy(servers, tmp_path)
    copy(servers, tmp_path)
    assert servers.taken.keys() == servers.tasks.keys()
    assert lefts(tmp_path) == []


def test_a_server_that_fails_now_and_then_costs_only_time(tmp_path: Path) -> None:
    servers, asked = many(), list[Sent]()

    def sometimes(request: Sent) -> Answer | None:
        asked.append(request)
        return said({}, 503) if len(asked) % 7 == 0 else None

    servers.faults = sometimes
    assert copy(servers, tmp_path).moved == 250


def test_a_task_that_ends_while_it_is_read_is_not_moved(tmp_path: Path) -> None:
    servers = many(3)

    def end(request: Sent) -> Answer | None:
        if "/task/t001/identity-links" in request.url:
            servers.tasks.pop("t001", None)
        return None

    servers.faults = end
    assert copy(servers, tmp_path).moved == 2
    assert "t001" not in servers.taken


def test_a_task_that_ends_after_its_copy_is_removed_when_that_is_asked(tmp_path: Path) -> None:
    servers = many(3)
    copy(servers, tmp_path)
    del servers.tasks["t001"]
    assert copy(servers, tmp_path).ended == 1
    assert "t001" in servers.taken
    copy(servers, tmp_path, remove_ended=True)
    assert "t001" not in servers.taken


def test_after_the_switch_only_what_was_never_moved_is_brought(tmp_path: Path) -> None:
    servers = many(3)
    copy(servers, tmp_path)
    with Journal(tmp_path) as journal:
        journal.switched()
    servers.tasks["t001"] = {**servers.tasks["t001"], "name": "other"}
    del servers.tasks["t002"]
    servers.tasks["new"] = shown("new", 9)
    assert copy(servers, tmp_path, only_new=True).moved == 1
    assert servers.taken["t001"]["task"]["name"] == "t001"
    assert servers.taken.keys() == {"t000", "t001", "t002", "new"}
    with pytest.raises(Trouble, match="the switch was made"):
        copy(servers, tmp_path)


def test_a_stranger_on_the_target_is_not_overwritten(tmp_path: Path) -> None:
    servers = many(2)
    servers.taken["t001"] = "a stranger"
    assert copy(servers, tmp_path).refused == 1
    assert servers.taken["t001"] == "a stranger"
    assert lefts(tmp_path) == ["task t001: a task with this id is on the target already"]


def test_a_task_that_the_target_refuses_does_not_hold_the_others(tmp_path: Path) -> None:
    servers = TwoServers(shown("good", name="n" * 4000), shown("bad", assignee="n" * 300))
    assert copy(servers, tmp_path).moved == 1
    assert len(servers.taken["good"]["task"]["name"]) == 4000
    [left] = lefts(tmp_path)
    assert left.startswith("task bad: POST http://new/v1/import: 400: ")


def test_a_serialized_java_object_is_left(tmp_path: Path) -> None:
    servers = many(1)
    info = {
        "objectTypeName": "org.Order",
        "serializationDataFormat": "application/x-java-serialized-object",
    }
    row = {"id": "v1", "name": "order", "type": "Object", "value": "rO0=", "valueInfo": info}
    servers.variables = [{**row, "taskId": "t000"}]
    copy(servers, tmp_path)
    assert lefts(tmp_path) == ["variable order: a serialized Java object (org.Order)"]


def test_a_large_attachment_is_uploaded_and_one_of_50_megabytes_is_left(tmp_path: Path) -> None:
    servers = TwoServers(shown("t", hasAttachment=True))
    servers.attachments["t"] = [{"id": name, "name": name} for name in ("big", "huge")]
    servers.contents = {"big": bytes(400_000), "huge": bytes(50_000_000)}
    copy(servers, tmp_path)
    assert lefts(tmp_path) == [
        "attachment huge: more than 4400000 bytes",
        "lastUpdated: attachments over 280 KB are added after the task",
    ]
    with Journal(tmp_path) as journal:
        assert journal.state.moved["t"].renamed == {"big": "new-0"}


def test_a_variable_of_a_scope_between_is_taken_where_the_task_shows_it(tmp_path: Path) -> None:
    servers = TwoServers(
        shown("t", processInstanceId="p", executionId="e", processDefinitionId="d")
    )
    held = [("p", "a", 1), ("middle", "a", 2), ("other", "a", 3), ("middle", "b", 4), ("e", "c", 5)]
    rows = [
        {"id": f"{scope}-{name}", "name": name, "type": "Integer", "value": value, "valueInfo": {}}
        | {"processInstanceId": "p", "executionId": scope, "taskId": None}
        for scope, name, value in held
    ]
    seen = {name: {"type": "Integer", "value": n} for name, n in (("a", 2), ("b", 4), ("c", 5))}
    servers.around = {"/process-instance": [{"id": "p"}], "/process-definition/d": {"key": "k"}}

    def variables(request: Sent) -> Answer | None:
        if "/task/t/variables" in request.url:
            return said(seen)
        is_outer = "/variable-instance" in request.url and b"processInstanceIdIn" in request.body  # type: ignore[operator]
        return said(rows) if is_outer else None

    servers.faults = variables
    copy(servers, tmp_path)
    taken = servers.taken["t"]["processInstance"]["variables"]
    assert {name: each["value"] for name, each in taken.items()} == {"a": 2, "b": 4, "c": 5}


def test_two_runs_at_once_are_refused(tmp_path: Path) -> None:
    with Journal(tmp_path), pytest.raises(Trouble, match="another run is using this journal"):
        copy(many(1), tmp_path)


def test_a_torn_last_line_is_dropped_and_a_broken_one_is_named(tmp_path: Path) -> None:
    servers = many(3)
    copy(servers, tmp_path)
    path = tmp_path / "journal.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"kind": "mov')
    assert copy(servers, tmp_path).same == 3
    path.write_bytes(b"nonsense\n" + whole)
    with pytest.raises(Trouble, match=r"journal\.jsonl:1: this line is no record"):
        copy(servers, tmp_path)


def test_a_full_disk_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    servers = many(3)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(Trouble, match=r"journal\.jsonl: No space left on device; run it again"):
            copy(servers, tmp_path)
    assert copy(servers, tmp_path).moved == 3


def test_a_journal_of_another_copy_or_after_the_switch_is_refused(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.bind("http://elsewhere", NEW)
        with pytest.raises(Trouble, match="this journal is of http://elsewhere"):
            journal.bind(OLD, NEW)
        journal.switched()
        with pytest.raises(Trouble, match="the switch was made"):
            journal.bind("http://elsewhere", NEW)
