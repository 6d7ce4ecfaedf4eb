"""Starts the engine that `make test-migration` has built, and taskdock beside it."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import urllib3

from local.child_processes import start_child, stop
from local.ports import free_port
from local.service import LocalService
from local.settings import User
from tests.migration_engine.world import ADMIN, USERS, World
from tests.support.local_service import in_memory

if TYPE_CHECKING:
    import subprocess

SECONDS_TO_START: Final = 180.0


class NoEngine(Exception):
    """There is no engine to test with; the message says why."""


def jar() -> Path:
    """The engine's program; raises `NoEngine`."""
    named = os.environ.get("MIGRATION_ENGINE")
    if not named:
        raise NoEngine("the engine is built and tested with by `make test-migration`")
    return Path(named).absolute()


@contextmanager
def engine(log: Path) -> Iterator[World]:
    """An engine with nothing in it, and the hand that fills it. Raises `NoEngine`."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/engine-rest"
    with log.open("wb") as said:
        command = ["java", "-Xmx700m", "-jar", str(jar()), f"--server.port={port}"]
        child = start_child(command, output=said)
        try:
            _wait(url, child, log)
            yield World(url)
        finally:
            stop(child)


@contextmanager
def taskdock(**settings: Any) -> Iterator[LocalService]:
    """taskdock with the world's users; dynoxide holds the table where there is one."""
    users = {
        name: User(
            groups=tuple(user["groups"]),
            tenants=tuple(user["tenants"]),
            admin=bool(user.get("admin")),
            first_name=name.capitalize(),
            last_name=user.get("last_name"),
            email=user.get("email"),
        )
        for name, user in USERS.items()
    }
    with in_memory(**{"store": None, "users": users, "index_delay": 0, **settings}) as service:
        yield service


def _wait(url: str, child: "subprocess.Popen[bytes]", log: Path) -> None:
    pool = urllib3.PoolManager(retries=False, timeout=5.0)
    headers = urllib3.make_headers(basic_auth=":".join(ADMIN))
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        if child.poll() is not None:
            break
        try:
            if pool.request("GET", f"{url}/version", headers=headers).status == 200:
                return
        except urllib3.exceptions.HTTPError:
            pass
        time.sleep(0.5)
    raise NoEngine(f"the engine did not start; what it said is in {log}")
