"""The two servers of a command, with the credentials of the environment."""

import os
import time
from base64 import b64encode
from collections.abc import Mapping
from typing import Final

from migration.copying import READERS
from migration.http_client import Connection, Pace, Pool, Trouble, checked_address
from migration.old_server import OldServer

HINT: Final = "check CAMUNDA_USER and CAMUNDA_PASSWORD"


def old_server(address: str, *, rate: float = 0, timeout: float = 60) -> OldServer:
    """The server to read, with the credentials in CAMUNDA_USER and CAMUNDA_PASSWORD.

    `rate` is requests a second, 0 as fast as can be; `timeout` is seconds of silence.
    """
    return OldServer(
        Connection(
            checked_address(address),
            _basic(user(), os.environ.get("CAMUNDA_PASSWORD", "")),
            Pool(READERS, timeout),
            time.sleep,
            Pace(rate, time.monotonic, time.sleep),
            HINT,
        )
    )


def taskdock(address: str) -> Connection:
    """The target, with the token in TASKDOCK_TOKEN; raises `Trouble` when there is none."""
    token = os.environ.get("TASKDOCK_TOKEN")
    if not token:
        raise Trouble("TASKDOCK_TOKEN: put a token with the scope taskdock/admin into it")
    headers = {"Authorization": f"Bearer {token}"}
    pool = Pool(READERS)
    return Connection(
        checked_address(address), headers, pool, time.sleep, hint="renew TASKDOCK_TOKEN"
    )


def user() -> str:
    """Who signs in to the old server; empty when nobody does."""
    return os.environ.get("CAMUNDA_USER", "")


def _basic(name: str, password: str) -> Mapping[str, str]:
    if not name:
        return {}
    return {"Authorization": f"Basic {b64encode(f'{name}:{password}'.encode()).decode()}"}
