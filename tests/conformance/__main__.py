"""Compares everything with the recordings, prints the table and writes `docs/conformance.md`.

`python -m tests.conformance [table|memory]` says where the functions keep tasks; in memory it takes
a quarter of the time. Ends with 1 when a case disagrees.
"""

import sys
from time import perf_counter

from local.dynoxide import Unavailable, find
from local.settings import REPOSITORY
from tests.conformance.comparison import compared
from tests.conformance.recordings import queries, world
from tests.conformance.report import PAGE, table
from tests.conformance.serving import Behind, serving


def main() -> int:
    """Run it all."""
    out, started = sys.stdout, perf_counter()

    def report_progress(asked: int) -> None:
        seconds = perf_counter() - started
        out.write(f"\r{asked} of {len(queries())} queries, {seconds:.0f} s")
        out.flush()

    with serving(world(), where()) as client:
        comparison = compared(client, report_progress)
    out.write("\n\n" + table(comparison.tallies()) + "\n")
    PAGE.write_text(comparison.page(), encoding="utf-8")
    disagreements = comparison.disagreements()
    if disagreements:
        out.write("\nnot as recorded:\n" + "\n".join(disagreements) + "\n")
    return 1 if disagreements else 0


def where() -> Behind:
    """As the command line says, else a real table where dynoxide can be had."""
    if sys.argv[1:]:
        return Behind(sys.argv[1])
    try:
        find(REPOSITORY / ".local")
    except Unavailable as reason:
        sys.stdout.write(f"without a table, with tasks in memory: {reason}\n")
        return Behind.MEMORY
    return Behind.TABLE


if __name__ == "__main__":
    sys.exit(main())
