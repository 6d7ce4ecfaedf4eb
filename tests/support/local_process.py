"""The local service as its own process, as `make run` starts it."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread, Timer
from types import TracebackType
from typing import Final, Self

from local.ports import free_port
from local.settings import REPOSITORY

_SECONDS_TO_START: Final = 60
_SECONDS_TO_STOP: Final = 30


class LocalProcess:
    """`python -m local` on a free port, from entering to leaving it."""

    def __init__(self, folder: Path, **environment: str) -> None:
        """`folder` keeps what the service keeps; the program of dynoxide is found there too."""
        self.port = free_port()
        self.output: list[str] = []
        """What it printed, line by line."""
        self._environment = {
            **os.environ,
            "PORT": str(self.port),
            "LOCAL_FOLDER": str(folder),
            "INBOX": "0",
            **environment,
        }

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "local"],
            cwd=REPOSITORY,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        watchdog = Timer(_SECONDS_TO_START, self.process.kill)
        watchdog.start()
        self._read_until_ready()
        watchdog.cancel()
        self._reader = Thread(target=self._read_on)
        self._reader.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.end_with(signal.SIGTERM)

    @property
    def token(self) -> str:
        """The token that the greeting gives."""
        [line] = [line for line in self.output if line.startswith("TOKEN=")]
        return line.removeprefix("TOKEN=")

    def descendants(self) -> list[int]:
        """The processes that it started, or that those started, and that are alive."""
        listed = subprocess.run(
            ["ps", "-e", "-o", "pid=,ppid="], check=True, capture_output=True, text=True
        )
        pairs = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
        found = [self.process.pid]
        for parent in found:
            found += [pid for pid, of in pairs if of == parent]
        return found[1:]

    def end_with(self, number: signal.Signals) -> int:
        """Send a signal; the exit code, everything printed until then being in `output`."""
        self.process.send_signal(number)
        try:
            return self.process.wait(_SECONDS_TO_STOP)
        finally:
            self.process.kill()  # does nothing to one that has ended
            self._reader.join()
            assert self.process.stdout
            self.process.stdout.close()

    def _read_until_ready(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.output.append(line.rstrip("\n"))
            if "is ready" in line:
                return
        raise AssertionError("\n".join(["the service does not start:", *self.output]))

    def _read_on(self) -> None:
        assert self.process.stdout
        # Each at once: a test may wait for what is printed.
        for line in self.process.stdout:
            self.output.append(line.rstrip("\n"))
