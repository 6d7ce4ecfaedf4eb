"""Pictures of the inbox: `make pictures` takes them anew and puts them into docs/pictures.

The local service runs with the tasks of an invented office; Chromium shows them.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks.inbox.office import SHOWN, Office
from benchmarks.inbox.served import browser, inbox
from benchmarks.inbox.small_png import reduced
from local.settings import REPOSITORY
from tests.inbox.page import DESKTOP, PHONE, Page

FOLDER: Final = REPOSITORY / "docs" / "pictures"
LARGEST: Final = 150_000
"""Bytes: a page of the handbook with pictures should come at once."""

SETTLED: Final = """
document.fonts.status === "loaded" && !document.querySelector('[aria-busy="true"]')
"""

type Prepare = Callable[[Page, str], None]


def main() -> None:
    """Take every picture."""
    FOLDER.mkdir(exist_ok=True)
    with inbox() as service, browser() as page:
        Office(service).fill()
        page.sign_in(service.url, "demo")
        for name, prepare in PICTURES.items():
            page.resize(*(PHONE if "phone" in name else DESKTOP))
            page.prefer(
                prefers_color_scheme="dark" if "dark" in name else "light",
                prefers_reduced_motion="reduce",
            )
            prepare(page, service.url)
            _take(page, FOLDER / f"{name}.png")


def _take(page: Page, path: Path) -> None:
    page.wait_for(SETTLED)
    page.asynchronous("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 300)))")
    page.picture(path)
    path.write_bytes(reduced(page, path.read_bytes()))
    size = path.stat().st_size
    print(f"{path.name}: {size:,} bytes")
    if size > LARGEST:
        raise SystemExit(f"{path.name} has more than {LARGEST:,} bytes")


def _list(page: Page, url: str) -> None:
    page.go(f"{url}/inbox/#/groups")
    page.wait_for("document.querySelectorAll('.row').length > 5")


def _task(page: Page, url: str) -> None:
    page.go(f"{url}/inbox/#/mine?task={SHOWN}")
    page.see("Thanks, I take it.")
    page.wait_for("Boolean(document.querySelector('.fjs-form-field'))")


def _search(page: Page, url: str) -> None:
    _list(page, url)
    page.press("/")
    page.type("priority>40 du")
    page.wait_for("Boolean(document.querySelector('[role=option]'))")


def _keys(page: Page, url: str) -> None:
    _list(page, url)
    page.press("?")
    page.wait_for("Boolean(document.querySelector('dialog[open]'))")


def _bulk(page: Page, url: str) -> None:
    _list(page, url)
    page.focus(".rows")
    page.press("j x Shift+ArrowDown Shift+ArrowDown Shift+ArrowDown")
    page.wait_for("Boolean(document.querySelector('.bulk button'))")


def _api(page: Page, url: str) -> None:
    page.go(f"{url}/docs")
    page.see("OAS 3.1")


PICTURES: Final[dict[str, Prepare]] = {
    "task": _task,
    "task-dark": _task,
    "search": _search,
    "bulk": _bulk,
    "keys-dark": _keys,
    "list-phone": _list,
    "task-phone": _task,
    "api": _api,
}


if __name__ == "__main__":
    main()
