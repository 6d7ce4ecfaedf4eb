"""A browser whose steps are timed: from what a person does to the frame that shows it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from time import monotonic
from typing import Any, Final, Self

from tests.inbox.page import Page

_PATIENCE: Final = 60.0
"""Seconds until a step is done."""
_LOOK_AGAIN: Final = 0.02

_STEPS: Final = """
performance.setResourceTimingBufferSize(10000);
window.asked = 0;
window.quietSince = 0;
const plain = window.fetch;
window.fetch = async (...sent) => {
  asked += 1;
  try {
    return await plain(...sent);
  } finally {
    asked -= 1;
    quietSince = performance.now();
  }
};
window.frame = () => new Promise((done) => requestAnimationFrame(done));
window.box = () => document.querySelector(".rows");
window.shown = () => [...document.querySelectorAll(".row")];
window.atEnd = () => box().scrollHeight - box().scrollTop - box().clientHeight <= 2;
window.hasMore = () => shown()[0]?.getAttribute("aria-setsize") === "-1";
window.covered = () => {
  const { top, bottom } = box().getBoundingClientRect();
  const rows = shown().map((row) => row.getBoundingClientRect());
  return rows.some((row) => row.top <= top + 1 && row.bottom > top)
    && rows.some((row) => row.bottom >= bottom - 1);
};
window.waited = (start, end) => {
  let sum = 0, at = start;
  const asked = performance.getEntriesByType("resource")
    .filter(({ name }) => name.endsWith("/v1/look"))
    .sort((one, other) => one.fetchStart - other.fetchStart);
  for (const { fetchStart, responseEnd } of asked) {
    const until = Math.min(responseEnd, end);
    sum += Math.max(0, until - Math.max(fetchStart, at));
    at = Math.max(at, until);
  }
  return sum;
};
window.watch = (kind, is) => {
  window.told = null;
  addEventListener(kind, async ({ timeStamp }) => {
    while (!is()) await frame();
    await frame();
    const end = performance.now();
    told = { took: end - timeStamp, waited: waited(timeStamp, end) };
  }, { capture: true, once: true });
};
window.still = { longest: 0, bare: 0 };
(async () => {
  let before = performance.now(), seen = before;
  for (;;) {
    await frame();
    const now = performance.now();
    if (!window.isWatched || !box() || covered()) seen = now;
    if (window.isWatched) still.longest = Math.max(still.longest, now - before);
    still.bare = Math.max(still.bare, now - seen);
    before = now;
  }
})();
"""


@dataclass(frozen=True, slots=True)
class Time:
    """What a step took, in milliseconds."""

    took: float
    waited: float
    """Of that, what the page waited for the service."""


class Hands(Page):
    """The inbox in a browser, used with mouse, wheel and keys."""

    def __enter__(self) -> Self:
        super().__enter__()
        self._ask("Page.addScriptToEvaluateOnNewDocument", source=_STEPS)
        return self

    def step(self, kind: str, do: Callable[[], object], is_done: str) -> Time:
        """What it takes from the event of that kind, which `do` causes, until the function
        `is_done` is true on the page and a frame has shown it."""
        self.run(f"watch({json.dumps(kind)}, {is_done})")
        do()
        end = monotonic() + _PATIENCE
        while not (told := self.run("told")):
            assert monotonic() < end, is_done
            Event().wait(_LOOK_AGAIN)
        return Time(**told)

    def rest(self) -> None:
        """Wait until the page has nothing under way, as a person does who reads what was found."""
        self.wait_for("asked === 0 && performance.now() - quietSince > 300")

    def turn_wheel(self, pixels: float) -> None:
        """Turn the wheel over the middle of the list."""
        x, y = self.run(
            "(({ x, y, width, height }) => [x + width / 2, y + height / 2])"
            "(box().getBoundingClientRect())"
        )
        wheel: dict[str, Any] = {"type": "mouseWheel", "deltaX": 0, "deltaY": pixels}
        self._ask("Input.dispatchMouseEvent", x=x, y=y, **wheel)

    def watch_frames(self, *, is_watched: bool) -> None:
        """Whether it is noted for how long no frame came, and for how long one lacked rows."""
        self.run(f"window.isWatched = {json.dumps(is_watched)}")

    def standstill(self) -> tuple[float, float]:
        """The longest time without a frame, and the longest with a part of the list empty."""
        longest, bare = self.run("[still.longest, still.bare]")
        return longest, bare
