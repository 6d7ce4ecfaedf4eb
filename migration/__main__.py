"""The command line: `python -m migration copy OLD_URL TARGET_URL`."""

import argparse
import os
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from pathlib import Path

from migration.copying import READERS, Copy, Counts
from migration.http_client import Connection, Pace, Pool, Trouble, checked_address
from migration.journal import Journal
from migration.old_server import OldServer


def main(arguments: Sequence[str]) -> int:
    """Run one command; 0 when it did all, 3 when something was not moved, 1 when it stopped."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except Trouble as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; the same command goes on where it stopped\n")
        return 130
    return status


def old_server(options: argparse.Namespace) -> OldServer:
    """The server to read, with the credentials in CAMUNDA_USER and CAMUNDA_PASSWORD."""
    headers = {}
    user, password = os.environ.get("CAMUNDA_USER"), os.environ.get("CAMUNDA_PASSWORD", "")
    if user:
        headers["Authorization"] = f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"
    return OldServer(
        Connection(
            checked_address(options.source),
            headers,
            Pool(READERS, options.timeout),
            time.sleep,
            Pace(options.rate, time.monotonic, time.sleep),
            "check CAMUNDA_USER and CAMUNDA_PASSWORD",
        )
    )


def taskdock(options: argparse.Namespace) -> Connection:
    """The target, with the token in TASKDOCK_TOKEN."""
    token = os.environ.get("TASKDOCK_TOKEN")
    if not token:
        raise Trouble("TASKDOCK_TOKEN: put a token with the scope taskdock/admin into it")
    headers = {"Authorization": f"Bearer {token}"}
    address = checked_address(options.target)
    return Connection(address, headers, Pool(READERS), time.sleep, hint="renew TASKDOCK_TOKEN")


def _copy(options: argparse.Namespace) -> int:
    with Journal(options.folder) as journal:
        run = Copy(
            old_server(options),
            taskdock(options),
            journal,
            time.sleep,
            _progress(time.monotonic),
            options.remove_ended,
        )
        counts = run()
        lefts = list(journal.lefts())
        ended = len(journal.state.ended & set(journal.state.moved))
    sys.stderr.write("\n")
    print(
        f"{counts.seen} tasks: {counts.moved} moved, {counts.same} unchanged,"
        f" {counts.refused} refused; {len(lefts)} things were not moved"
    )
    for left in lefts:
        print(f"not moved: {left.what} ({left.why}), {left.address}")
    if ended:
        print(f"{ended} tasks have ended on the old server and are open on the target")
    if counts.later:
        print(f"{counts.later} tasks came while this ran: run it again")
    return 3 if lefts or ended or counts.later else 0


def _progress(clock: Callable[[], float]) -> Callable[[Counts, int], None]:
    begun = clock()

    def show(counts: Counts, total: int) -> None:
        rate = counts.seen / max(clock() - begun, 0.001)
        left = max(total - counts.seen, 0) / max(rate, 0.001)
        done = 100 * counts.seen // max(total, counts.seen, 1)
        line = f"{counts.seen} of {total} tasks ({done} %), {rate:.0f} a second, {left:.0f} s left"
        sys.stderr.write(f"\r{line:<70}")
        sys.stderr.flush()

    return show


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m migration", description=__doc__)
    commands = parser.add_subparsers(required=True)
    copy = commands.add_parser("copy", help="bring the open tasks to the target")
    copy.add_argument("source", help="the REST API of the old server: https://host/engine-rest")
    copy.add_argument("target", help="the address of taskdock")
    copy.add_argument("--folder", type=Path, default=Path("migration-data"), help="the journal")
    copy.add_argument("--rate", type=float, default=0, help="requests a second to the old server")
    copy.add_argument("--timeout", type=float, default=60, help="seconds to wait for an answer")
    copy.add_argument(
        "--remove-ended", action="store_true", help="delete what has ended on the old server"
    )
    copy.set_defaults(run=_copy)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
