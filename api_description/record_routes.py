"""What belongs to a task, described: its variables, its comments, its attachments."""

from collections.abc import Iterator
from typing import Final

from taskdock.domain import errors
from taskdock.runtime.uploads import FORM

from api_description.json_shapes import FLAG, MAYBE_TEXT, TEXT, given, list_of, ref
from api_description.operations import (
    Body,
    Operation,
    Schema,
    Success,
    answers_json,
    answers_nothing,
    in_query,
    takes_json,
)
from api_description.service_routes import IF_MATCH, ONCE
from api_description.task_routes import CHANGE, TOGETHER, UNKNOWN, VARIABLES

_TASK: Final = "/task/{id}"
_BYTES: Final = "application/octet-stream"
_CONTENT: Final[Schema] = {"contentMediaType": _BYTES}
_DONE: Final = answers_nothing("done", "ETag")
_RECORD: Final = (errors.InvalidRequest, errors.TaskNotFound, errors.NotFound)


def _variable_operations(collection: str, whose: str) -> Iterator[Operation]:
    path = f"{_TASK}/{collection}"
    yield Operation(
        route=f"GET {path}",
        title=f"the variables {whose}",
        answers=answers_json(200, "the variables by name", VARIABLES),
        parameters=(
            in_query("deserializeValues", FLAG, "False: show objects by the text of their JSON."),
        ),
        refusals=UNKNOWN,
    )
    yield Operation(
        route=f"POST {path}",
        title=f"set and remove several variables {whose}, all together",
        answers=_DONE,
        parameters=(IF_MATCH,),
        body=takes_json(
            "what to set and what to remove; removing wins",
            given(
                {
                    "modifications": {
                        "type": ["object", "null"],
                        "additionalProperties": ref("GivenVariable"),
                    },
                    "deletions": {"type": ["array", "null"], "items": TEXT},
                }
            ),
            required=False,
        ),
        refusals=TOGETHER,
    )
    yield from _one_variable(f"{path}/{{name}}", whose)


def _one_variable(one: str, whose: str) -> Iterator[Operation]:
    yield Operation(
        route=f"GET {one}",
        title=f"one variable {whose}",
        answers=answers_json(200, "the variable, without a file's content", ref("Variable")),
        parameters=(
            in_query("deserializeValue", FLAG, "False: show an object by the text of its JSON."),
        ),
        refusals=_RECORD,
    )
    yield Operation(
        route=f"PUT {one}",
        title=f"set one variable {whose}",
        answers=_DONE,
        parameters=(IF_MATCH,),
        body=takes_json(
            "value and, if not that of the JSON, type",
            ref("GivenVariable"),
            required=False,
        ),
        refusals=TOGETHER,
    )
    yield Operation(
        route=f"DELETE {one}",
        title=f"remove one variable {whose}, which need not be there",
        answers=_DONE,
        parameters=(IF_MATCH,),
        refusals=TOGETHER,
    )
    yield Operation(
        route=f"GET {one}/data",
        title=f"the bytes of one variable {whose}",
        answers=(Success(200, "the bytes, in the file's own media type", {"*/*": _CONTENT}),),
        refusals=_RECORD,
    )
    yield Operation(
        route=f"POST {one}/data",
        title=f"set one variable {whose} to bytes or to a file",
        answers=_DONE,
        parameters=(IF_MATCH,),
        body=Body(
            "the field `data`; `valueType` is `Bytes` or `File`",
            {FORM: given({"data": _CONTENT, "valueType": {"enum": ["Bytes", "File"]}}, "data")},
        ),
        refusals=TOGETHER,
    )


_COMMENT_MESSAGE: Final = {"message": TEXT}

OPERATIONS: Final = (
    *_variable_operations("variables", "that the task sees"),
    *_variable_operations("localVariables", "of the task itself"),
    Operation(
        route=f"GET {_TASK}/comment",
        title="the task's comments, the newest first",
        answers=answers_json(200, "the comments", list_of(ref("Comment"))),
        refusals=(errors.TaskNotFound, errors.InvalidRequest, errors.ResponseTooLarge),
    ),
    Operation(
        route=f"GET {_TASK}/comment/{{cid}}",
        title="one comment",
        answers=answers_json(200, "the comment", ref("Comment")),
        refusals=_RECORD,
    ),
    Operation(
        route=f"POST {_TASK}/comment/create",
        title="comment on a task, open or ended",
        answers=answers_json(200, "the comment, with its address", ref("Comment")),
        parameters=(IF_MATCH, ONCE),
        body=takes_json(
            "the comment",
            given({**_COMMENT_MESSAGE, "processInstanceId": MAYBE_TEXT}, "message"),
        ),
        refusals=(*CHANGE, errors.IdempotencyMismatch),
    ),
    Operation(
        route=f"PUT {_TASK}/comment",
        title="change a comment",
        answers=answers_nothing("done"),
        parameters=(IF_MATCH,),
        body=takes_json(
            "which comment, and what it is to say",
            given({"id": TEXT, **_COMMENT_MESSAGE}, "id", "message"),
        ),
        refusals=CHANGE,
    ),
    Operation(
        route=f"DELETE {_TASK}/comment/{{cid}}",
        title="remove a comment, which need not be there",
        answers=answers_nothing("it is gone"),
        parameters=(IF_MATCH,),
        refusals=CHANGE,
    ),
    Operation(
        route=f"DELETE {_TASK}/comment",
        title="remove all comments",
        answers=answers_nothing("they are gone"),
        parameters=(IF_MATCH,),
        refusals=CHANGE,
    ),
    Operation(
        route=f"GET {_TASK}/attachment",
        title="the task's attachments, in the order they were added",
        answers=answers_json(200, "the attachments", list_of(ref("Attachment"))),
        refusals=(errors.TaskNotFound, errors.InvalidRequest, errors.ResponseTooLarge),
    ),
    Operation(
        route=f"GET {_TASK}/attachment/{{aid}}",
        title="one attachment",
        answers=answers_json(200, "the attachment, without its content", ref("Attachment")),
        refusals=_RECORD,
    ),
    Operation(
        route=f"GET {_TASK}/attachment/{{aid}}/data",
        title="the content of an attachment",
        answers=(Success(200, "the bytes", {_BYTES: _CONTENT}),),
        refusals=_RECORD,
    ),
    Operation(
        route=f"POST {_TASK}/attachment/create",
        title="attach a document to a task, by its content or by its address",
        answers=answers_json(200, "the attachment, with its address", ref("Attachment")),
        parameters=(IF_MATCH, ONCE),
        body=Body(
            "a form with `content` or `url`; content wins",
            {
                FORM: given(
                    {
                        "content": _CONTENT,
                        "url": TEXT,
                        "attachment-name": TEXT,
                        "attachment-description": TEXT,
                        "attachment-type": TEXT,
                    }
                )
            },
        ),
        refusals=(*CHANGE, errors.IdempotencyMismatch),
    ),
    Operation(
        route=f"DELETE {_TASK}/attachment/{{aid}}",
        title="remove an attachment",
        answers=answers_nothing("it is gone"),
        parameters=(IF_MATCH,),
        refusals=(*CHANGE, errors.NotFound),
    ),
)
