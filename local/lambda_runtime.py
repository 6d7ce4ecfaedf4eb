"""The functions in the real Lambda runtime: AWS's interface client, driven by AWS's emulator.

Both come in packages: the client is what Lambda's Python image runs, the emulator is what
`sam local` copies into its containers.
"""

import json
import platform
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final, Self

from local.child_processes import start_child, stop
from local.deployment import Function
from local.instance_pool import InstancePool
from local.invocation import (
    LARGEST_PAYLOAD,
    FunctionFailed,
    StillRunning,
    environment_of,
    payload_of,
)
from local.ports import free_port
from local.settings import HOST, REPOSITORY, CannotStart

_MACHINE: Final = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
_EMULATOR_IN_SAM: Final = f"site-packages/samcli/local/rapid/aws-lambda-rie-{_MACHINE}"
EMULATOR: Final = next(
    (REPOSITORY / ".venv-sam/lib").glob(f"python3.*/{_EMULATOR_IN_SAM}"),
    REPOSITORY / ".venv-sam/lib/python3" / _EMULATOR_IN_SAM,  # not there: said when needed
)
_SECONDS_TO_START: Final = 10.0
_MOST_MEMORY: Final = re.compile(r"VmHWM:\s+(\d+) kB")


class Instance:
    """One instance of a function; it initialises at its first call and takes one at a time."""

    def __init__(
        self,
        folder: Path,
        handler: str,
        environment: Mapping[str, str],
        *,
        interpreter: Path = Path(sys.executable),
        log_level: str = "error",
        output: IO[bytes] | None = None,
    ) -> None:
        """`environment` is all that the function finds there; `output` None is the console."""
        self._port = free_port()
        addresses = (
            f"--runtime-interface-emulator-address={HOST}:{self._port}",
            f"--runtime-api-address={HOST}:{free_port()}",
        )
        self._command: Sequence[str | Path] = (
            EMULATOR,
            f"--log-level={log_level}",
            *addresses,
            interpreter,
            "-m",
            "awslambdaric",
            handler,
        )
        self._folder = folder
        self._environment = {"LAMBDA_TASK_ROOT": str(folder), "_HANDLER": handler, **environment}
        self._output = output

    def __enter__(self) -> Self:
        self._process = start_child(
            self._command,
            environment=self._environment,
            folder=self._folder,
            output=self._output,
        )
        return self

    def __exit__(self, *_: object) -> None:
        stop(self._process)

    def invoke(self, payload: bytes, patience: float) -> bytes:
        """What comes back for an event: the answer, or the error in Lambda's form, or text.

        Raises `TimeoutError` when nothing comes within `patience` seconds, and `OSError` when
        the runtime ends instead.
        """
        request = urllib.request.Request(
            f"http://{HOST}:{self._port}/2015-03-31/functions/function/invocations", payload
        )
        deadline = time.monotonic() + _SECONDS_TO_START
        while True:
            try:
                with urllib.request.urlopen(request, timeout=patience) as answer:  # noqa: S310
                    body: bytes = answer.read()
                    return body
            except urllib.error.HTTPError as refusal:
                with refusal:
                    return refusal.read()
            except urllib.error.URLError as problem:
                if not isinstance(problem.reason, ConnectionRefusedError):
                    raise
                self._wait_for_start(deadline)

    @property
    def peak_megabytes(self) -> float:
        """The most memory that the function's process has had so far, as Linux counts it."""
        parent = f"PPid:\t{self._process.pid}\n"
        for status in Path("/proc").glob("[0-9]*/status"):
            with suppress(OSError):  # a process that has just ended
                text = status.read_text(encoding="utf-8")
                if parent in text and (found := _MOST_MEMORY.search(text)):
                    return int(found[1]) / 1024
        raise ProcessLookupError("the function has no process")

    def _wait_for_start(self, deadline: float) -> None:
        try:
            self._process.wait(0.02)
        except subprocess.TimeoutExpired:
            if time.monotonic() < deadline:
                return
        raise ChildProcessError("the runtime does not start")


class LambdaRuntime:
    """Runs functions in the real runtime."""

    def __init__(self, functions: Sequence[Function]) -> None:
        if not EMULATOR.is_file():
            raise CannotStart(f"--runtime: there is no {EMULATOR}; make run RUNTIME=1 fetches it")
        self._functions = functions
        # Instances outlast the requests that need them, so no request's thread starts one.
        self._starter = ThreadPoolExecutor(max_workers=1)
        self._pool = InstancePool(self._started, lambda instance: instance.__exit__())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.end()
        self._starter.shutdown()

    def load(self) -> None:
        """Start an instance of every function, to be initialised by its first call."""
        self._pool.fill(self._functions)

    def invoke(self, function: Function, event: Mapping[str, Any], patience: float) -> Any:
        """As `Invoker.invoke`; an instance that gives no answer is not used again."""
        payload = payload_of(event)
        if len(payload) > LARGEST_PAYLOAD:  # the emulator would cut it without a word
            raise FunctionFailed(f"{function.name}: the event is over {LARGEST_PAYLOAD} bytes")
        with self._pool.taken(function, patience) as instance:
            try:
                answered = instance.invoke(payload, patience)
            except TimeoutError:
                raise StillRunning from None
            except OSError as problem:
                raise FunctionFailed(f"{function.name}: {problem}") from None
        return _returned(function, answered)

    def _started(self, function: Function) -> Instance:
        module = REPOSITORY.joinpath(*function.module.split("."))
        instance = Instance(
            module.parent,
            f"{module.name}.{function.handler}",
            {**environment_of(function), "PYTHONPATH": str(module.parent)},
        )
        return self._starter.submit(instance.__enter__).result()


def _returned(function: Function, answered: bytes) -> Any:
    """The function's answer; raises `FunctionFailed` for Lambda's words that there is none."""
    try:
        returned = json.loads(answered)
    except ValueError:
        text = answered.decode(errors="replace").strip()
        raise FunctionFailed(f"{function.name}: {text}") from None
    if isinstance(returned, dict) and "errorType" in returned and "statusCode" not in returned:
        said = f"{returned['errorType']}: {returned.get('errorMessage', '')}"
        raise FunctionFailed(f"{function.name}: {said}")
    return returned
