"""Functions that other functions invoke by name, without waiting for them: `lambda:Invoke`."""

import json
from collections.abc import Callable, Iterable, Mapping
from re import compile as pattern
from threading import Lock, Thread
from typing import Any, Final
from urllib.parse import unquote

from local.console import report
from local.deployment import Function
from local.invocation import FunctionFailed, Invoker, StillRunning
from local.kept_objects import Application
from local.template import Template

_PATH: Final = pattern(r"/2015-03-31/functions/([^/]+)/invocations")


def named_functions(
    template: Template, functions: Mapping[str, Function]
) -> Mapping[str, Function]:
    """The functions that have a name of the template's choice, by it: others invoke them."""
    return {
        str(template.resolve(properties["FunctionName"])): functions[logical_id]
        for logical_id, properties in template.resources("AWS::Serverless::Function").items()
        if "FunctionName" in properties
    }


class DirectInvocations:
    """Answers invocations at the endpoint of all services, and runs them in the background."""

    def __init__(self) -> None:
        self._functions: Mapping[str, Function] = {}
        self._invoker: Invoker | None = None
        self._running: set[Thread] = set()
        self._lock = Lock()

    def connect(self, functions: Mapping[str, Function], invoker: Invoker) -> None:
        """From now on run the functions of these names."""
        self._functions, self._invoker = functions, invoker

    def around(self, application: Application) -> Application:
        """The application, in front of which invocations are taken."""

        def answering(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
            path = _PATH.fullmatch(environ.get("PATH_INFO", ""))
            if path is None:
                return application(environ, start)
            payload = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            known = self._begin(unquote(path[1]), json.loads(payload or b"{}"))
            start("202 Accepted" if known else "404 Not Found", [("Content-Length", "0")])
            return [b""]

        return answering

    def wait(self) -> None:
        """Until nothing runs any more."""
        with self._lock:
            running = list(self._running)
        for each in running:
            each.join()

    def _begin(self, name: str, event: Mapping[str, Any]) -> bool:
        function, invoker = self._functions.get(name), self._invoker
        if function is None or invoker is None:
            return False

        def run() -> None:
            try:
                invoker.invoke(function, event, function.timeout)
            except (FunctionFailed, StillRunning) as problem:
                report(problem)
            with self._lock:
                self._running.discard(thread)

        thread = Thread(target=run, daemon=True)
        with self._lock:
            self._running.add(thread)
        thread.start()
        return True
