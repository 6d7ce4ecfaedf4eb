"""`python -m tests.attack`: attack the local service, print the figures, `--write` them down."""

import argparse
import io
import sys
from contextlib import redirect_stdout
from datetime import UTC, datetime
from typing import Final

from benchmarks.pages import write_section
from local.settings import REPOSITORY
from tests.attack import doors, mutations, tokens
from tests.attack.world import attacked

PAGE: Final = REPOSITORY / "docs" / "security.md"


def figures(number: int, seed: int) -> tuple[list[str], list[str]]:
    """The lines of the table, and the faults."""
    with attacked() as world:
        rows = [
            ("every operation with 15 kinds of tokens", "401 or 403", tokens.attack(world)),
            ("another tenant's things by path", "as if absent", doors.through_paths(world)),
            ("another tenant's things by reference", "as if absent", doors.by_reference(world)),
            ("40 more hidden tasks", "nothing differs", doors.equality(world)),
            ("a due date by halves, with `explain`", "both look alike", doors.bisection(world)),
        ]
        statuses, broken = mutations.attack(world, number, seed)
    good = "no 5xx, bodies as declared"
    rows.append((f"mutated requests (seed {seed})", good, (statuses.total(), broken)))
    lines = ["| Attack | Expected | Requests | Otherwise |", "|---|---|--:|--:|"]
    for title, expected, (sent, faults) in rows:
        lines.append(f"| {title} | {expected} | {sent:,} | {len(faults):,} |")
    spread = ", ".join(f"{status}: {count:,}" for status, count in sorted(statuses.items()))
    lines += ["", f"The mutated requests were answered with these statuses: {spread}."]
    return lines, [fault for *_, (_, faults) in rows for fault in faults]


def main() -> int:
    """Attack; the exit code is 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.attack")
    parser.add_argument("--mutations", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    with redirect_stdout(io.StringIO()):  # the service prints a line for each request
        lines, faults = figures(given.mutations, given.seed)
    text = "\n".join(lines)
    sys.stdout.write("\n".join([text, "", *faults]) + "\n")
    if given.write:
        said = (
            f"`python -m tests.attack --write` wrote this on {datetime.now(UTC):%Y-%m-%d}. "
            "It sends requests through the gateway of the local service."
        )
        write_section(PAGE, "attack", f"{said}\n\n{text}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
