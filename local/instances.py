"""Functions in instances of their own: processes that serve one call at a time, as on Lambda.

A server process imports the packages that every function needs and makes each instance as a
copy of itself, so an instance is ready after a tenth of a second. An
instance reads the project's own modules from their files when it is made.
"""

import json
import os
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing import get_context
from signal import SIG_IGN, SIGINT, signal
from threading import Lock
from time import monotonic, tzset
from typing import TYPE_CHECKING, Any, Final, Self
from uuid import uuid4

from local.console import say
from local.deployment import Function
from local.instance_pool import InstancePool
from local.invocation import (
    LARGEST_PAYLOAD,
    FunctionFailed,
    StillRunning,
    environment_of,
)
from local.template import ACCOUNT, REGION

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_FORKS: Final = get_context("forkserver")
_FORKS.set_forkserver_preload(
    [
        "local.instances",
        "boto3",
        "botocore.session",
        "pydantic",
        "aws_lambda_powertools.event_handler.api_gateway",
        "aws_lambda_powertools.logging",
    ]
)


@dataclass(frozen=True, slots=True)
class LambdaContext:
    """The context of an invocation, as Lambda passes it to a handler."""

    function_name: str
    memory_limit_in_mb: int
    deadline: float
    """When the function's time is up, by `time.monotonic`."""
    aws_request_id: str = field(default_factory=lambda: str(uuid4()))
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
        return max(0, int((self.deadline - monotonic()) * 1000))


@dataclass(frozen=True, slots=True)
class _Failure:
    """An exception of a function: its kind and message, and its stack in words."""

    reason: str
    stack: str


class _InFunction(Exception):
    """The stack of an exception in a function's process, to be shown as the failure's cause."""


class Instance:
    """One instance of a function; it serves one call at a time."""

    def __init__(self, function: Function) -> None:
        self._function = function
        self._connection, theirs = _FORKS.Pipe()
        self._process = _FORKS.Process(target=_serve, args=(function, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def invoke(self, payload: str, seconds: float) -> "str | _Failure":
        """The answer's JSON, or how the function failed.

        Raises `FunctionFailed` when the process has ended, and `TimeoutError` when nothing comes
        within so many seconds; the instance is of no use afterwards.
        """
        try:
            self._connection.send(payload)
            if not self._connection.poll(seconds):
                raise TimeoutError
            answer: str | _Failure = self._connection.recv()
        except (EOFError, ConnectionError):
            raise FunctionFailed(f"{self._function.name}: the instance has ended") from None
        return answer

    def end(self) -> None:
        """End the process, in the middle of a call if there is one."""
        self._process.kill()
        self._process.join()
        self._connection.close()


class Instances:
    """Runs functions in processes."""

    def __init__(self, functions: Sequence[Function]) -> None:
        self._functions = functions
        # Its server process is started once, so instances are made one after another.
        making = Lock()

        def make(function: Function) -> Instance:
            with making:
                return Instance(function)

        self._pool = InstancePool(make, Instance.end)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.end()

    def load(self) -> None:
        """Make an instance of every function now, so that first calls find one.

        A function that does not import shows why on the console; its calls fail, others work.
        """
        self._pool.fill(self._functions)

    def invoke(self, function: Function, event: Mapping[str, Any], patience: float) -> Any:
        """As `Invoker.invoke`; a call that is given up on ends its instance."""
        payload = json.dumps(event)
        if len(payload) > LARGEST_PAYLOAD:
            raise FunctionFailed(f"{function.name}: the event is over {LARGEST_PAYLOAD} bytes")
        with self._pool.taken(function, patience) as instance:
            try:
                answer = instance.invoke(payload, min(function.timeout, patience))
            except TimeoutError:
                if patience < function.timeout:
                    raise StillRunning from None
                limit = f"{function.timeout:.2f} seconds"
                raise FunctionFailed(f"{function.name}: Task timed out after {limit}") from None
        if isinstance(answer, _Failure):
            raise FunctionFailed(f"{function.name}: {answer.reason}") from _InFunction(answer.stack)
        return json.loads(answer)


def _serve(function: Function, connection: "Connection") -> None:
    """What an instance's process does: calls the handler with each event that it is sent."""
    # Ctrl-C reaches every process of a terminal; the last calls still need this one.
    signal(SIGINT, SIG_IGN)
    os.environ.clear()
    os.environ.update(environment_of(function))
    tzset()
    try:
        handler = getattr(import_module(function.module), function.handler)
    except Exception:  # noqa: BLE001 - whatever it is, it is the function's failure
        say(f"{function.name} does not import\n{traceback.format_exc()}")
        answer = _Failure("does not import", traceback.format_exc())
        while _received(connection) is not None:
            connection.send(answer)
        return
    while (payload := _received(connection)) is not None:
        connection.send(_answer(function, handler, payload))


def _received(connection: "Connection") -> str | None:
    """The next event; None when there are no more."""
    try:
        payload: str = connection.recv()
    except EOFError:
        return None
    return payload


def _answer(function: Function, handler: Any, payload: str) -> str | _Failure:
    context = LambdaContext(
        function_name=function.name,
        memory_limit_in_mb=function.memory,
        deadline=monotonic() + function.timeout,
    )
    try:
        returned = json.dumps(handler(json.loads(payload), context))
    except Exception as problem:  # noqa: BLE001 - whatever it is, it is the function's failure
        return _Failure(f"{type(problem).__name__}: {problem}", traceback.format_exc())
    if len(returned) > LARGEST_PAYLOAD:
        return _Failure(f"the answer is over {LARGEST_PAYLOAD} bytes", "")
    return returned
