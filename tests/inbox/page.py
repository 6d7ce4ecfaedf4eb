"""The inbox in a browser: what a person presses, types and sees there."""

import base64
import json
import os
from collections.abc import Callable
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any, Final, Self

from tests.inbox.circumstances import CLOCK, NEVER, UNREACHABLE, Replaced
from tests.tasklist.chromium import PATIENCE, Browser

DESKTOP: Final = (1440, 900)
PHONE: Final = (390, 844)

ASKED: Final = "performance.getEntriesByType('resource').map((each) => new URL(each.name).pathname)"
"""The paths of the requests that a page has made."""

_KEYS: Final[dict[str, tuple[str, int, str]]] = {
    "Enter": ("Enter", 13, "\r"),
    "Escape": ("Escape", 27, ""),
    "Tab": ("Tab", 9, ""),
    "Space": (" ", 32, " "),
    "Backspace": ("Backspace", 8, ""),
    "ArrowDown": ("ArrowDown", 40, ""),
    "ArrowUp": ("ArrowUp", 38, ""),
    "End": ("End", 35, ""),
    "Home": ("Home", 36, ""),
    "PageUp": ("PageUp", 33, ""),
}
_LOADED: Final = ".rows[aria-busy=false]"
_UNHEARD: Final = 1_000_000_000
_MODIFIERS: Final = {"Alt": 1, "Control": 2, "Shift": 8}

