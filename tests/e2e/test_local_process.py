"""The local service as a process: how it starts, says why it cannot, and ends."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from local.settings import REPOSITORY
from tests.support.http import Answered, bearer, call
from tests.support.local_process import LocalProcess
from tests.support.multipart import FORM_TYPE, form, part


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, dynoxide_endpoint: str) -> Path:
    """A folder with dynoxide's program in it, which need not be fetched again."""
    assert dynoxide_endpoint  # its fixture skips where dynoxide cannot be had
    folder = tmp_path_factory.mktemp("local")
    for program in (REPOSITORY / ".local").glob("dynoxide-*"):
        (folder / program.name).symlink_to(program)
    return folder


def outliving(pids: Sequence[int], seconds: float = 10.0) -> list[int]:
    """Those of the processes that have not ended within so many seconds.

    The server that instances are copied from ends when it notices that its parent has.
    """
    pause, deadline = Event(), monotonic() + seconds
    left = [pid for pid in pids if is_alive(pid)]
    while left and monotonic() < deadline:
        pause.wait(0.02)
        left = [pid for pid in left if is_alive(pid)]
    return left


def is_alive(pid: int) -> bool:
    """Whether there is such a process that has not ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@dataclass(frozen=True, slots=True)
class Ended:
    """A service that took a task and was then ended by a signal."""

    task_id: str
    exit_code: int
    processes: list[int]
    """The ids of the processes that it started: the emulator, the functions' instances."""
    output: list[str]
    folder: Path


@pytest.fixture(scope="module", params=[signal.SIGINT, signal.SIGTERM])
def ended(request: pytest.FixtureRequest, folder: Path) -> Ended:
    """What is left when Ctrl-C, or a supervisor, has ended the service."""
    with LocalProcess(folder, STORE="dynoxide") as service:
        processes = service.descendants()
        answer = call(
            "POST",
            f"http://127.0.0.1:{service.port}/v1/services/operator-p4/tasks",
            b'{"name": "last"}',
            {**bearer(service.token), "Content-Type": "application/json"},
        )
        exit_code = service.end_with(request.param)
    return Ended(answer.json()["tid"], exit_code, processes, service.output, folder)


def test_a_signal_ends_it_quietly(ended: Ended) -> None:
    assert ended.exit_code == 0
    assert "Traceback" not in "\n".join(ended.output)


def test_no_process_is_left(ended: Ended) -> None:
    assert ended.processes
    assert outliving(ended.processes) == []


def test_the_last_write_is_still_published(ended: Ended) -> None:
    assert f"event TaskCreated operator-p4 {ended.task_id} 1" in ended.output


def test_it_has_written_the_variables_for_sam(ended: Ended) -> None:
    text = (ended.folder / "sam-variables.json").read_text(encoding="utf-8")

    variables = json.loads(text)["Parameters"]
    assert variables["LOCAL_CALLER"] == "demo accounting sales tenant:t1 tenant:t2 tenant:t3"
    assert variables["TABLE_NAME"] == "taskdock-local-TaskTable"
    assert variables["DYNAMODB_ENDPOINT"].startswith("http://127.0.0.1:")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_when_it_is_killed_its_processes_end_too(folder: Path) -> None:
    with LocalProcess(folder, STORE="dynoxide") as service:
        processes = service.descendants()
        service.end_with(signal.SIGKILL)

    assert len(processes) > 2
    assert outliving(processes) == []


def asked(service: LocalProcess, method: str, path: str, body: bytes, kind: str) -> Answered:
    headers = {**bearer(service.token), "Content-Type": kind}
    return call(method, f"http://127.0.0.1:{service.port}{path}", body, headers)


def test_after_a_kill_events_are_delivered_and_attachments_are_there(
    dynoxide_endpoint: str, tmp_path: Path
) -> None:
    assert dynoxide_endpoint
    for program in (REPOSITORY / ".local").glob("dynoxide-*"):
        (tmp_path / program.name).symlink_to(program)
    events: list[str] = []
    with LocalProcess(tmp_path, STORE="dynoxide") as service:
        for number in range(5):
            body = json.dumps({"id": f"t{number}", "name": "x"}).encode()
            assert asked(service, "POST", "/task/create", body, "application/json").status == 204
        uploaded = asked(
            service, "POST", "/task/t0/attachment/create", form(part("content", b"kept")), FORM_TYPE
        )
        assert uploaded.status == 200, uploaded.body
        service.end_with(signal.SIGKILL)
        events += service.output
    with LocalProcess(tmp_path, STORE="dynoxide") as service:
        path = f"/task/t0/attachment/{uploaded.json()['id']}"
        kept = asked(service, "GET", f"{path}/data", b"", "application/json")
        gone = asked(service, "DELETE", path, b"", "application/json")
        service.end_with(signal.SIGTERM)
        events += service.output
    with LocalProcess(tmp_path, STORE="dynoxide") as service:
        again = asked(service, "GET", f"{path}/data", b"", "application/json")
        service.end_with(signal.SIGTERM)

    assert (kept.status, kept.body) == (200, b"kept")
    assert (gone.status, again.status) == (204, 404)
    told = {line for line in events if line.startswith("event TaskCreated")}
    assert told == {f"event TaskCreated t{number} 1" for number in range(5)}
    assert not [line for line in service.output if line.startswith("event")]


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        ({"PORT": "many"}, "cannot start: PORT is 'many'; it must be a whole number"),
        (
            {"LOCAL_USERS": "/nowhere/users.json"},
            "cannot start: LOCAL_USERS: /nowhere/users.json: No such file or directory",
        ),
        ({"STORE": "dynoxide", "PATH": "/nowhere"}, "cannot start: STORE=dynoxide: "),
    ],
)
def test_why_it_cannot_start_is_one_line(
    tmp_path: Path, variables: dict[str, str], line: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "local"],
        cwd=REPOSITORY,
        env={**os.environ, "PORT": "0", "LOCAL_FOLDER": str(tmp_path), **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, "")
    [printed] = done.stdout.splitlines()
    assert printed.startswith(line)


def test_a_wrong_python_gets_the_version_that_is_needed() -> None:
    pretending = (
        "import sys; sys.version_info = (3, 11, 0); import runpy; runpy.run_module('local')"
    )
    done = subprocess.run(
        [sys.executable, "-c", pretending],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("taskdock needs Python 3.12 or newer; this is ")
