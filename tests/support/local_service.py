"""Local services for tests, on a free port, with everything in memory."""

from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from local.service import LocalService, Place
from local.settings import REPOSITORY, LocalSettings, Store
from tests.support.index_delay import DELAY

SMALL_TEMPLATE: Final = REPOSITORY / "tests" / "support" / "local_requests" / "template.yaml"


def in_memory(
    *,
    template: Path = REPOSITORY / "template.yaml",
    place: Place | None = None,
    **settings: Any,
) -> LocalService:
    """A local service with a free port and a table in memory; `settings` as `LocalSettings`.

    Its resources have names of their own, so that one service sees nothing of another's.
    """
    given = {
        "index_delay": DELAY,
        "store": Store.MOTO,
        "stack": f"taskdock-{token_hex(4)}",
        **settings,
    }
    return LocalService(LocalSettings(port=0, in_memory=True, template=template, **given), place)
