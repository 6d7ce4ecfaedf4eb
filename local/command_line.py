"""What `make run` starts: the service, a greeting with commands to paste, and a clean end."""

import argparse
import os
import signal
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from local.console import say
from local.example_service import SID
from local.sam_variables import write_sam_variables
from local.service import LocalService
from local.settings import CannotStart, LocalSettings, User


def main(arguments: Sequence[str]) -> int:
    """Run the local service until a signal; the exit code, 1 when it cannot start."""
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument(
        "--runtime", action="store_true", help="run the functions in the real Lambda runtime"
    )
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    signalled = _signals()
    try:
        settings = replace(LocalSettings.of(os.environ), runtime=options.runtime)
        with LocalService(settings) as service:
            name, user = first_user(service.settings.users)
            folder = service.settings.folder
            write_sam_variables(folder, service.functions.values(), name, user)
            say(greeting(service, name, time.perf_counter() - started))
            signalled.recv(1)
    except CannotStart as reason:
        say(f"cannot start: {reason}")
        return 1
    return 0


def _signals() -> socket.socket:
    """A socket that becomes readable when the service is to end. A signal writes into the socket at
    once, in whichever thread it arrives. Python's own handlers run only when the main thread
    continues, and a waiting thread may not.
    """
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.detach())
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, lambda *_: None)
    return reader


def first_user(users: Mapping[str, User]) -> tuple[str, User]:
    """The user whose token the greeting shows: an admin, if there is one."""
    return next((each for each in users.items() if each[1].admin), next(iter(users.items())))


def greeting(service: LocalService, user: str, seconds: float) -> str:
    """Where the inbox is, a token, two commands to paste, and the API's address."""
    users = ", ".join(sorted(service.settings.users))
    client_id, secret = service.machine_client
    curl = "curl -k" if service.settings.tls else "curl"
    base = service.url + service.api.base_path
    inbox = f"inbox: {service.inbox_url}\n" if service.inbox_url else ""
    return f"""\
{inbox}table: {service.cloud.store}
users: {users}   (GET {service.url}/local/token?user=…)
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
