"""The requests of the published pages and of the README work as printed, over a real port."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from local.settings import REPOSITORY
from tests.support.http import bearer, call
from tests.support.index_delay import seconds
from tests.support.local_process import LocalProcess

HERE: Final = Path(__file__).parent


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProcess]:
    """A service that speaks https, as the pages expect."""
    with LocalProcess(tmp_path_factory.mktemp("local"), STORE="moto", TLS="1") as service:
        yield service


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProcess]:
    """A service as the README starts it."""
    with LocalProcess(tmp_path_factory.mktemp("local"), STORE="moto") as service:
        yield service


def run(script: str, *arguments: str, **environment: str) -> str:
    """What a shell script prints; skips where it lacks the programs that it calls."""
    for program in ("bash", "curl", "jq"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed: apt-get install {program}")
    if seconds():  # lists are asked for once they can show what was written
        script = f'curl() {{ sleep {seconds()}; command curl "$@"; }}\n{script}'
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script, "script", *arguments],
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def post(service: LocalProcess, path: str, body: Any, scheme: str = "https") -> Any:
    headers = {**bearer(service.token), "Content-Type": "application/json"}
    url = f"{scheme}://127.0.0.1:{service.port}{path}"
    answer = call("POST", url, json.dumps(body).encode(), headers)
    assert answer.status < 300, answer.body
    return answer.json()


def test_the_page_for_creating_a_task_runs(service: LocalProcess) -> None:
    script = (HERE / "create_task.sh").read_text(encoding="utf-8")
    here = script.replace("localhost:3008", f"localhost:{service.port}")

    printed = run(here, "6d1c0a0e-6f0e-4a53-9e47-0c0e8f1f9d11", TOKEN=service.token)

    created = re.fullmatch(r"Created task with taskId ([0-9a-f-]{36})\n", printed)
    assert created, printed
    [task] = post(service, "/task", {"taskId": created[1]})
    assert (task["name"], task["description"]) == ("My Task", "Print task")


def test_the_page_for_querying_tasks_runs(service: LocalProcess) -> None:
    matching = {
        "name": "wanted",
        "assignee": "anAssignee",
        "priority": 10,
        "metadata": {"varName": "varValue", "anotherVarName": 31},
        "processInstance": {"id": "p1", "businessKey": "aBusinessKey"},
    }
    others: list[dict[str, Any]] = [
        {"assignee": "somebody"},
        {"priority": 11},
        {"metadata": {"varName": "varValue", "anotherVarName": 30}},
        {"processInstance": {"id": "p2", "businessKey": "another"}},
    ]
    for change in ({}, *others):
        post(service, "/v1/services/operator-p4/tasks", {**matching, **change})
    script = (HERE / "query_tasks.sh").read_text(encoding="utf-8")
    here = script.replace(
        "http://{host}:{port}/{contextPath}/task", f"https://localhost:{service.port}/task"
    )

    found = json.loads(run(here, TOKEN=service.token))

    assert [(task["name"], task["assignee"], task["priority"]) for task in found] == [
        ("wanted", "anAssignee", 10)
    ]


def test_the_readmes_commands_run(plain: LocalProcess) -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", readme, re.DOTALL)
    [script] = [block for block in blocks if "/local/token" in block]

    printed = run(script.replace("127.0.0.1:3008", f"127.0.0.1:{plain.port}"))

    created, found, comment = _json_values(printed)
    assert created["name"] == "My Task"
    assert [task["id"] for task in found] == [created["tid"]]
    assert comment["message"] == "The paper is refilled"
    path = f"/v1/services/operator-p4/tasks/{created['tid']}"
    ended = call("GET", f"http://127.0.0.1:{plain.port}{path}", None, bearer(plain.token)).json()
    assert (ended["state"], ended["assignee"]) == ("completed", "demo")


def test_the_documented_task_triggers_the_service_and_is_worked_on(plain: LocalProcess) -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    page = (REPOSITORY / "docs/triggering-services.md").read_text(encoding="utf-8")
    [signing_in] = [
        block
        for block in re.findall(r"```sh\n(.*?)```", readme, re.DOTALL)
        if "/local/token" in block
    ]
    [starting] = [
        block
        for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
        if '"action": "start"' in block
    ]
    [shown] = [
        block for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL) if '"printer"' in block
    ]
    lines = "\n".join([*signing_in.splitlines()[:2], starting, "echo $TASK"])

    task = run(lines.replace("127.0.0.1:3008", f"127.0.0.1:{plain.port}")).strip()
    ask_again = (call("GET", task, None, bearer(plain.token)) for _ in range(5000))
    ended = next(answer for answer in ask_again if answer.json()["state"] != "started")

    output = call("GET", f"{task}/output", None, bearer(plain.token)).json()["embedded"]
    assert output == json.loads(shown.replace("{…}", "{}"))["embedded"]
    told = re.findall(r"event (\w+) operator-p4 a726055f (\d)", page)
    assert (ended.json()["state"], ended.headers["etag"]) == ("completed", f'"{told[-1][1]}"')


def test_the_greetings_commands_run(plain: LocalProcess) -> None:
    start = next(place for place, line in enumerate(plain.output) if line.startswith("TOKEN="))
    end = next(place for place, line in enumerate(plain.output) if "is ready" in line)

    created, found = _json_values(run("\n".join(plain.output[start:end])))

    assert created["metadata"] == {"Printer": "LocalPrinter"}
    assert created["tid"] in {task["id"] for task in found}


def _json_values(text: str) -> list[Any]:
    """The JSON values in `text`, one after the other."""
    decoder = json.JSONDecoder()
    values = []
    while text := text.lstrip():
        value, end = decoder.raw_decode(text)
        values.append(value)
        text = text[end:]
    return values
