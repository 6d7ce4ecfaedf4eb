"""The wiring's clock."""

import time

from taskdock.runtime.settings import Settings
from taskdock.runtime.wiring import Wiring


def test_the_clock_shows_the_time() -> None:
    before = time.time_ns() // 1_000_000

    assert before <= Wiring(Settings()).now() <= time.time_ns() // 1_000_000


def test_a_clock_that_is_stopped_stands_still() -> None:
    wiring = Wiring(Settings(local_now=1_773_576_000_000))

    assert [wiring.now(), wiring.now()] == [1_773_576_000_000] * 2
