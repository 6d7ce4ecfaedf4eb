"""`--runtime`: the same gateway, the functions in the real Lambda runtime."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Final

import pytest

from local import lambda_runtime
from local.deployment import Function
from local.invocation import FunctionFailed, StillRunning
from local.lambda_runtime import LambdaRuntime
from local.service import LocalService
from local.settings import REPOSITORY, CannotStart, User
from tests.support.http import bearer, call
from tests.support.local_service import SMALL_TEMPLATE, in_memory

_MODULE: Final = "tests.support.local_requests.functions.trouble.handler"
TROUBLE: Final = Function("T", _MODULE, "handler", 20.0, 128, {})


@pytest.fixture(scope="module")
def service() -> Iterator[LocalService]:
    users = {"mary": User(groups=("sales",))}
    with in_memory(template=SMALL_TEMPLATE, users=users, runtime=True) as service:
        yield service


def test_a_function_sees_event_context_and_variables(service: LocalService) -> None:
    answer = call("GET", f"{service.url}/echo/a%20b", headers=bearer(service.token("mary")))

    assert answer.status == 200, answer.body
    seen = answer.json()
    assert seen["event"]["pathParameters"] == {"id": "a b"}
    assert seen["context"]["function"] == "echo"
    assert seen["variables"]["TABLE_NAME"] == f"{service.settings.stack}-Things"


def test_bytes_come_out_as_bytes(service: LocalService) -> None:
    answer = call("POST", f"{service.url}/trouble/bytes", b"")

    assert (answer.status, answer.body) == (201, b"\x00\x01\xff")


@pytest.mark.parametrize("kind", ["crash", "exit", "unsayable", "huge"])
def test_a_failure_is_a_500_and_the_next_call_works(service: LocalService, kind: str) -> None:
    failed = call("POST", f"{service.url}/trouble/{kind}", b"")
    next_one = call("POST", f"{service.url}/trouble/empty", b"")

    assert (failed.status, failed.json()) == (500, {"message": "Internal Server Error"})
    assert next_one.status == 204


def test_calls_at_one_time_have_instances_of_their_own(service: LocalService) -> None:
    with ThreadPoolExecutor(3) as threads:
        answers = list(
            threads.map(lambda _: call("POST", f"{service.url}/trouble/empty", b""), range(9))
        )

    assert [answer.status for answer in answers] == [204] * 9


def test_a_function_that_passes_its_timeout_has_failed() -> None:
    hasty = replace(TROUBLE, timeout=1.0)
    with (
        LambdaRuntime([hasty]) as runtime,
        pytest.raises(FunctionFailed, match=r"Task timed out after 1\.00 seconds"),
    ):
        runtime.invoke(hasty, {"pathParameters": {"kind": "slow"}}, patience=60)


def test_a_caller_may_lose_patience_before() -> None:
    with LambdaRuntime([TROUBLE]) as runtime:
        runtime.invoke(TROUBLE, {"pathParameters": {"kind": "empty"}}, patience=60)

        with pytest.raises(StillRunning):
            runtime.invoke(TROUBLE, {"pathParameters": {"kind": "slow"}}, patience=0.05)


def test_without_the_emulator_it_says_where_it_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lambda_runtime, "EMULATOR", REPOSITORY / "nowhere")

    with pytest.raises(CannotStart, match="make run RUNTIME=1 fetches it"):
        LambdaRuntime([TROUBLE])
