"""Whatever goes wrong at whichever request or write: one line, and the next run brings the rest."""

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from migration.comparison.verifying import Verification
from migration.copying import Copy
from migration.http_client import Answer, Connection, Sent, Trouble, Unreachable
from migration.inspection.inspecting import inspected
from migration.journal import Journal, State
from migration.old_server import OldServer
from tests.support.old_camunda import NEW, OLD, TwoServers, said, shown

KINDS: dict[str, Answer | Exception] = {
    "401": said({}, 401),
    "403": said({"message": "forbidden"}, 403),
    "404": said({"message": "gone"}, 404),
    "500": said({"message": "broken\nin two lines"}, 500),
    "503": Answer(503, b""),
    "a redirect": Answer(302, b""),
    "HTML": Answer(200, b"<html>", {"Content-Type": "text/html"}),
    "HTML that says it is JSON": Answer(200, b"<html>", {"Content-Type": "application/json"}),
    "half a JSON": Answer(200, b'[{"id": "a", ', {"Content-Type": "application/json"}),
    "an empty list": said([]),
    "an empty object": said({}),
    "a list of nothings": said([None]),
    "a list of empty objects": said([{}]),
    "a number": said(7),
    "null": said(None),
    "nothing": Answer(200, b""),
    "no answer": Unreachable("no answer in time"),
}


def a_world() -> TwoServers:
    """Tasks with everything that makes requests of its own."""
    info = {"processInstanceId": "p", "processDefinitionId": "d", "executionId": "e"}
    servers = TwoServers(
        shown("a", 1, hasComment=True),
        shown("b", 2, hasAttachment=True),
        shown("c", 3, **info),
        shown("d", 4, caseInstanceId="k", caseDefinitionId="cd", caseExecutionId="ke"),
    )
    servers.attachments["b"] = [{"id": "small", "name": "s"}, {"id": "big", "name": "b"}]
    servers.contents = {"small": b"abc", "big": bytes(300_000), "blob": b"xyz"}
    blob: dict[str, Any] = {
        "id": "blob",
        "name": "blob",
        "type": "Bytes",
        "value": None,
        "valueInfo": {},
    }
    servers.variables = [{**blob, "taskId": "a"}]
    servers.around = {
        "/process-instance": [{"id": "p", "businessKey": "B"}],
        "/process-definition/d": {"key": "k", "name": "n", "version": 1, "tenantId": None},
        "/process-definition/d/xml": {"bpmn20Xml": "<bpmn/>"},
        "/case-instance/k": {"id": "k", "businessKey": "B"},
        "/case-definition/cd": {"key": "k", "name": "n", "version": 1, "tenantId": None},
        "/case-definition/cd/xml": {"cmmnXml": "<cmmn/>"},
        "/filter": [{"id": "f", "resourceType": "Task", "name": "Mine", "query": {}}],
    }
    return servers


def copy(servers: TwoServers, folder: Path) -> None:
    old = OldServer(Connection(OLD, {}, servers, lambda _seconds: None))
    new = Connection(NEW, {}, servers, lambda _seconds: None)
    with Journal(folder) as journal:
        Copy(old, new, journal, lambda _seconds: None)()


def moved(folder: Path) -> set[str]:
    with Journal(folder) as journal:
        return {*journal.state.moved}


def requests_of_a_copy(folder: Path) -> list[str]:
    """What one copy asks, in order: the method and the path."""
    servers, asked = a_world(), list[str]()

    def note(request: Sent) -> None:
        asked.append(f"{request.method} {urlsplit(request.url).path}")

    servers.faults = note
    copy(servers, folder)
    return asked


