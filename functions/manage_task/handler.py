"""Shows one task."""

from collections.abc import Callable
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext
from taskdock.runtime.answers import Answer
from taskdock.runtime.door import Door
from taskdock.runtime.representations import extended_task_json
from taskdock.runtime.requests import Request
from taskdock.runtime.wiring import Wiring, deployed
from taskdock.use_cases.ports import StoredTask
from taskdock.use_cases.read_task import read_open_task


def create_app(wiring: Callable[[], Wiring] = deployed) -> Door:
    """The routes of this function."""
    door = Door(wiring)
    door.add("GET", "/task/{id}", show_task)
    return door


def show_task(request: Request, wiring: Wiring) -> Answer:
    """An open task, with what the flags in the query string ask for (`reference` §8)."""
    with_variables = request.flag("withTaskVariablesInReturn")
    with_local_variables = request.flag("withTaskLocalVariablesInReturn")
    with_info = request.flag("withCommentAttachmentInfo")
    stored = read_open_task(wiring.store, request.path["id"], request.caller)
    content = extended_task_json(
        stored.task,
        with_variables=with_variables,
        with_local_variables=with_local_variables,
        with_comment_attachment_info=with_info,
    )
    return Answer(200, content, headers=_etag(stored))


def _etag(stored: StoredTask) -> dict[str, str]:
    return {"ETag": f'"{stored.version}"'}


_APP: Final = create_app()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """One request through API Gateway."""
    return _APP(event, context)