_WATCH: Final = """
window.refused = [];
addEventListener("securitypolicyviolation", (event) =>
  window.refused.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


class Page(Browser):
    """The inbox in a browser of its own, so that each has its own person."""

    scale = 1.0
    """Screen pixels for each CSS pixel, in each direction."""

    def __enter__(self) -> Self:
        super().__enter__()
        self._answers: list[Replaced] = []
        self._ask("Page.addScriptToEvaluateOnNewDocument", source=_WATCH)
        self._ask("Network.enable")
        self.resize(*DESKTOP)
        return self

    def keep_time(self) -> None:
        """From now on the clock of every page that is opened can be put forward."""
        self._ask("Page.addScriptToEvaluateOnNewDocument", source=CLOCK)

    def pass_time(self, seconds: float) -> None:
        """So many seconds pass on the page, at once."""
        self.run(f"putForward({seconds * 1000})")

    def resize(self, width: int, height: int) -> None:
        """The window as large as this; narrow ones are touched, as a phone is."""
        is_phone = width < 700
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=self.scale,
            mobile=is_phone,
        )

    def prefer(self, **features: str) -> None:
        """What the system prefers, such as `prefers_color_scheme="dark"`."""
        self._ask(
            "Emulation.setEmulatedMedia",
            features=[
                {"name": name.replace("_", "-"), "value": value} for name, value in features.items()
            ],
        )

    def reload(self) -> None:
        """Load the page anew; what is looked for then is on the new one."""
        self.run("window.isOld = true; location.reload()")
        self.wait_for("document.readyState === 'complete' && !window.isOld")

    def sign_in(self, address: str, person: str, place: str = "") -> None:
        """Open the inbox and sign in as one of the local users."""
        self.go(f"{address}/inbox/{place}")
        self.click("button", "Sign in")
        self.click("button, a, label", person)
        self.wait_for("Boolean(document.querySelector('.rows'))")

    def home(self, address: str, person: str) -> None:
        """My tasks on a page that is loaded anew, after a sign-in where there is none."""
        self.forget()
        self.go(f"{address}/inbox/#/mine")
        if self.wait_for(f"document.querySelector('{_LOADED}, .gate button')?.tagName") == "BUTTON":
            self.click("button", "Sign in")
            shown = f"document.querySelector('{_LOADED}, [name=user]')?.tagName"
            if self.wait_for(shown) == "BUTTON":
                self.click("button", person)
            self.wait_for(f"Boolean(document.querySelector('{_LOADED}'))")

    def press(self, keys: str) -> None:
        """Press keys one after another, such as `g m` or `Shift+ArrowDown`."""
        for each in keys.split():
            *modifiers, key = each.split("+") if len(each) > 1 else [each]
            name, code, text = _KEYS.get(key, (key, ord(key.upper()[0]), key))
            event = {
                "key": name,
                "windowsVirtualKeyCode": code,
                "modifiers": sum(_MODIFIERS[each] for each in modifiers),
            }
            shown = text if not set(modifiers) & {"Control", "Alt"} else ""
            self._ask("Input.dispatchKeyEvent", type="keyDown", **event, text=shown)
            self._ask("Input.dispatchKeyEvent", type="keyUp", **event)

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        self._ask("Input.insertText", text=text)

    def write(self, selector: str, text: str) -> None:
        """Put the text in place of what a field holds."""
        self.focus(selector)
        self.run("document.activeElement.select?.()")
        self.type(text)

    def focus(self, selector: str) -> None:
        """Put the focus on the first visible element of a selector."""
        self.wait_for(
            f"""(() => {{
              const found = [...document.querySelectorAll({json.dumps(selector)})]
                .find(each => each.checkVisibility());
              found?.focus();
              return Boolean(found);
            }})()"""
        )

    def unseen(self, text: str) -> None:
        """Wait until the text is on the page no longer."""
        self.wait_for(f"!document.body?.innerText.includes({json.dumps(text)})")

    def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so elsewhere: a page may show a change before it is made."""
        end = monotonic() + PATIENCE
        while not is_so():
            assert monotonic() < end, self.run("document.body.innerText")
            Event().wait(0.1)

    def rows(self) -> list[str]:
        """The names of the tasks that are drawn in the list."""
        found: list[str] = self.run(
            "[...document.querySelectorAll('.row .title')].map(each => each.innerText)"
        )
        return found

    def choose(self, selector: str, value: str) -> None:
        """Choose an option, or put a value into a field that has no plain text."""
        self.wait_for(
            f"""(() => {{
              const found = [...document.querySelectorAll({json.dumps(selector)})]
                .find(each => each.checkVisibility());
              if (!found) return false;
              const kind = Object.getPrototypeOf(found);
              Object.getOwnPropertyDescriptor(kind, "value").set.call(found, {json.dumps(value)});
              found.dispatchEvent(new Event("input", {{bubbles: true}}));
              found.dispatchEvent(new Event("change", {{bubbles: true}}));
              return true;
            }})()"""
        )

    def answer(
        self,
        address: str,
        status: int,
        body: object = None,
        method: str = "",
        times: int = _UNHEARD,
    ) -> None:
        """From now on the service answers requests to addresses like this so, as often as said;
        a body that is a text is none of JSON. Nothing of it lasts after `restore`.
        """
        text = body if isinstance(body, str) else json.dumps(body)
        self._answers.append(Replaced(address, method, status, text, times))
        patterns = [{"urlPattern": each.address} for each in self._answers]
        self._ask("Fetch.enable", patterns=patterns)

    def forget_me(self) -> None:
        """Nobody is signed in, neither here nor at the identity provider."""
        self.run("sessionStorage.clear()")
        self._ask("Network.clearBrowserCookies")
        self.reload()

    def forget(self) -> None:
        """The browser keeps nothing of the page that is shown but a sign-in, and shows none."""
        self.run("location.protocol === 'about:' || localStorage.clear()")
        self.go("about:blank")

    def forget_all(self) -> None:
        """The browser is as on a machine that was never used."""
        self.run("location.protocol === 'about:' || sessionStorage.clear()")
        self.forget()
        self._ask("Network.clearBrowserCookies")
        self._ask("Network.clearBrowserCache")

    def restore(self) -> None:
        """The service answers itself again."""
        if self._answers:
            self._answers.clear()
            self._ask("Fetch.disable")

    def _next(self) -> Any:
        message = super()._next()
        if message.get("method") == "Fetch.requestPaused":
            self._decide(message["params"])
        return message

    def _decide(self, paused: Any) -> None:
        """Answer a request as `answer` said, or let it pass."""
        asked, request = {"requestId": paused["requestId"]}, paused["request"]
        said = next((each for each in self._answers if each.is_for(request)), None)
        if said is None:
            self._tell("Fetch.continueRequest", **asked)
            return
        said.times -= 1
        if said.status == UNREACHABLE:
            self._tell("Fetch.failRequest", **asked, errorReason="ConnectionRefused")
        elif said.status != NEVER:
            kind = "text/html" if said.body.startswith("<") else "application/json"
            self._tell(
                "Fetch.fulfillRequest",
                **asked,
                responseCode=said.status,
                responseHeaders=[{"name": "Content-Type", "value": kind}],
                body=base64.b64encode(said.body.encode()).decode(),
            )

    def _tell(self, method: str, **parameters: Any) -> None:
        """Ask without waiting for the answer: its number is none that `_ask` waits for."""
        message = {"id": _UNHEARD, "method": method, "params": parameters}
        os.write(self._out, json.dumps({**message, "sessionId": self._session}).encode() + b"\0")

    def connected(self, *, is_connected: bool) -> None:
        """Whether the browser has a connection."""
        self._ask(
            "Network.emulateNetworkConditions",
            offline=not is_connected,
            latency=0,
            downloadThroughput=-1,
            uploadThroughput=-1,
        )

    def refused(self) -> list[str]:
        """What the page's Content-Security-Policy has stopped."""
        found: list[str] = self.run("window.refused")
        return found

    def picture(self, path: Path) -> None:
        """Keep a picture of the window."""
        answer = self._ask("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(answer["data"]))

    def touch(self, selector: str, text: str = "") -> None:
        """Click where an element is, as a finger or a mouse does: what covers it is hit."""
        found = f"""[...document.querySelectorAll({json.dumps(selector)})].find(each =>
          each.checkVisibility() && !each.disabled
          && each.innerText.includes({json.dumps(text)}))"""
        self.wait_for(f"Boolean({found})")
        x, y = self.run(f"""(() => {{
          const element = {found};
          element.scrollIntoView({{block: "nearest"}});
          const {{x, y, width, height}} = element.getBoundingClientRect();
          return [x + width / 2, y + height / 2];
        }})()""")
        for kind in ("mousePressed", "mouseReleased"):
            self._ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def drop(self, selector: str, *files: Path) -> None:
        """Drop files from the desktop on an element."""
        self.wait_for(f"Boolean(document.querySelector({json.dumps(selector)}))")
        x, y = self.run(f"""(() => {{
          const element = document.querySelector({json.dumps(selector)});
          element.scrollIntoView({{block: "center"}});
          const {{x, y, width, height}} = element.getBoundingClientRect();
          return [x + width / 2, y + height / 2];
        }})()""")
        data = {"items": [], "files": [str(path) for path in files], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self._ask("Input.dispatchDragEvent", type=kind, x=x, y=y, data=data)

    def pick(self, selector: str, *files: Path) -> None:
        """Choose files in a field for them."""
        self.wait_for(f"Boolean(document.querySelector({json.dumps(selector)}))")
        field = self._ask(
            "Runtime.evaluate", expression=f"document.querySelector({json.dumps(selector)})"
        )
        self._ask(
            "DOM.setFileInputFiles",
            files=[str(path) for path in files],
            objectId=field["result"]["objectId"],
        )

    def asynchronous(self, script: str) -> Any:
        """The value that a promise comes to."""
        answer = self._ask(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            raise AssertionError(f"{script[:80]}: {answer['exceptionDetails']}")
        return answer["result"].get("value")
