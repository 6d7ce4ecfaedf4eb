"""The inbox on a local service of its own, and a browser to look at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from local.inbox_build import built_inbox
from local.service import LocalService
from local.settings import REPOSITORY, Store
from tests.inbox.page import Page
from tests.support.local_service import in_memory
from tests.tasklist.chromium import chromium

_READS_STREAM: Final = "Type: DynamoDB\n"
_READS_NOTHING: Final = "Type: None\n"


@contextmanager
def inbox(*, events: bool = True) -> Iterator[LocalService]:
    """A local service with the inbox as its sources are now; nothing of it is kept. Without
    `events`, nobody is told of tasks, and no history is written.
    """
    built = built_inbox(REPOSITORY / "inbox")
    if built is None:
        raise SystemExit("the inbox cannot be built here")
    with TemporaryDirectory(dir=REPOSITORY / ".local") as folder:
        template = REPOSITORY / "template.yaml"
        if not events:
            text = template.read_text(encoding="utf-8").replace(_READS_STREAM, _READS_NOTHING)
            template = Path(folder, template.name)
            for beside in ("functions", "layers"):
                Path(folder, beside).symlink_to(REPOSITORY / beside)
            template.write_text(text, encoding="utf-8")
        with in_memory(template=template, inbox=built.parent, store=Store.DYNOXIDE) as service:
            yield service


def browser_program() -> str:
    """The program of the browser."""
    program = chromium()
    if program is None:
        raise SystemExit("there is no Chromium here")
    return program


@contextmanager
def browser() -> Iterator[Page]:
    """A browser that nobody has used."""
    with Page(browser_program()) as page:
        yield page
