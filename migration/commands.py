"""What each command does with its options; each answers its exit status."""

import argparse
import sys
import time

from migration.comparison.markdown import as_markdown as differences_page
from migration.comparison.queries import of_file
from migration.comparison.verifying import Verification
from migration.copying import Copy, Counts
from migration.http_client import Connection
from migration.inspection.inspecting import inspected
from migration.inspection.markdown import as_markdown
from migration.journal import Journal
from migration.old_server import OldServer
from migration.people import people, write_people
from migration.progress import Progress
from migration.report_files import write_report
from migration.servers import old_server, taskdock, user
from migration.switching import objections, steps


def inspect(options: argparse.Namespace) -> int:
    """Write what the old server has and what would move; 0."""
    server = old_server(options.source, rate=options.rate, timeout=options.timeout)
    progress = Progress(time.monotonic)
    report = inspected(server, user(), progress)
    progress.end()
    for each in report["verdicts"]:
        print(f"{each['count']:>9,} {each['kind']}: {each['verdict']} ({each['why']})")
    for path in write_report(options.folder, "inspection", report, as_markdown(report)):
        print(path)
    return 0


def copy(options: argparse.Namespace) -> int:
    """Bring over what is new or has changed; 0 when all of it, 3 when something is left."""
    progress = Progress(time.monotonic)
    with Journal(options.folder) as journal:
        run = Copy(
            old_server(options.source, rate=options.rate, timeout=options.timeout),
            taskdock(options.target),
            journal,
            time.sleep,
            lambda counts, total: progress(counts.seen, total),
            options.remove_ended,
            options.only_new,
        )
        try:
            counts = run()
        finally:
            progress.end()
        forms = run.forms.write(run.server, options.folder)
        found = people(run.server)
        files = write_people(options.folder, found) if found else []
        status = _copied(journal, counts)
        _said(run.server, run.target)
        print(f"{counts.filters.seen} filters: {counts.filters.written} written")
        saved = sum("file" in each for each in forms)
        print(f"{len(forms)} forms that tasks name: {saved} saved, the others are elsewhere")
        print(f"{len(found)} users: {', '.join(map(str, files)) or 'none shown'}")
        return status


def verify(options: argparse.Namespace) -> int:
    """Compare both servers; 0 when nothing differs without an explanation, else 3."""
    progress = Progress(time.monotonic)
    queries = [*of_file(options.queries)] if options.queries else []
    with Journal(options.folder) as journal:
        run = Verification(
            old_server(options.source, rate=options.rate, timeout=options.timeout),
            OldServer(taskdock(options.target)),
            journal.state,
            progress,
        )
        try:
            report = run(queries, options.random, options.seed)
        finally:
            progress.end()
    print(
        f"{report['tasks']} tasks and {report['queries']} queries compared:"
        f" {report['notExplained']} differences without an explanation,"
        f" {report['explained']} with one"
    )
    _said(run.old, run.new.connection)
    for path in write_report(options.folder, "verification", report, differences_page(report)):
        print(path)
    return 3 if report["notExplained"] else 0


def switch(options: argparse.Namespace) -> int:
    """Say what is to be done, or note that it was done; 3 when something speaks against it."""
    with Journal(options.folder) as journal:
        if options.back:
            journal.returned()
            print("noted: clients use the old server; copy goes on, and replaces what differs")
            return 0
        against = objections(old_server(options.source), taskdock(options.target), journal.state)
        for each in against:
            print(f"not yet: {each}")
        if options.done and not against:
            journal.switched()
            print("noted: clients use taskdock from now on; copy refuses to run")
        elif not options.done:
            print(steps(options.source, options.target, options.folder))
    return 3 if against else 0


def _said(old: OldServer, target: Connection) -> None:
    print(
        f"{old.connection.requests:,} requests to the old server, {target.requests:,} to the target"
    )


def _copied(journal: Journal, counts: Counts) -> int:
    lefts = list(journal.lefts())
    ended = len(journal.state.ended & set(journal.state.moved))
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
    sys.stdout.flush()
    return 3 if lefts or ended or counts.later else 0
