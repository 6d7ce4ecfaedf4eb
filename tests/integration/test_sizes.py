"""A body over the limit is a 413 on every route, whatever its content type, and is not decoded."""

from typing import Final

import pytest
from taskdock.routes.imports import BODY_LIMIT as IMPORT_LIMIT
from taskdock.routes.task_attachments import BODY_LIMIT as FORM_LIMIT
from taskdock.runtime.requests import BODY_LIMIT

from tests.support.builders import a_task
from tests.support.http_events import USER_CLAIMS
from tests.support.in_memory_apps import InMemoryApps
from tests.support.operations import every_operation

LARGER: Final = {
    "POST /v1/import": IMPORT_LIMIT,
    "POST /task/{id}/attachment/create": FORM_LIMIT,
}

ADMINISTRATOR: Final = {**USER_CLAIMS, "scope": f"{USER_CLAIMS['scope']} taskdock/admin"}

BODIES: Final[dict[str, tuple[str | bytes, str | None]]] = {
    "JSON": ("x", "application/json"),
    "JSON of wide characters": ("\u20ac", "application/json"),
    "text": ("x", "text/plain"),
    "bytes": (b"x", "application/octet-stream"),
    "a form": (b"x", "multipart/form-data; boundary=b"),
    "of no type": (b"x", None),
}


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize(
    "operation", [each for each in every_operation() if not each.startswith("OPTIONS")]
)
def test_a_body_over_the_limit_is_refused(operation: str, kind: str) -> None:
    unit, content_type = BODIES[kind]
    width = len(unit.encode()) if isinstance(unit, str) else 1
    times = LARGER.get(operation, BODY_LIMIT) // width + 1
    apps = InMemoryApps(a_task("t1"))
    path = operation
    for name in ("sid", "tid", "cid", "aid", "index", "key", "tenant", "clientId"):
        path = path.replace(f"{{{name}}}", "0")
    headers = {} if content_type is None else {"content-type": content_type}

    answer = apps.ask(path, name="x", body=unit * times, headers=headers, claims=ADMINISTRATOR)

    assert answer.status == 413, answer.text
    assert answer.json["type"] == "RequestTooLargeException"
    assert apps.task() == a_task("t1")
