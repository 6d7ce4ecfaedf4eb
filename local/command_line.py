"""What `make run` starts: the service, a greeting with commands to paste, and a clean end."""

import os
import signal
import time
from threading import Event
from types import FrameType

from local.console import say
from local.example_service import SID
from local.service import LocalService
from local.settings import CannotStart, LocalSettings


def main() -> int:
    """Run the local service until a signal; the exit code, 1 when it cannot start."""
    started = time.perf_counter()
    stopped = Event()

    def stop(_: int, __: FrameType | None) -> None:
        stopped.set()

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, stop)
    try:
        with LocalService(LocalSettings.of(os.environ)) as service:
            say(greeting(service, time.perf_counter() - started))
            stopped.wait()
    except CannotStart as reason:
        say(f"cannot start: {reason}")
        return 1
    return 0


def greeting(service: LocalService, seconds: float) -> str:
    """Where the service is, a token, and two commands that work when pasted."""
    users = service.settings.users
    user = next((name for name, entry in users.items() if entry.admin), next(iter(users)))
    client_id, secret = service.machine_client
    curl = "curl -k" if service.settings.tls else "curl"
    base = service.url + service.api.base_path
    return f"""\
table: {service.cloud.store}
users: {", ".join(sorted(users))}   (GET {service.url}/local/token?user=…)
programs: {service.url}/local/oauth2/token, client {client_id}, secret {secret}

# a token for {user}
TOKEN={service.token(user)}

# create a task
{curl} -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
  -d '{{"name": "My Task", "metadata": {{"Printer": "LocalPrinter"}}}}' \\
  {base}/v1/services/{SID}/tasks

# find it
{curl} -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
  -d '{{"taskVariables": [{{"name": "Printer", "operator": "eq", "value": "LocalPrinter"}}]}}' \\
  {base}/task

{base} is ready after {seconds:.1f} s; Ctrl-C ends it"""
