"""The command `shadow`: the proxy, the mirror and the report, until Ctrl-C."""

import argparse
import sys
import time
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Final

from migration.copying import Copy
from migration.http_client import Pool, Trouble
from migration.journal import Journal
from migration.report_files import write_report
from migration.servers import old_server, taskdock
from migration.shadow.connections import Old
from migration.shadow.following import Following
from migration.shadow.ids import Ids
from migration.shadow.mirror import Mirror
from migration.shadow.pages import as_markdown
from migration.shadow.proxy import PAGE, Proxy
from migration.shadow.reading import Reading
from migration.shadow.report import Report
from migration.shadow.sides import Sides
from migration.shadow.users import Users
from migration.shadow.writing import Writing

WRITTEN_EVERY: Final = 5.0
"""Seconds between two writes of the report's files."""

_CONNECTIONS: Final = 8


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that `shadow` has beside the common ones."""
    parser.add_argument("--users", type=Path, required=True, help="a JSON file: user -> token")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=8089, help="the port to listen on; 0: any")
    parser.add_argument(
        "--every", type=float, default=10, help="seconds between two looks for new tasks"
    )
    parser.add_argument(
        "--spare", type=float, default=60, help="seconds that times of one write may lie apart"
    )
    parser.add_argument(
        "--patience", type=float, default=10, help="seconds that the target may be silent"
    )
    parser.add_argument(
        "--price", type=float, default=0.125, help="US dollars for a million read units"
    )


def shadow(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C; 0 when no read differed, else 3. Raises `Trouble`."""
    with Journal(options.folder) as journal:
        proxy, mirror, report = made(options, journal)
        print(f"the old server's address for clients: {_address(options, proxy)}")
        print(f"the report: http://127.0.0.1:{proxy.server_address[1]}{PAGE}", flush=True)
        mirror.start()
        Thread(target=proxy.serve_forever, name="proxy", daemon=True).start()
        try:
            _write_while_it_runs(options.folder, report)
        except KeyboardInterrupt:
            print("ending: what waits is still compared", flush=True)
        proxy.shutdown()
        mirror.stop(30.0)
        proxy.server_close()
        found = report.as_json()
        for path in write_report(options.folder, "shadow", found, as_markdown(found)):
            print(path)
        return 3 if found["reads"].get("different") else 0


def made(options: argparse.Namespace, journal: Journal) -> tuple[Proxy, Mirror, Report]:
    """The parts of a run, ready to be started; raises `Trouble` when something is missing."""
    old = old_server(options.source, rate=options.rate, timeout=options.timeout)
    copy = Copy(old, taskdock(options.target), journal, time.sleep)
    old.check()
    journal.bind(old.connection.base_url, copy.target.base_url)
    report = Report(options.source, options.target, options.price)
    mirror = _mirror(options, copy, report)
    return _proxy(options, mirror, report), mirror, report


def _mirror(options: argparse.Namespace, copy: Copy, report: Report) -> Mirror:
    users = Users(options.users, Pool(2, options.patience))
    users.check()
    state = copy.journal.state
    known = {old: each.id for old, each in state.filters.items() if each.id}
    for moved in state.moved.values():
        known |= moved.renamed
    sides = Sides(
        copy.server.connection.base_url,
        copy.target.base_url,
        Pool(_CONNECTIONS, options.timeout),
        Pool(_CONNECTIONS, options.patience),
        users,
        Ids(known),
        report,
    )
    following = Following(copy, report, options.every)
    following.begin()
    reading = Reading(sides, report, timedelta(seconds=options.spare))
    return Mirror(reading, Writing(sides, following, report), following, report)


def _proxy(options: argparse.Namespace, mirror: Mirror, report: Report) -> Proxy:
    try:
        return Proxy((options.host, options.port), Old.at(options.source), mirror.offer, report)
    except OSError as problem:
        raise Trouble(f"{options.host}:{options.port}: {problem.strerror}") from None


def _address(options: argparse.Namespace, proxy: Proxy) -> str:
    return f"http://{options.host}:{proxy.server_address[1]}{proxy.old.base}"


def _write_while_it_runs(folder: Path, report: Report) -> None:
    """The report's files every few seconds; a full disk is said, and stops nothing."""
    said = ""
    while True:
        time.sleep(WRITTEN_EVERY)
        found = report.as_json()
        try:
            write_report(folder, "shadow", found, as_markdown(found))
            said = ""
        except Trouble as problem:
            if str(problem) != said:
                sys.stderr.write(f"{problem}\n")
            said = str(problem)
