"""The inbox as two people use it at the same time, in a browser each."""

import fcntl
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Final

import pytest

from local.inbox_build import built_inbox
from local.service import LocalService
from local.settings import BUILT_IN_USERS, REPOSITORY, Store
from tests.inbox.page import DESKTOP, Page
from tests.support.http import bearer, call
from tests.support.local_service import in_memory
from tests.support.multipart import FORM_TYPE, form, part
from tests.tasklist.chromium import chromium

PROJECT: Final = REPOSITORY / "inbox"
SERVICE: Final = "by-hand"
SCALE: Final = 0.5
"""No story looks at pixels, so a quarter of them is drawn."""
FIRST_HALF: Final = {
    "test_accessibility",
    "test_bulk",
    "test_devices",
    "test_finding",
    "test_forms",
    "test_keyboard",
}
"""Modules whose stories take as long as those of all others."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The stories run in two workers, each with a service and two browsers that they share."""
    here = Path(__file__).parent
    # It leaves tasks in every list.
    items.sort(key=lambda item: item.path == here / "test_accessibility.py")
    for item in items:
        if here in item.path.parents and item.path.stem != "test_parts":
            half = "one" if item.path.stem in FIRST_HALF else "other"
            item.add_marker(pytest.mark.xdist_group(f"inbox, {half} half"))


class World:
    """The service's API, as any of its users calls it."""

    def __init__(self, service: LocalService) -> None:
        self.url = service.url
        self._service = service
        self._numbers = count(1)

    def ask(self, method: str, path: str, body: object = None, *, user: str = "demo") -> Any:
        """The JSON that a call answers; a call that is refused fails the test."""
        headers = {**bearer(self._service.token(user)), "Content-Type": "application/json"}
        sent = None if body is None else json.dumps(body).encode()
        answer = call(method, self.url + path, sent, headers)
        assert answer.status < 300, (method, path, answer.status, answer.body)
        return answer.json() if answer.body else None

    def task(
        self,
        name: str,
        *,
        group: str | None = None,
        variables: dict[str, Any] | None = None,
        **properties: Any,
    ) -> str:
        """The id of a new task, offered to a group and with variables of its own."""
        task = f"s{next(self._numbers)}"
        self.ask("POST", "/task/create", {"id": task, "name": name, "priority": 50, **properties})
        if group is not None:
            link = {"groupId": group, "type": "candidate"}
            self.ask("POST", f"/task/{task}/identity-links", link)
        if variables is not None:
            self.ask("POST", f"/task/{task}/localVariables", {"modifications": variables})
        return task

    def of_service(self, name: str, **properties: Any) -> str:
        """The id of a new task of a service that no program works for, with the values."""
        self.ask("PUT", f"/v1/services/{SERVICE}", {"name": "By hand"})
        entry = {"name": name, **properties}
        task: str = self.ask("POST", f"/v1/services/{SERVICE}/tasks", entry)["tid"]
        return task

    def attach(self, task: str, name: str, content: bytes, user: str = "demo") -> None:
        """Attach a file to a task."""
        self._attach(task, user, name=name.encode(), content=content)

    def attach_link(self, task: str, name: str, address: str, user: str = "demo") -> None:
        """Attach an address to a task."""
        self._attach(task, user, name=name.encode(), url=address.encode())

    def _attach(self, task: str, user: str, name: bytes, **parts: bytes) -> None:
        given = (
            part(key, value, file_name="file") if key == "content" else part(key, value)
            for key, value in parts.items()
        )
        body = form(part("attachment-name", name), *given)
        headers = {**bearer(self._service.token(user)), "Content-Type": FORM_TYPE}
        answer = call("POST", f"{self.url}/task/{task}/attachment/create", body, headers)
        assert answer.status == 200, answer.body

    def get(self, task: str) -> Any:
        """An open task."""
        return self.ask("GET", f"/task/{task}")

    def ended(self, task: str) -> bool:
        """Whether a task is open no longer."""
        return bool(self.ask("GET", f"/history/task?taskId={task}&finished=true"))


@pytest.fixture(scope="session")
def program() -> str:
    """A browser."""
    found = chromium()
    if found is None:
        pytest.skip("a browser cannot be had: there is no Chromium")
    return found


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder with the built page; its packages are installed."""
    if shutil.which("npm") is None:
        pytest.skip("the inbox cannot be built: there is no npm")
    with Path(gettempdir(), "taskdock-inbox-build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = built_inbox(PROJECT)
    if found is None:
        pytest.skip("the inbox cannot be built: npm could not fetch its packages")
    return found


@pytest.fixture(scope="session")
def world(program: str, built: Path) -> Iterator[World]:
    """The local service with the inbox built; nothing of it is kept."""
    # Each tenant costs reads of its own. People who share a tenant see each other's names.
    users = {name: replace(user, tenants=("t1",)) for name, user in BUILT_IN_USERS.items()}
    with in_memory(inbox=built.parent, store=Store.DYNOXIDE, users=users) as service:
        yield World(service)


@pytest.fixture(scope="session")
def _demo(program: str, world: World) -> Iterator[Page]:
    with Page(program) as page:
        page.keep_time()
        page.scale = SCALE
        page.sign_in(world.url, "demo")
        yield page


@pytest.fixture(scope="session")
def _mary(program: str, world: World) -> Iterator[Page]:
    with Page(program) as page:
        page.keep_time()
        page.scale = SCALE
        page.sign_in(world.url, "mary")
        yield page


@pytest.fixture(scope="session")
def _stranger(program: str) -> Iterator[Page]:
    with Page(program) as page:
        page.keep_time()
        page.scale = SCALE
        yield page


@pytest.fixture
def stranger(_stranger: Page) -> Iterator[Page]:
    """A browser that was never used."""
    yield from _used(_stranger)
    _stranger.forget_all()


@pytest.fixture
def demo(_demo: Page, world: World) -> Iterator[Page]:
    """The inbox of demo, who is in accounting and sales, as it is on a machine never used."""
    yield from _fresh(_demo, world, "demo")


@pytest.fixture
def mary(_mary: Page, world: World) -> Iterator[Page]:
    """The inbox of mary, who is in sales and support."""
    yield from _fresh(_mary, world, "mary")


def _fresh(page: Page, world: World, person: str) -> Iterator[Page]:
    page.home(world.url, person)
    yield from _used(page)
    # An open page asks for changes every few seconds, also between two stories.
    page.forget()


def _used(page: Page) -> Iterator[Page]:
    page.resize(*DESKTOP)
    page.prefer()
    yield page
    page.connected(is_connected=True)
    page.restore()
    assert page.refused() == []
