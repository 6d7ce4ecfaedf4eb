"""A browser that keeps what happens on the wire, and may be as slow as a phone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from tests.inbox.page import DESKTOP, PHONE, Page

MOBILE: Final = {"latency": 150, "downloadThroughput": 204_800, "uploadThroughput": 96_000}
"""What Lighthouse takes for a phone: 1.6 Mbit/s down, 750 kbit/s up, 150 ms to and fro."""
MOBILE_SLOWDOWN: Final = 4
"""How much slower its processor is."""

_UNLIMITED: Final = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}

_WATCH: Final = """
window.drawn = null;
window.busyUntil = 0;
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) busyUntil = each.startTime + each.duration;
}).observe({ type: "longtask", buffered: true });
new MutationObserver((_, self) => {
  if (!document.querySelector(".row")) return;
  drawn = performance.now();
  self.disconnect();
}).observe(document, { childList: true, subtree: true });
"""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A request of the page that has been answered."""

    address: str
    bytes: int
    """What came over the wire, headers and all; 0 for what the browser had."""


class Recorded(Page):
    """The inbox in a browser, with its requests and the moment from which it can be used."""

    def __enter__(self) -> "Recorded":
        self._events: list[dict[str, Any]] = []
        super().__enter__()
        self._ask("Page.addScriptToEvaluateOnNewDocument", source=_WATCH)
        return self

    def _next(self) -> Any:
        message = super()._next()
        if "method" in message:
            self._events.append(message)
        return message

    def be_mobile(self, *, is_mobile: bool) -> None:
        """Whether the window, the network and the processor are those of a phone."""
        self.resize(*(PHONE if is_mobile else DESKTOP))
        self._ask(
            "Network.emulateNetworkConditions",
            offline=False,
            **(MOBILE if is_mobile else _UNLIMITED),
        )
        self._ask("Emulation.setCPUThrottlingRate", rate=MOBILE_SLOWDOWN if is_mobile else 1)

    def forget_files(self) -> None:
        """Whatever was loaded is loaded anew."""
        self._ask("Network.clearBrowserCache")

    def load(self, address: str) -> tuple[list[Loaded], int]:
        """The requests until the page can be used, and after how many milliseconds that was: its
        first row is drawn, and nothing keeps it busy for a second."""
        self.go("about:blank")
        self.wait_for("location.href === 'about:blank'")
        self._events.clear()
        self.go(address)
        self.wait_for("window.drawn && performance.now() - Math.max(drawn, busyUntil) > 1000")
        usable: float = self.run("Math.max(drawn, busyUntil)")
        return [*self._loaded()], round(usable)

    def _loaded(self) -> Iterator[Loaded]:
        sent = {
            each["params"]["requestId"]: each["params"]["request"]["url"]
            for each in self._events
            if each["method"] == "Network.requestWillBeSent"
        }
        kept = {
            each["params"]["requestId"]
            for each in self._events
            if each["method"] == "Network.requestServedFromCache"
        }
        for each in self._events:
            if each["method"] != "Network.loadingFinished":
                continue
            name = each["params"]["requestId"]
            size = 0 if name in kept else int(each["params"]["encodedDataLength"])
            yield Loaded(sent.get(name, ""), size)
