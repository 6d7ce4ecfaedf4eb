"""One engine with a made world, and one taskdock beside it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.service import LocalService
from tests.migration_engine.engine import NoEngine, engine, taskdock
from tests.migration_engine.migrations import Migration
from tests.migration_engine.world import World


@pytest.fixture(scope="session")
def tasks() -> int:
    """How many tasks there are beside those of the made world."""
    return int(os.environ.get("TASKS") or 100)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, tasks: int) -> Iterator[World]:
    """The engine; tests leave what they do not make."""
    log = tmp_path_factory.mktemp("engine") / "log"
    try:
        with engine(log) as world:
            world.make()
            world.load(tasks)
            yield world
    except NoEngine as reason:
        if os.environ.get("MIGRATION_ENGINE"):
            pytest.fail(str(reason))
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def service(world: World) -> Iterator[LocalService]:
    """taskdock."""
    with taskdock() as service:
        yield service


@pytest.fixture
def migration(world: World, service: LocalService, tmp_path: Path) -> Migration:
    """The commands, with a journal of their own."""
    return Migration(world.url, service, tmp_path)
