"""The local service, killed in the middle of writes and of events, again and again.

What was answered is there after the restart, nothing is half written, and every task is announced.
`KILLS` says how often; `make nightly` takes twenty.
"""

import http.client
import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from random import Random
from threading import Event
from time import monotonic, sleep
from typing import Final

import pytest

from local.settings import REPOSITORY
from tests.support.http import Answered, bearer, call
from tests.support.local_process import LocalProcess
from tests.support.multipart import FORM_TYPE, form, part

KILLS: Final = int(os.environ.get("KILLS") or 2)
GROUPS: Final = ("a", "b", "c")
CLIENTS: Final = 3


@pytest.fixture
def folder(tmp_path: Path, dynoxide_endpoint: str) -> Path:
    """A folder with dynoxide's program in it, which need not be fetched again."""
    assert dynoxide_endpoint  # its fixture skips where dynoxide cannot be had
    for program in (REPOSITORY / ".local").glob("dynoxide-*"):
        (tmp_path / program.name).symlink_to(program)
    return tmp_path


class Answers:
    """What the clients were told."""

    def __init__(self) -> None:
        self.offered: set[str] = set()
        """Tasks whose groups were all added."""
        self.created: set[str] = set()
        self.attached: dict[str, str] = {}
        """The address of an attachment, and its content."""


def asked(
    service: LocalProcess, method: str, path: str, body: bytes, kind: str = "application/json"
) -> Answered:
    headers = {**bearer(service.token), "Content-Type": kind}
    return call(method, f"http://127.0.0.1:{service.port}{path}", body, headers)


def work(service: LocalProcess, names: Iterator[int], answers: Answers, over: Event) -> None:
    """Create tasks, offer each to three groups at once, and attach something, until the end."""
    while not over.is_set():
        name = f"t{next(names)}"
        try:
            task = json.dumps({"id": name, "name": name}).encode()
            if asked(service, "POST", "/task/create", task).status == 204:
                answers.created.add(name)
            for group in GROUPS:
                link = json.dumps({"groupId": group, "type": "candidate"}).encode()
                asked(service, "POST", f"/task/{name}/identity-links", link)
            answers.offered.add(name)
            file = form(part("content", name.encode()))
            path = f"/task/{name}/attachment"
            added = asked(service, "POST", f"{path}/create", file, FORM_TYPE)
            if added.status == 200:
                answers.attached[f"{path}/{added.json()['id']}/data"] = name
        except (OSError, http.client.HTTPException):
            return  # the service is gone; what was under way may have happened or not


def listed(service: LocalProcess, **query: str) -> set[str]:
    found = asked(service, "POST", "/task", json.dumps(query).encode())
    assert found.status == 200
    return {task["id"] for task in found.json()}


def check(service: LocalProcess, answers: Answers) -> set[str]:
    """What was answered is there, and each task is as a whole as its links say; the tasks."""
    tasks = listed(service)
    assert answers.created <= tasks
    for group in GROUPS:
        in_inbox = listed(service, candidateGroup=group)
        assert answers.offered <= in_inbox <= tasks
        for task in tasks - answers.offered:  # those that were under way
            links = asked(service, "GET", f"/task/{task}/identity-links", b"").json()
            assert (group in {link["groupId"] for link in links}) is (task in in_inbox)
    for path, content in answers.attached.items():
        assert asked(service, "GET", path, b"").body == content.encode()
    return tasks


def announced(told: list[str]) -> set[str]:
    """The tasks whose creation was announced."""
    return {line.split()[2] for line in told if line.startswith("event TaskCreated")}


def test_kills_lose_nothing(folder: Path) -> None:
    random, names, answers = Random(7), count(), Answers()
    told: list[str] = []
    for _ in range(KILLS):
        with LocalProcess(folder, STORE="dynoxide") as service:
            check(service, answers)
            over = Event()
            with ThreadPoolExecutor(CLIENTS) as clients:
                for _ in range(CLIENTS):
                    clients.submit(work, service, names, answers, over)
                before, deadline = len(answers.attached), monotonic() + 60
                while len(answers.attached) == before and monotonic() < deadline:
                    sleep(0.01)
                sleep(random.uniform(0.0, 1.0))
                service.end_with(signal.SIGKILL)
                over.set()
            told += service.output
    with LocalProcess(folder, STORE="dynoxide") as service:
        tasks = check(service, answers)
        deadline = monotonic() + 120
        while announced(told + service.output) != tasks and monotonic() < deadline:
            sleep(0.1)  # what the kills left behind is delivered in the background
        service.end_with(signal.SIGTERM)
        told += service.output

    assert len(answers.attached) >= KILLS
    assert announced(told) == tasks
