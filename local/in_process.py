"""The functions inside this very process: quick to start, easy to debug.

A process has one environment, so functions that disagree about a variable cannot share it.
"""

import importlib
import json
import os
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Thread
from types import TracebackType
from typing import Any, Final, Self

from local.console import report
from local.deployment import Function
from local.invocation import (
    LARGEST_PAYLOAD,
    STANDARD_VARIABLES,
    FunctionFailed,
    StillRunning,
)
from local.settings import CannotStart
from local.template import ACCOUNT, REGION

Handler = Callable[[Any, "LambdaContext"], Any]


@dataclass(frozen=True, slots=True)
class LambdaContext:
    """What Lambda tells a handler about its invocation."""

    function_name: str
    memory_limit_in_mb: int
    deadline: float
    """When the function's time is up, by `time.monotonic`."""
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    function_version: str = "$LATEST"
    log_stream_name: str = "local"
    identity: None = None
    client_context: None = None

    @property
    def invoked_function_arn(self) -> str:
        """The function's name in full."""
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.function_name}"

    @property
    def log_group_name(self) -> str:
        """Where the function's log would be."""
        return f"/aws/lambda/{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function's time is up; 0 afterwards."""
        return max(0, int((self.deadline - time.monotonic()) * 1000))


class InProcess:
    """Runs the functions' handlers in threads of this process."""

    def __init__(self, functions: Iterable[Function]) -> None:
        self._functions = tuple(functions)
        self._variables = shared_environment(self._functions)
        self._before: dict[str, str | None] = {}
        self._handlers: dict[str, Handler] = {}

    def __enter__(self) -> Self:
        touched = (*self._variables, *_OTHER_IDENTITIES)
        self._before = {name: os.environ.pop(name, None) for name in touched}
        os.environ.update(self._variables)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    def load(self) -> None:
        """Import every handler now, so that the first call need not.

        One that does not import shows why on the console; its calls fail, the others work.
        """
        for function in self._functions:
            try:
                self._handler(function)
            except FunctionFailed as failure:
                report(failure)

    def invoke(self, function: Function, event: Mapping[str, Any], patience: float) -> Any:
        """As `Invoker.invoke`; a handler that is out of time goes on unheard."""
        payload = json.dumps(event)
        if len(payload) > LARGEST_PAYLOAD:
            raise FunctionFailed(f"{function.name}: the event is over {LARGEST_PAYLOAD} bytes")
        answer: Future[str] = Future()
        Thread(target=self._run, args=(function, payload, answer), daemon=True).start()
        try:
            return json.loads(answer.result(timeout=min(function.timeout, patience)))
        except TimeoutError:
            if patience < function.timeout:
                raise StillRunning from None
            limit = f"{function.timeout:.2f} seconds"
            raise FunctionFailed(f"{function.name}: Task timed out after {limit}") from None

    def _run(self, function: Function, payload: str, answer: Future[str]) -> None:
        context = LambdaContext(
            function_name=function.name,
            memory_limit_in_mb=function.memory,
            deadline=time.monotonic() + function.timeout,
        )
        try:
            returned = json.dumps(self._handler(function)(json.loads(payload), context))
            if len(returned) > LARGEST_PAYLOAD:
                raise FunctionFailed(f"the answer is over {LARGEST_PAYLOAD} bytes")
        except BaseException as problem:  # noqa: BLE001 - whatever it is, it is the function's failure
            failure = FunctionFailed(f"{function.name}: {type(problem).__name__}: {problem}")
            failure.__cause__ = problem
            answer.set_exception(failure)
        else:
            answer.set_result(returned)

    def _handler(self, function: Function) -> Handler:
        if function.logical_id not in self._handlers:
            try:
                module = importlib.import_module(function.module)
                self._handlers[function.logical_id] = getattr(module, function.handler)
            except Exception as problem:
                raise FunctionFailed(f"{function.name} does not import") from problem
        return self._handlers[function.logical_id]


_OTHER_IDENTITIES: Final = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN")
"""Whoever starts the service may be somebody at AWS; the functions are nobody there."""


def shared_environment(functions: Iterable[Function]) -> Mapping[str, str]:
    """The variables of all functions in one; raises `CannotStart` when two disagree."""
    variables: dict[str, str] = dict(STANDARD_VARIABLES)
    for function in functions:
        for name, value in function.environment.items():
            if variables.setdefault(name, value) != value:
                raise CannotStart(
                    f"{function.name} wants another {name} than the functions before it;"
                    " run them apart with --runtime"
                )
    return variables
