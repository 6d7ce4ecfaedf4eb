"""The trace of a first load: `python -m benchmarks.inbox.first_load`.

Somebody who is signed in opens the inbox: with nothing kept by the browser, and once more; on this
machine as it is, and with a phone's window and the network and the processor that Lighthouse takes
for a phone's. The
table is written to docs/inbox.md, the requests of each load to `.local/first-load.json`.
"""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from benchmarks.inbox.office import Office
from benchmarks.inbox.recorded import Loaded, Recorded
from benchmarks.inbox.served import browser_program, inbox
from benchmarks.pages import write_section
from local.settings import REPOSITORY

PAGE: Final = REPOSITORY / "docs" / "inbox.md"
TRACE: Final = REPOSITORY / ".local" / "first-load.json"
ROUNDS: Final = 3

type Load = tuple[list[Loaded], int]


def main() -> None:
    """Measure, print, and write the table."""
    rows, traces = [], {}
    with inbox() as service, Recorded(browser_program()) as page:
        Office(service).fill()
        page.sign_in(service.url, "demo")
        address = f"{service.url}/inbox/#/mine"
        page.load(address)
        for where, is_mobile in (("this machine", False), ("a phone", True)):
            page.be_mobile(is_mobile=is_mobile)
            loads: dict[str, list[Load]] = {"nothing kept": [], "files kept": []}
            for _ in range(ROUNDS):
                page.forget_files()
                loads["nothing kept"].append(page.load(address))
                loads["files kept"].append(page.load(address))
            for what, found in loads.items():
                rows.append(_row(f"{where}, {what}", found))
                traces[f"{where}, {what}"] = [asdict(each) for each in found[-1][0]]
    TRACE.write_text(json.dumps(traces, indent=1), encoding="utf-8")
    text = "\n".join(
        [
            "| Loaded on | files | kB | requests to the API | kB | ms until it can be used |",
            "|---|--:|--:|--:|--:|--:|",
            *rows,
        ]
    )
    print(text)
    write_section(PAGE, "first_load", text)


def _row(title: str, found: Sequence[Load]) -> str:
    loaded = found[-1][0]
    files = [each for each in loaded if "/inbox/" in each.address]
    calls = [each for each in loaded if "/inbox/" not in each.address]
    usable = statistics.median(milliseconds for _, milliseconds in found)
    return (
        f"| {title} | {len(files)} | {_kilobytes(files):.0f} | {len(calls)} "
        f"| {_kilobytes(calls):.0f} | {usable:,.0f} |"
    )


def _kilobytes(loaded: Sequence[Loaded]) -> float:
    return sum(each.bytes for each in loaded) / 1000


if __name__ == "__main__":
    main()
