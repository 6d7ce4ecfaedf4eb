"""Functions in the real Lambda runtime, as they are deployed.

A function sees its folder, the layers, what Lambda brings along, and no other package.
"""

import json
import os
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from local.lambda_runtime import Instance

_INITIALISED: Final = re.compile(r"INIT REPORT\(durationMs: ([0-9.]+)")
_ANSWERED: Final = re.compile(r"INVOKE RTDONE\(.*duration: ([0-9.]+)ms")
_PATIENCE_SECONDS: Final = 60


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
        self._environment = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "PYTHONNOUSERSITE": "1",
            "PYTHONPATH": os.pathsep.join(map(str, (folder, *import_folders))),
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
        self._log = tempfile.TemporaryFile()
        self._instance = Instance(
            self._folder,
            "handler.handler",
            self._environment,
            # The interpreter below the virtual environment: it sees none of the packages in there.
            interpreter=Path(sys.executable).resolve(),
            log_level="info",
            output=self._log,
        )
        self._instance.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._instance.__exit__(kind, error, trace)
        self._log.close()

    def invoke(self, event: Mapping[str, Any], patience: float = _PATIENCE_SECONDS) -> Any:
        """What the function returns for `event`; of a failed call the error as Lambda tells it."""
        return json.loads(self._instance.invoke(json.dumps(event).encode(), patience))

    @property
    def init_milliseconds(self) -> float:
        """How long the first call's initialisation took, as the emulator reports it."""
        return self._first(_INITIALISED)

    @property
    def first_call_milliseconds(self) -> float:
        """How long the first call took after that."""
        return self._first(_ANSWERED)

    @property
    def milliseconds(self) -> list[float]:
        """How long each call took so far, the first one's initialisation apart."""
        return [float(found[1]) for found in _ANSWERED.finditer(self.log)]

    @property
    def peak_megabytes(self) -> float:
        """The most memory that the function's process has had so far."""
        return self._instance.peak_megabytes

    @property
    def log(self) -> str:
        """All that the function and the emulator wrote so far."""
        # Not by seeking: the child writes where this file's offset is.
        file = self._log.fileno()
        return os.pread(file, os.fstat(file).st_size, 0).decode()

    def _first(self, report: re.Pattern[str]) -> float:
        found = report.search(self.log)
        assert found, self.log
        return float(found[1])
