"""Functions run in instances as on Lambda, up to their limits."""

import json
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from local.deployment import Api, Function, Route, TokenRules
from local.gateway import Gateway
from local.http_messages import Request
from local.instance_pool import MOST_INSTANCES
from local.instances import Instances
from local.invocation import FunctionFailed, StillRunning

_FOLDER: Final = "tests.support.local_requests.functions"
_VARIABLES: Final = {"TABLE_NAME": "t", "GREETING": "hello", "ISSUER": "i"}
TROUBLE: Final = Function("T", f"{_FOLDER}.trouble.handler", "handler", 20.0, 128, {})
ECHO: Final = Function("E", f"{_FOLDER}.echo.handler", "handler", 20.0, 128, _VARIABLES)


@pytest.fixture
def instances() -> Iterator[Instances]:
    with Instances(()) as instances:
        yield instances


def event(kind: str) -> Mapping[str, Any]:
    return {"pathParameters": {"kind": kind}}


def test_a_function_that_passes_its_timeout_has_failed(instances: Instances) -> None:
    hasty = replace(TROUBLE, timeout=0.01)

    with pytest.raises(FunctionFailed, match=r"trouble: Task timed out after 0\.01 seconds"):
        instances.invoke(hasty, event("slow"), patience=30)


def test_after_a_timeout_the_next_call_has_an_instance_of_its_own(instances: Instances) -> None:
    hasty = replace(TROUBLE, timeout=2.0)

    with pytest.raises(FunctionFailed, match="timed out"):
        instances.invoke(hasty, event("slow"), patience=30)

    assert instances.invoke(hasty, event("empty"), patience=30) == {"statusCode": 204}


def test_after_a_caller_lost_patience_the_next_call_has_an_instance_of_its_own(
    instances: Instances,
) -> None:
    with pytest.raises(StillRunning):
        instances.invoke(TROUBLE, event("slow"), patience=0.5)

    assert instances.invoke(TROUBLE, event("empty"), patience=30) == {"statusCode": 204}


def test_a_caller_may_lose_patience_before(instances: Instances) -> None:
    with pytest.raises(StillRunning):
        instances.invoke(TROUBLE, event("slow"), patience=0.01)


def test_the_gateway_answers_503_when_its_patience_ends(instances: Instances) -> None:
    route = Route("POST", "/trouble/{kind}", TROUBLE, secured=False, scopes=())
    api = Api("$default", (route,), TokenRules("authorization", "", ()), cors=None)
    gateway = Gateway(
        api,
        lambda *_: {},
        instances,
        patience=0.01,
        clock=lambda: datetime(2026, 1, 23, tzinfo=UTC),
    )

    answer = gateway.answer(Request("POST", "/trouble/slow"))

    assert (answer.status, answer.body) == (503, b'{"message":"Service Unavailable"}')


def test_an_event_over_six_megabytes_is_refused(instances: Instances) -> None:
    with pytest.raises(FunctionFailed, match="over 6291556 bytes"):
        instances.invoke(ECHO, {"body": "x" * 6_291_556}, patience=30)


def test_a_function_that_does_not_import_fails_and_says_why(instances: Instances) -> None:
    broken = replace(TROUBLE, module=f"{_FOLDER}.missing.handler")

    for _ in range(2):
        with pytest.raises(FunctionFailed, match="missing: does not import") as failure:
            instances.invoke(broken, {}, patience=30)
        assert "No module named" in str(failure.value.__cause__)


@pytest.mark.parametrize("kind", ["crash", "exit"])
def test_a_failure_ends_nothing_but_its_call(instances: Instances, kind: str) -> None:
    with pytest.raises(FunctionFailed):
        instances.invoke(TROUBLE, event(kind), patience=30)

    assert instances.invoke(TROUBLE, event("empty"), patience=30) == {"statusCode": 204}


def test_a_function_has_the_variables_of_its_template_and_no_other_credentials(
    instances: Instances, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two functions may have different values for a variable."""
    monkeypatch.setenv("AWS_PROFILE", "somebody")
    other = replace(ECHO, logical_id="O", environment={**_VARIABLES, "GREETING": "goodbye"})
    before = dict(os.environ)

    found = [process(instances, each)["variables"]["GREETING"] for each in (ECHO, other)]

    assert found == ["hello", "goodbye"]
    environment = process(instances, replace(ECHO, logical_id="P"))["environment"]
    assert environment["AWS_ACCESS_KEY_ID"] == "local"
    assert "AWS_PROFILE" not in environment
    assert dict(os.environ) == before


def test_an_instance_serves_one_call_at_a_time_and_then_the_next(instances: Instances) -> None:
    """As many instances are made as there are calls at one time; a free one is used again."""
    one_after_another = {process(instances, ECHO)["pid"] for _ in range(3)}

    with ThreadPoolExecutor(MOST_INSTANCES * 2) as threads:
        calls = threads.map(lambda _: process(instances, ECHO)["pid"], range(MOST_INSTANCES * 4))
        side_by_side = set(calls)

    assert len(one_after_another) == 1
    assert os.getpid() not in side_by_side
    assert len(side_by_side) <= MOST_INSTANCES


def test_no_process_outlives_the_pool() -> None:
    with Instances([ECHO]) as instances:
        instances.load()
        pid = process(instances, ECHO)["pid"]
        assert Path(f"/proc/{pid}").exists() or not Path("/proc").exists()

    assert not Path(f"/proc/{pid}").exists()


def process(instances: Instances, function: Function) -> dict[str, Any]:
    """What a call of `echo` says about the process that it ran in."""
    answer = instances.invoke(function, {}, patience=30)
    content: dict[str, Any] = json.loads(answer["body"])
    return content
