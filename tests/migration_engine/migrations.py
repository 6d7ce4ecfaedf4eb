"""The commands of the migration, from an engine to a local taskdock."""

import json
import os
import threading
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from urllib3 import make_headers

from local.service import LocalService
from migration.comparison.verifying import Verification
from migration.copying import READERS, Copy, Counts
from migration.http_client import Answer, Connection, Pool, Sent, Transport
from migration.journal import Journal
from migration.old_server import OldServer
from migration.shadow.command import made
from tests.migration_engine.world import ADMIN, USERS


@dataclass
class Interrupted:
    """A transport that is interrupted, as by Ctrl-C, at the request of that number."""

    transport: Transport
    at: int
    after: bool
    """Whether the server gets the request and only the answer is lost."""
    sent: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: Sent) -> Answer:
        """The answer, but once."""
        with self.lock:
            self.sent += 1
            is_it = self.sent == self.at
        if is_it and not self.after:
            raise KeyboardInterrupt
        try:
            answer = self.transport(request)
        finally:
            # Also where the connection broke, which is tried again under another number.
            if is_it:
                raise KeyboardInterrupt
        return answer


@dataclass
class Migration:
    """From the engine at an address to a local service, with a folder for journal and reports."""

    source: str
    service: LocalService
    folder: Path
    target_pool: Transport = field(default_factory=lambda: Pool(READERS))

    def old(self, transport: Transport | None = None) -> OldServer:
        """The engine, as its administrator sees it."""
        headers = make_headers(basic_auth=":".join(ADMIN))
        return OldServer(Connection(self.source, headers, transport or Pool(READERS), time.sleep))

    def new(self, transport: Transport | None = None) -> Connection:
        """taskdock, as its administrator sees it."""
        headers = {"Authorization": f"Bearer {self.service.token(ADMIN[0])}"}
        return Connection(self.service.url, headers, transport or self.target_pool, time.sleep)

    def copy(
        self, of_old: Transport | None = None, of_new: Transport | None = None, **options: Any
    ) -> Counts:
        """One run of `copy`, with transports of its own where they are given."""
        with Journal(self.folder) as journal:
            run = Copy(self.old(of_old), self.new(of_new), journal, time.sleep)
            for name, value in options.items():
                setattr(run, name, value)
            return run()

    def verify(self, count: int, seed: int = 1) -> dict[str, Any]:
        """The report of `verify` with so many random queries."""
        with Journal(self.folder) as journal:
            return Verification(self.old(), OldServer(self.new()), journal.state)([], count, seed)

    @contextmanager
    def shadow(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The address of a running `shadow`; what it reports is there when it has ended."""
        users = self.folder / "tokens.json"
        users.write_text(
            json.dumps(
                {name: {"url": f"{self.service.url}/local/token?user={name}"} for name in USERS}
            )
        )
        options = Namespace(source=self.source, target=self.service.url, users=users, rate=0)
        vars(options).update(host="127.0.0.1", port=0, timeout=60, every=5, spare=60)
        vars(options).update(patience=20, price=0.125)
        os.environ["CAMUNDA_USER"], os.environ["CAMUNDA_PASSWORD"] = ADMIN
        os.environ["TASKDOCK_TOKEN"] = self.service.token(ADMIN[0])
        report: dict[str, Any] = {}
        with Journal(self.folder) as journal:
            proxy, mirror, counted = made(options, journal)
            mirror.start()
            threading.Thread(target=proxy.serve_forever, daemon=True).start()
            try:
                yield f"http://127.0.0.1:{proxy.server_address[1]}/engine-rest", report
            finally:
                proxy.shutdown()
                mirror.stop(300.0)
                proxy.server_close()
                report.update(counted.as_json())


def interrupted(migration: Migration) -> None:
    """Copy until it is done, interrupted five times, each time elsewhere."""
    for is_old, at, after in (
        (True, 40, False),
        (False, 2, True),
        (True, 120, False),
        (False, 1, False),
        (True, 150, True),
    ):
        transport = Interrupted(Pool(8), at, after)
        sides = (transport, None) if is_old else (None, transport)
        try:
            migration.copy(*sides)
        except KeyboardInterrupt:
            continue
        raise AssertionError(f"the copy ended before request {at}")
    migration.copy()
