"""What is around the page in a story: time that passes, and answers that are not the service's."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

NEVER: Final = 0
UNREACHABLE: Final = -1
"""What may stand for the status of an answer that does not come."""


@dataclass(slots=True)
class Replaced:
    """What stands for the service's answers to requests like this."""

    address: str
    method: str
    status: int
    body: str
    times: int
    """How often it is given from now on."""

    def is_for(self, request: Any) -> bool:
        """Whether it is the answer to a request."""
        is_like = fnmatchcase(request["url"], self.address)
        return is_like and self.method in ("", request["method"]) and self.times > 0


CLOCK: Final = """
(() => {
  const real = {set: window.setTimeout, clear: window.clearTimeout, now: Date.now};
  const timers = new Map();
  let ahead = 0;
  let last = 1_000_000;
  Date.now = () => real.now() + ahead;

  const fire = (id) => {
    const timer = timers.get(id);
    if (!timer) return;
    real.clear.call(window, timer.real);
    if (timer.repeats) arm(id, timer);
    else timers.delete(id);
    timer.work(...timer.values);
  };
  const arm = (id, timer) => {
    timer.due = Date.now() + timer.wait;
    timer.real = real.set.call(window, () => fire(id), timer.wait);
    timers.set(id, timer);
    return id;
  };
  const timed = (repeats) => (work, wait, ...values) =>
    arm(++last, {work, wait: Math.max(0, Number(wait) || 0), values, repeats});
  const forget = (id) => {
    real.clear.call(window, timers.get(id)?.real);
    timers.delete(id);
  };
  Object.assign(window, {
    setTimeout: timed(false),
    setInterval: timed(true),
    clearTimeout: forget,
    clearInterval: forget,
  });
  AbortSignal.timeout = (wait) => {
    const control = new AbortController();
    window.setTimeout(() => control.abort(new DOMException("late", "TimeoutError")), wait);
    return control.signal;
  };

  /** What is due by then happens now, each once; what it makes due happens in its own time. */
  window.putForward = (milliseconds) => {
    ahead += milliseconds;
    [...timers]
      .filter(([, {due}]) => due <= Date.now())
      .sort(([, one], [, other]) => one.due - other.due)
      .forEach(([id]) => fire(id));
  };
})();
"""
"""The clock of a page, which a story can put forward instead of waiting for what is due later."""
