"""One service for every client; a module may say below which context path."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from secrets import token_hex

import pytest

from local.service import LocalService
from tests.clients.generic_client import Desk
from tests.support.local_service import in_memory

type DeskOf = Callable[[str], Desk]


@pytest.fixture(scope="package")
def base_path(request: pytest.FixtureRequest) -> str:
    """The context path: the one that programs for Camunda 7 expect, or a module's own."""
    path: str = getattr(request, "param", "/engine-rest")
    return path


@pytest.fixture(scope="package")
def service(base_path: str) -> Iterator[LocalService]:
    """The service; tests keep to tasks of their own."""
    with in_memory(shell={"BASE_PATH": base_path}) as service:
        yield service


@pytest.fixture(scope="package")
def url(service: LocalService, base_path: str) -> str:
    """The engine's address for clients."""
    return service.url + base_path


@pytest.fixture
def desk_of(service: LocalService, url: str, tmp_path: Path) -> Iterator[DeskOf]:
    """Makes the desk of a user."""
    with ExitStack() as desks:
        yield lambda user: desks.enter_context(Desk(url, service.token(user), tmp_path))


@pytest.fixture
def desk(desk_of: DeskOf) -> Desk:
    """demo's desk."""
    return desk_of("demo")


@pytest.fixture
def task_id() -> str:
    """An id that no other task has."""
    return f"task-{token_hex(6)}"
