"""Functions run in the process as Lambda would run them, up to their limits."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from local.deployment import Api, Function, Route, TokenRules
from local.gateway import Gateway
from local.http_messages import Request
from local.in_process import InProcess, shared_environment
from local.invocation import FunctionFailed, StillRunning
from local.settings import CannotStart
from tests.support.local_requests.functions.trouble.handler import RELEASED

_FOLDER: Final = "tests.support.local_requests.functions"
TROUBLE: Final = Function("T", f"{_FOLDER}.trouble.handler", "handler", 20.0, 128, {"ONE": "1"})
ECHO: Final = replace(TROUBLE, logical_id="E", module=f"{_FOLDER}.echo.handler")


@pytest.fixture
def slow_calls_end() -> Iterator[None]:
    """Lets the calls that a test gave up on come to their end after it."""
    RELEASED.clear()
    yield
    RELEASED.set()


def event(kind: str) -> Mapping[str, Any]:
    return {"pathParameters": {"kind": kind}}


@pytest.mark.usefixtures("slow_calls_end")
def test_a_function_that_passes_its_timeout_has_failed() -> None:
    hasty = replace(TROUBLE, timeout=0.01)

    with pytest.raises(FunctionFailed, match=r"trouble: Task timed out after 0\.01 seconds"):
        InProcess([hasty]).invoke(hasty, event("slow"), patience=30)


@pytest.mark.usefixtures("slow_calls_end")
def test_a_caller_may_lose_patience_before() -> None:
    with pytest.raises(StillRunning):
        InProcess([TROUBLE]).invoke(TROUBLE, event("slow"), patience=0.01)


@pytest.mark.usefixtures("slow_calls_end")
def test_the_gateway_answers_503_when_its_patience_ends() -> None:
    route = Route("POST", "/trouble/{kind}", TROUBLE, secured=False, scopes=())
    api = Api("$default", (route,), TokenRules("authorization", "", ()), cors=None)
    gateway = Gateway(
        api,
        lambda *_: {},
        InProcess([TROUBLE]),
        patience=0.01,
        clock=lambda: datetime(2026, 1, 23, tzinfo=UTC),
    )

    answer = gateway.answer(Request("POST", "/trouble/slow"))

    assert (answer.status, answer.body) == (503, b'{"message":"Service Unavailable"}')


def test_an_event_over_six_megabytes_is_refused() -> None:
    with pytest.raises(FunctionFailed, match="over 6291556 bytes"):
        InProcess([ECHO]).invoke(ECHO, {"body": "x" * 6_291_556}, patience=30)


def test_a_function_that_does_not_import_fails_and_says_why(
    capfd: pytest.CaptureFixture[str],
) -> None:
    broken = replace(TROUBLE, module=f"{_FOLDER}.missing.handler")
    functions = InProcess([broken])

    functions.load()

    assert "No module named" in capfd.readouterr().err
    with pytest.raises(FunctionFailed, match="missing does not import"):
        functions.invoke(broken, {}, patience=30)


def test_the_environment_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONE", "before")
    monkeypatch.setenv("AWS_PROFILE", "somebody")

    with InProcess([TROUBLE]):
        assert os.environ["ONE"] == "1"
        assert os.environ["AWS_ACCESS_KEY_ID"] == "local"
        assert "AWS_PROFILE" not in os.environ

    assert (os.environ["ONE"], os.environ["AWS_PROFILE"]) == ("before", "somebody")
    assert os.environ.get("AWS_ACCESS_KEY_ID") != "local"


def test_functions_that_disagree_about_a_variable_cannot_share_a_process() -> None:
    with pytest.raises(CannotStart, match="echo wants another ONE"):
        shared_environment([TROUBLE, replace(ECHO, environment={"ONE": "2"})])
