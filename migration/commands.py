"""What each command does with its options; each answers its exit status."""

import argparse
import sys
import time

from migration.copying import Copy, Counts
from migration.inspection.inspecting import inspected
from migration.inspection.markdown import as_markdown
from migration.journal import Journal
from migration.progress import Progress
from migration.report_files import write_report
from migration.servers import old_server, taskdock, user


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
        )
        try:
            counts = run()
        finally:
            progress.end()
        return _copied(journal, counts)


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
