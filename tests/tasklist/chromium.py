"""A Chromium without a window, driven over its own protocol through two pipes."""

import json
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from fcntl import F_DUPFD, fcntl
from pathlib import Path
from select import select
from threading import Event
from time import monotonic
from typing import Any, Final, Self

NAMES: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PATIENCE: Final = 30.0
"""Seconds until something that is expected has to be on the page."""

_LOOK_AGAIN: Final = 0.03
"""Seconds between two looks at whether it is there."""

_SILENCE: Final = 30.0
"""Seconds after which an answer is not expected any more."""

_GONE: Final = ("navigated", "Cannot find context", "Execution context was destroyed")
"""What the browser answers when the page goes while it is asked."""


def chromium() -> str | None:
    """The program, if there is one on this machine."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Left(AssertionError):
    """The page that was asked is left for another one."""


class Browser:
    """One page in a browser of its own."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._number = 0
        self._session = ""
        self._left = b""

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory()
        read_here, write_there = os.pipe()
        read_there, write_here = os.pipe()
        self._in, self._out = read_here, write_here

        def pass_pipes() -> None:
            # Copies first, of numbers that are free: one of the two may be 3 or 4 itself.
            to, back = (fcntl(each, F_DUPFD, 10) for each in (read_there, write_there))
            os.dup2(to, 3)
            os.dup2(back, 4)

        self._process = subprocess.Popen(
            [
                self._program,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--remote-debugging-pipe",
                "--window-size=1600,1000",
                f"--user-data-dir={Path(self._folder.name)}",
            ],
            preexec_fn=pass_pipes,  # noqa: PLW1509 - no thread of ours holds a lock here
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(read_there)
        os.close(write_there)
        try:
            self._begin()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _begin(self) -> None:
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self._ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self._ask("Page.enable")
        self._ask("Runtime.enable")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)
        os.close(self._in)
        os.close(self._out)
        self._remove_folder()

    def _remove_folder(self) -> None:
        """Remove the browser's folder, which the last of its processes may still write to."""
        until = monotonic() + _SILENCE
        while True:
            try:
                self._folder.cleanup()
            except OSError:
                if monotonic() > until:
                    raise
                Event().wait(0.1)
            else:
                return

    def go(self, address: str) -> None:
        """Open a page."""
        self._ask("Page.navigate", url=address)

    def run(self, script: str) -> Any:
        """The value of an expression on the page."""
        answer = self._ask("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in answer:
            raise AssertionError(f"{script}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait_for(self, script: str) -> Any:
        """The value of an expression on the page as soon as there is one."""
        until = monotonic() + PATIENCE
        while monotonic() < until:
            with suppress(Left):
                if value := self.run(script):
                    return value
            Event().wait(_LOOK_AGAIN)
        seen = self.run("document.body?.innerText")
        raise AssertionError(f"never true: {script}\non the page: {seen}")

    def see(self, text: str) -> None:
        """Wait until the text is on the page."""
        self.wait_for(f"document.body?.innerText.includes({json.dumps(text)})")

    def click(self, selector: str, text: str = "") -> None:
        """Click the first visible element of a selector that holds the text."""
        self.wait_for(
            f"""(() => {{
              const found = [...document.querySelectorAll({json.dumps(selector)})].find(each =>
                each.offsetParent !== null && !each.disabled
                && each.innerText.includes({json.dumps(text)}));
              if (found) found.click();
              return Boolean(found);
            }})()"""
        )

    def fill(self, selector: str, text: str) -> None:
        """Write into the first visible field of a selector."""
        self.wait_for(
            f"""(() => {{
              const found = [...document.querySelectorAll({json.dumps(selector)})]
                .find(each => each.offsetParent !== null);
              if (!found) return false;
              found.focus();
              found.value = {json.dumps(text)};
              for (const kind of ["input", "change", "keyup"])
                found.dispatchEvent(new Event(kind, {{bubbles: true}}));
              return true;
            }})()"""
        )

    def _ask(self, method: str, **parameters: Any) -> Any:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                if "error" in answer:
                    is_left = any(each in answer["error"]["message"] for each in _GONE)
                    raise (Left if is_left else AssertionError)(f"{method}: {answer['error']}")
                return answer["result"]

    def _next(self) -> Any:
        while b"\0" not in self._left:
            if not select([self._in], [], [], _SILENCE)[0]:
                raise Left("the browser does not answer: the page has gone while it was asked")
            part = os.read(self._in, 65536)
            if not part:
                raise AssertionError("the browser has ended")
            self._left += part
        text, _, self._left = self._left.partition(b"\0")
        return json.loads(text)
