"""From the address to the first completed task: `python -m benchmarks.inbox.first_task`.

A stranger opens the address that `make run` prints, does what the page offers, and has completed a
task: one of their own in an empty service, and one of an office full of tasks; at a desk and on a
phone. What they press and type is counted, and the time that the page takes for it; the rest of a
minute is theirs. The table is written to docs/inbox.md.
"""

from collections.abc import Callable
from time import monotonic
from typing import Final

from benchmarks.inbox.office import Office
from benchmarks.inbox.served import browser, inbox
from benchmarks.pages import write_section
from local.service import LocalService
from local.settings import REPOSITORY
from tests.inbox.page import DESKTOP, PHONE, Page

PAGE: Final = REPOSITORY / "docs" / "inbox.md"
A_MINUTE: Final = 60


class Stranger:
    """Somebody at the page for the first time, whose steps are counted."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.steps = 0

    def press(self, selector: str, text: str = "") -> None:
        """Press what is offered."""
        self.steps += 1
        self._page.click(selector, text)

    def type(self, selector: str, text: str) -> None:
        """Write into a field."""
        self.steps += 1
        self._page.write(selector, text)

    def see(self, text: str) -> None:
        """Wait for what the page says."""
        self._page.see(text)

    def sign_in(self, service: LocalService) -> None:
        """Open the address and choose a user."""
        assert service.inbox_url is not None
        self._page.go(service.inbox_url)
        self.press("button", "Sign in")
        self.press("button", "Mary Anne")


def in_an_empty_service(stranger: Stranger) -> None:
    """Make a task for oneself, and complete it."""
    stranger.press(".ways button", "New task")
    stranger.type("dialog [name=name]", "Order paper")
    stranger.press("dialog button", "New task")
    stranger.press("[data-action=complete]", "Complete")
    stranger.see("Completed.")


def in_an_office(stranger: Stranger) -> None:
    """Take a task that is offered to one's group, and complete it."""
    stranger.press(".rows .row .title")
    stranger.press("[data-action=complete]", "Complete")
    stranger.see("Completed.")


def main() -> None:
    """Measure, print, write the table."""
    lines = ["| Path | window | steps | seconds of the page |", "|---|---|--:|--:|"]
    with inbox() as service:
        lines += _rows(service, "an empty service: make a task, complete it", in_an_empty_service)
        Office(service).fill()
        lines += _rows(service, "an office: complete the first of My tasks", in_an_office)
    text = "\n".join(lines)
    print(text)
    write_section(PAGE, "first_task", text)


def _rows(service: LocalService, title: str, path: Callable[[Stranger], None]) -> list[str]:
    rows = []
    for size in (DESKTOP, PHONE):
        with browser() as page:
            page.resize(*size)
            stranger, start = Stranger(page), monotonic()
            stranger.sign_in(service)
            path(stranger)
            seconds = monotonic() - start
            page.run("sessionStorage.clear()")
        assert seconds < A_MINUTE, (title, size, seconds)
        width, height = size
        rows.append(f"| {title} | {width} x {height} | {stranger.steps} | {seconds:.1f} |")
    return rows


if __name__ == "__main__":
    main()
