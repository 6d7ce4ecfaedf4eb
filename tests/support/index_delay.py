"""Waiting for indexes where the tests run with delayed ones (`LOCAL_INDEX_DELAY`)."""

import os
import time
from typing import Final

DELAY: Final = int(os.environ.get("LOCAL_INDEX_DELAY") or 0)
"""Milliseconds after which indexes show a change in this run."""


def settle() -> None:
    """Return when the indexes show what was written until now; at once where they always do."""
    time.sleep(seconds())


def seconds() -> float:
    """How long that takes; the stream is looked at now and then, and machines are busy."""
    return 0.0 if DELAY == 0 else DELAY / 1000 + 0.5