def assert_all_is_there(servers: TwoServers, folder: Path) -> None:
    servers.faults = lambda _request: None
    copy(servers, folder)
    assert servers.taken.keys() == servers.tasks.keys() == moved(folder)
    assert len(servers.uploads) >= 1
    assert len(servers.filters) == 1
    before = len(servers.written)
    copy(servers, folder)
    assert len(servers.written) == before


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_ctrl_c_at_any_request_loses_nothing_and_makes_nothing_twice(
    tmp_path: Path, after: bool
) -> None:
    for at in range(len(requests_of_a_copy(tmp_path / "all"))):
        servers, folder, seen = a_world(), tmp_path / str(at), list[Sent]()

        def interrupt(request: Sent) -> Answer | None:
            seen.append(request)  # noqa: B023 - used in this round alone
            if len(seen) - 1 != at:  # noqa: B023
                return None
            if after:
                servers.faults = lambda _request: None  # noqa: B023
                servers(request)  # noqa: B023
            raise KeyboardInterrupt

        servers.faults = interrupt
        with pytest.raises(KeyboardInterrupt):
            copy(servers, folder)
        assert moved(folder) <= servers.taken.keys()
        assert_all_is_there(servers, folder)


def test_a_disk_that_is_full_at_any_write_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, fsync = os.write, os.fsync
    for at in range(40):
        servers, folder, written = a_world(), tmp_path / str(at), list[int]()

        def full(call: Callable[..., int | None]) -> Callable[..., int | None]:
            def one(*given: object) -> int | None:
                written.append(1)  # noqa: B023 - used in this round alone
                if len(written) - 1 == at:  # noqa: B023
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                return call(*given)

            return one

        with monkeypatch.context() as patch:
            patch.setattr("migration.journal.os.write", full(write))
            patch.setattr("migration.journal.os.fsync", full(fsync))
            try:
                copy(servers, folder)
            except Trouble as problem:
                assert str(problem).endswith("No space left on device; run it again to go on")
            else:
                assert len(written) <= at
                return
        assert moved(folder) <= servers.taken.keys()
        assert_all_is_there(servers, folder)


def paths() -> Iterator[str]:
    """Everything that a copy asks of the old server, and of the target."""
    yield from (
        "/version",
        "/task/count",
        "/history/task",
        "engine-rest/task",
        "/variable-instance",
        "/variable-instance/blob/data",
        "/process-instance",
        "/process-definition/d",
        "/case-instance/k",
        "/case-definition/cd",
        "/task/a/identity-links",
        "/task/a/comment",
        "/task/b/attachment",
        "/task/b/attachment/big/data",
        "engine-rest/filter",
        "new/task",
        "new/v1/import",
        "new/task/b/attachment/create",
        "new/filter/create",
    )


def answering(path: str, answer: Answer | Exception) -> Callable[[Sent], Answer | None]:
    def fault(request: Sent) -> Answer | None:
        if not urlsplit(request.url)._replace(query="").geturl().endswith(path):
            return None
        if isinstance(answer, Exception):
            raise answer
        return answer

    return fault


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", [*paths()])
def test_a_bad_answer_anywhere_is_one_line_and_nothing_is_lost(
    tmp_path: Path, path: str, kind: str
) -> None:
    servers = a_world()
    servers.faults = answering(path, KINDS[kind])
    try:
        copy(servers, tmp_path)
    except Trouble as problem:
        assert "\n" not in str(problem)
        assert "http://" in str(problem)
    assert moved(tmp_path) <= servers.taken.keys()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", [each for each in paths() if not each.startswith("new")])
def test_inspect_and_verify_say_one_line_too(path: str, kind: str) -> None:
    servers = a_world()
    servers.faults = answering(path, KINDS[kind])
    old = OldServer(Connection(OLD, {}, servers, lambda _seconds: None))
    runs: tuple[Callable[[], Any], ...] = (
        lambda: inspected(old, "", lambda _done, _total: None),
        lambda: Verification(old, old, State())([], 5, 1),
    )
    for run in runs:
        try:
            run()
        except Trouble as problem:
            assert "\n" not in str(problem)
            assert "http://" in str(problem)
