"""The inbox on a local service of its own, and a browser to look at it."""

from collections.abc import Iterator
from contextlib import contextmanager

from local.inbox_build import built_inbox
from local.service import LocalService
from local.settings import REPOSITORY, Store
from tests.inbox.page import Page
from tests.support.local_service import in_memory
from tests.tasklist.chromium import chromium


@contextmanager
def inbox() -> Iterator[LocalService]:
    """A local service with the inbox as its sources are now; nothing of it is kept."""
    built = built_inbox(REPOSITORY / "inbox")
    if built is None:
        raise SystemExit("the inbox cannot be built here")
    with in_memory(inbox=built.parent, store=Store.DYNOXIDE) as service:
        yield service


@contextmanager
def browser() -> Iterator[Page]:
    """A browser that nobody has used."""
    program = chromium()
    if program is None:
        raise SystemExit("there is no Chromium here")
    with Page(program) as page:
        yield page
