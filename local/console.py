"""The local service's output: one line per thing that happened."""

import sys
import traceback


def say(line: str) -> None:
    """Print a line at once, in one piece even when several threads speak."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def show_stack(problem: BaseException) -> None:
    """Print an error's stack, which callers never see."""
    sys.stderr.write("".join(traceback.format_exception(problem)))
    sys.stderr.flush()


def report(failure: Exception) -> None:
    """Print a function's failure, with the stack of what caused it."""
    if failure.__cause__ is not None:
        show_stack(failure.__cause__)
    say(str(failure))
