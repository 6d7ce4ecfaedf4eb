"""What the local service says to the terminal: one line per thing that happened."""

import sys
import traceback


def say(line: str) -> None:
    """Print a line at once, in one piece even when several threads speak."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def report(failure: Exception) -> None:
    """Print a function's failure, with the stack of what caused it; callers never see that."""
    if failure.__cause__ is not None:
        sys.stderr.write("".join(traceback.format_exception(failure.__cause__)))
        sys.stderr.flush()
    say(str(failure))
