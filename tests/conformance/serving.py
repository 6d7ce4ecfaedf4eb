"""The recorded world behind the local gateway and the real functions."""

import contextlib
import io
import json
from collections.abc import Iterator
from enum import StrEnum

from taskdock.runtime.wiring import deployed

from local.settings import Store
from tests.conformance.client import Client
from tests.conformance.recordings import ADMIN, World
from tests.support.in_memory_store import InMemoryTaskStore
from tests.support.local_service import in_memory


class Behind(StrEnum):
    """Where the functions keep tasks."""

    MEMORY = "memory"
    """A store in this process: quick, and the same as a table to whoever asks."""
    TABLE = "table"
    """The template's table in dynoxide."""


@contextlib.contextmanager
def serving(world: World, behind: Behind) -> Iterator[Client]:
    """A client of a service that holds the world; its clock stands where the recordings' did."""
    store = Store.MOTO if behind is Behind.MEMORY else Store.DYNOXIDE
    # The service says a line for each request, and there are thousands.
    with (
        contextlib.redirect_stdout(io.StringIO()),
        in_memory(store=store, users=world.users, now=world.now) as service,
        contextlib.closing(Client(service.url, service.token)) as client,
    ):
        if behind is Behind.MEMORY:
            deployed().store = InMemoryTaskStore()
        bring_in(world, client)
        yield client


def bring_in(world: World, client: Client) -> None:
    """Import the world's tasks."""
    body = json.dumps({"tasks": world.entries}).encode()
    reply = client.send(ADMIN, "POST", "/v1/import", body)
    assert reply.json == {"imported": len(world.entries), "skipped": 0}, reply.body
