"""The wiring's clock, and what it makes ahead of requests."""

import time

import pytest
from taskdock.runtime.http_app import HttpApp
from taskdock.runtime.settings import Settings, is_initialized_ahead
from taskdock.runtime.wiring import Wiring


def test_the_clock_shows_the_time() -> None:
    before = time.time_ns() // 1_000_000

    assert before <= Wiring(Settings()).now() <= time.time_ns() // 1_000_000


def test_a_stopped_clock_does_not_move() -> None:
    wiring = Wiring(Settings(local_now=1_773_576_000_000))

    assert [wiring.now(), wiring.now()] == [1_773_576_000_000] * 2


def test_getting_ready_makes_the_tables_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    wiring = Wiring(Settings(table_name="tasks"))
    assert "_dynamodb" not in vars(wiring)
    wiring.get_ready()
    assert "_dynamodb" in vars(wiring)


def test_without_a_table_there_is_nothing_to_get_ready() -> None:
    wiring = Wiring(Settings())
    wiring.get_ready()
    assert vars(wiring).keys() == {"settings"}


@pytest.mark.parametrize(
    ("kind", "ahead"),
    [
        (None, False),
        ("on-demand", False),
        ("snap-start", True),
        ("provisioned-concurrency", True),
        ("lambda-managed-instances", False),
    ],
)
def test_instances_with_provisioned_concurrency_make_their_client_ahead(
    monkeypatch: pytest.MonkeyPatch, kind: str | None, ahead: bool
) -> None:
    if kind is None:
        monkeypatch.delenv("AWS_LAMBDA_INITIALIZATION_TYPE", raising=False)
    else:
        monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", kind)
    assert is_initialized_ahead() is ahead
    made: list[Wiring] = []

    def wiring() -> Wiring:
        made.append(Wiring(Settings()))
        return made[-1]

    HttpApp(wiring)
    assert len(made) == ahead
