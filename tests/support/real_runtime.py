"""Functions in the real Lambda runtime: AWS's interface client, driven by AWS's own emulator.

The emulator is the binary that comes with SAM's command line. A function runs as it is
deployed: its folder, the layers, what Lambda brings along, and nothing else.
"""

import json
import os
import platform
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from local.child_processes import start_child, stop
from local.ports import free_port
from local.settings import HOST, REPOSITORY

_MACHINE: Final = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
_EMULATORS: Final = f"lib/python3.13/site-packages/samcli/local/rapid/aws-lambda-rie-{_MACHINE}"
_INIT_REPORT: Final = re.compile(r"INIT REPORT\(durationMs: ([0-9.]+)")
_SECONDS_TO_START: Final = 10.0


class RealRuntime:
    """One instance of a function; it initialises at its first call, as in Lambda.

    A context manager: the instance and its child are gone afterwards.
    """

    def __init__(
        self,
        folder: Path,
        import_folders: Sequence[Path],
        environment: Mapping[str, str],
        *,
        memory: int = 1769,
        timeout: int = 29,
    ) -> None:
        self._folder = folder
        self._port = free_port()
        self._environment = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "PYTHONNOUSERSITE": "1",
            "PYTHONPATH": os.pathsep.join(map(str, (folder, *import_folders))),
            "LAMBDA_TASK_ROOT": str(folder),
            "_HANDLER": "handler.handler",
            "AWS_LAMBDA_FUNCTION_NAME": folder.name,
            "AWS_LAMBDA_FUNCTION_VERSION": "1",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(memory),
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(timeout),
            "AWS_REGION": "eu-central-1",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "nothing",
            "AWS_EC2_METADATA_DISABLED": "true",
            **environment,
        }

    def __enter__(self) -> Self:
        emulator = REPOSITORY / ".venv-sam" / _EMULATORS
        # The interpreter below the virtual environment: it sees none of the packages in there.
        interpreter = os.path.realpath(sys.executable)
        self._log = tempfile.TemporaryFile()
        self._process = start_child(
            [
                emulator,
                "--log-level=info",
                f"--runtime-interface-emulator-address={HOST}:{self._port}",
                f"--runtime-api-address={HOST}:{free_port()}",
                interpreter,
                "-m",
                "awslambdaric",
                "handler.handler",
            ],
            environment=self._environment,
            folder=self._folder,
            output=self._log,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        stop(self._process)
        self._log.close()

    def wait_until_it_listens(self) -> None:
        """Come back when calls will be heard; nothing is initialised by then."""
        deadline = time.monotonic() + _SECONDS_TO_START
        while True:
            try:
                socket.create_connection((HOST, self._port), timeout=1).close()
            except ConnectionRefusedError:
                self._wait_a_little(deadline)
            else:
                return

    def invoke(self, event: Mapping[str, Any]) -> Any:
        """What the function returns for `event`; of a failed call the error as Lambda tells it."""
        self.wait_until_it_listens()
        request = urllib.request.Request(
            f"http://{HOST}:{self._port}/2015-03-31/functions/function/invocations",
            json.dumps(event).encode(),
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    @property
    def init_milliseconds(self) -> float:
        """How long the first call's initialisation took, as the emulator reports it."""
        found = _INIT_REPORT.search(self.log)
        assert found, self.log
        return float(found[1])

    @property
    def log(self) -> str:
        """All that the function and the emulator wrote so far."""
        # Not by seeking: the child writes where this file's offset is.
        file = self._log.fileno()
        return os.pread(file, os.fstat(file).st_size, 0).decode()

    def _wait_a_little(self, deadline: float) -> None:
        try:
            self._process.wait(0.02)
        except subprocess.TimeoutExpired:
            assert time.monotonic() < deadline, self.log
        else:
            raise AssertionError(f"the runtime ended before it answered:\n{self.log}")
