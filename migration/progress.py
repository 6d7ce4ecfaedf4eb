"""A line on the console that says how far a command is."""

import sys
from collections.abc import Callable


class Progress:
    """Shows what is done of how much, the rate and the time left, on one line."""

    def __init__(self, clock: Callable[[], float], what: str = "tasks") -> None:
        """`clock` counts seconds."""
        self._clock, self._what = clock, what
        self._begun = clock()
        self._is_shown = False

    def __call__(self, seen: int, total: int) -> None:
        """Show the line anew."""
        rate = seen / max(self._clock() - self._begun, 0.001)
        left = max(total - seen, 0) / max(rate, 0.001)
        done = 100 * seen // max(total, seen, 1)
        line = f"{seen} of {total} {self._what} ({done} %), {rate:.0f} a second, {left:.0f} s left"
        sys.stderr.write(f"\r{line:<70}")
        sys.stderr.flush()
        self._is_shown = True

    def end(self) -> None:
        """End the line, if there is one."""
        if self._is_shown:
            sys.stderr.write("\n")
        self._is_shown = False
