"""Stores for tests: in memory, and the template's table in two emulators."""

import logging
import os
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import settings
from taskdock.use_cases.filters.filter_store import FilterStore
from taskdock.use_cases.ports import ServiceRegistry, TaskStore
from taskdock.use_cases.tasks import conflicts

from local.dynoxide import Dynoxide, Unavailable, find
from local.settings import REPOSITORY
from tests.support.in_memory_filters import InMemoryFilterStore
from tests.support.in_memory_services import InMemoryServiceRegistry
from tests.support.in_memory_store import InMemoryTaskStore
from tests.support.tables import Table, new_table

# The same examples in every run, however slow the machine: a test that fails now fails again.
settings.register_profile("house", deadline=None, derandomize=True, database=None)
settings.register_profile("few_examples", settings.get_profile("house"), max_examples=25)
settings.load_profile("house")


@pytest.fixture(autouse=True)
def _no_pauses(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lost races are tried again at once, except in tests that ask for `pauses`."""
    if "pauses" not in request.fixturenames:
        monkeypatch.setattr(conflicts, "sleep", lambda _: None)


@pytest.fixture
def pauses() -> None:
    """Lost races are tried again after a pause, as in the service."""


@pytest.fixture(scope="session")
def moto_endpoint() -> Iterator[str]:
    """moto's server: every AWS service, small and slow."""
    # Imported here: it takes a second that most tests need not wait for.
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line for each request otherwise
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def dynoxide_endpoint() -> Iterator[str]:
    """dynoxide: DynamoDB's transactions, limits and capacity figures, fast.

    Where it cannot be had, tests that need it are skipped; under CI=true they fail.
    """
    try:
        program = find(REPOSITORY / ".local")
    except Unavailable as reason:
        if os.environ.get("CI") == "true":
            pytest.fail(f"dynoxide cannot be had: {reason}")
        pytest.skip(f"dynoxide cannot be had: {reason}")
    with Dynoxide(program, None) as server:
        yield server.endpoint


@pytest.fixture
def moto_table(moto_endpoint: str) -> Iterator[Table]:
    """The template's table in moto, empty. moto's transactions are not safe: one thread only."""
    with new_table(moto_endpoint) as table:
        yield table


@pytest.fixture
def dynoxide_table(dynoxide_endpoint: str) -> Iterator[Table]:
    """The template's table in dynoxide, empty."""
    with new_table(dynoxide_endpoint) as table:
        yield table


@pytest.fixture
def in_memory_store() -> InMemoryTaskStore:
    """A store without a table."""
    return InMemoryTaskStore()


@pytest.fixture(params=["in_memory", "moto", "dynoxide"])
def store(request: pytest.FixtureRequest) -> TaskStore:
    """Every task store, one after the other."""
    if request.param == "in_memory":
        return InMemoryTaskStore()
    table: Table = request.getfixturevalue(f"{request.param}_table")
    return table.store()


@pytest.fixture(params=["in_memory", "moto", "dynoxide"])
def services(request: pytest.FixtureRequest) -> ServiceRegistry:
    """Every registry of services there is."""
    if request.param == "in_memory":
        return InMemoryServiceRegistry()
    table: Table = request.getfixturevalue(f"{request.param}_table")
    return table.services()


@pytest.fixture(params=["in_memory", "moto", "dynoxide"])
def filters(request: pytest.FixtureRequest) -> FilterStore:
    """Every store of filters there is."""
    if request.param == "in_memory":
        return InMemoryFilterStore()
    table: Table = request.getfixturevalue(f"{request.param}_table")
    return table.filters()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests want to be said of them: properties named `summary`."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, ()):
            for name, said in report.user_properties:
                if name == "summary":
                    terminalreporter.write_line(f"{said} ({outcome})")
    left_out = Counter(
        report.longrepr[2].removeprefix("Skipped: ")
        for report in terminalreporter.stats.get("skipped", ())
        if isinstance(report.longrepr, tuple) and "cannot be had" in report.longrepr[2]
    )
    if left_out:
        whys = "; ".join(f"{count} tests, as {why}" for why, count in left_out.items())
        terminalreporter.write_line(f"left out: {whys} (with npm they run)")
