"""Two programs that others wrote, which work through tasks for a while: one in Python, one in
JavaScript."""

import json
import os
import subprocess
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pycamunda
import pycamunda.task
import requests

from local.settings import REPOSITORY
from tests.migration_engine.world import ADMIN
from tests.support.npm_packages import installed

_NODE: Final = REPOSITORY / "tests" / "clients" / "node"
_SCRIPT: Final = Path(__file__).with_name("load.js")
_SECONDS: Final = 600


def python_client(url: str, rounds: int, prefix: str = "py") -> int:
    """Plays rounds with pycamunda; how many requests it sent."""
    with requests.Session() as session:
        session.auth = ADMIN
        sent = 0

        def do(request: Callable[..., Any], *values: Any, **more: Any) -> Any:
            nonlocal sent
            made = request(url, *values, **more)
            made.session = session
            sent += 1
            return made()

        for number in range(rounds):
            _round(do, prefix, number)
        return sent


def javascript_client(url: str, rounds: int, prefix: str = "js") -> int:
    """Plays rounds with Camunda's own client; how many requests it sent.

    Raises `tests.support.npm_packages.Unavailable` where it cannot be had.
    """
    environment = {
        "PATH": os.environ["PATH"],
        "NODE_PATH": str(installed(_NODE, REPOSITORY / ".local")),
        "API": url,
        "BASIC": b64encode(":".join(ADMIN).encode()).decode(),
        "ROUNDS": str(rounds),
        "PREFIX": prefix,
    }
    played = subprocess.run(
        ["node", "--no-deprecation", _SCRIPT],
        env=environment,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    assert played.returncode == 0, played.stderr
    return int(json.loads(played.stdout)["sent"])


def _round(do: Callable[..., Any], prefix: str, number: int) -> None:
    task, key = pycamunda.task, f"{prefix}-{number}"
    query = {"name_like": f"{prefix} %", "sort_by": "priority", "ascending": False}
    do(task.Create, key, name=f"{prefix} {number}", priority=number)
    do(task.GetList, **query)
    do(task.IdentityLinksGetList, key)
    do(task.Claim, key, "demo")
    do(task.Get, key)
    do(task.GetList, assignee="demo", name_like=f"{prefix} %", sort_by="name")
    do(task.LocalVariablesGetList, key)
    if number % 3:
        do(task.Complete, key)
    else:
        do(task.Unclaim, key)
    if number % 10 == 0:
        _of_a_process(do)


def _of_a_process(do: Callable[..., Any]) -> None:
    """Completes a task of a process, and reads what the engine made of that."""
    task = pycamunda.task
    query = {"task_definition_key": "check", "active": True, "without_tenant_id": True}
    for found in do(task.GetList, **query, max_results=1, sort_by="id"):
        do(task.Complete, found.id_)
        do(task.GetList, process_instance_id=found.process_instance_id)
