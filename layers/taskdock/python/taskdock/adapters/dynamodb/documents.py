"""How the table stores a task document: JSON, deflated with a preset dictionary.

A document shares most of its text with every other one: keys, types, the words of the domain.
With those as a preset dictionary it shrinks to a third or less, and so do reads, storage and
transfer (docs/decisions/0010-compact-documents.md has the figures). The first byte names the
dictionary; one that has been in use is never changed, a better one gets the next number. Documents
in plain text can be read too.
"""

import base64
import json
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from taskdock.domain.tasks.task import Task

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

_RAW: Final = -15
"""Deflate without a header: the window of 32 KiB."""

_DICTIONARIES: Final[Mapping[int, bytes]] = {
    # The commonest last: references to the end of the dictionary are the shortest.
    1: (
        b'0123456789abcdef-"delegationState":"PENDING","RESOLVED","suspended":true,"followUp":17,'
        b'"parentTaskId":"","tenantId":"","formKey":"embedded:app:forms/.html",'
        b'"camundaFormRef":{"key":"","binding":"latest","version":1},"caseExecutionId":"",'
        b'"caseInstanceId":"","caseInstanceBusinessKey":"","caseDefinitionId":"",'
        b'"caseDefinitionKey":"","caseDefinitionName":"","caseInstanceVariables":{"comments":1,'
        b'"attachments":1,"ended":17,"endReason":"","importId":"","state":"started","completed",'
        b'"failed","canceled","inputMetadata":{"outputMetadata":{"input":[{"href":"/v1/services/",'
        b'"metadata":{"output":[{"href":"","type":"participant","valueInfo":{"type":"Bytes",'
        b'"value":"","type":"File","type":"Json","value":"{\\"":{"type":"Null","value":null},'
        b'"":{"type":"Short","value":1},"":{"type":"Double","value":0.5},"":{"type":"Date",'
        b'"value":17},"":{"type":"Long","value":1},"":{"type":"Boolean","value":true},'
        b'"":{"type":"Boolean","value":false},"":{"type":"Integer","value":1},"":{"type":"String",'
        b'"value":""},"variables":{"description":{"type":"String","value":""}},"service":"",'
        b'"taskDefinitionKey":"","executionId":"","activityInstanceId":":","processInstanceId":"",'
        b'"processInstanceBusinessKey":"","processDefinitionId":":1:","processDefinitionKey":"",'
        b'"processDefinitionName":"","processVariables":{"":{"type":"String","value":""},'
        b'"":{"type":"Integer","value":1}},"links":[{"type":"candidate","userId":"",'
        b'"groupId":null},{"type":"candidate","userId":null,"groupId":""}],"id":"","name":"",'
        b'"description":"","owner":"","assignee":"","priority":50,"created":17,"lastUpdated":17,'
        b'"due":17,"taskState":"Updated","state":"created","taskState":"Created"}'
    ),
}
_read_json: Final = json.JSONDecoder().raw_decode
"""Decodes JSON without blanks: `json.loads` would look for blanks and encodings first."""

_CURRENT: Final = max(_DICTIONARIES)
_MARK: Final = bytes([_CURRENT])


def packed(text: str | bytes) -> "AttributeValueTypeDef":
    """A document as the table stores it."""
    content = text.encode() if isinstance(text, str) else text
    writer = zlib.compressobj(method=zlib.DEFLATED, wbits=_RAW, zdict=_DICTIONARIES[_CURRENT])
    return {"B": _MARK + writer.compress(content) + writer.flush()}


def unpacked(attribute: Mapping[str, Any]) -> Task:
    """The document in an attribute, as the table's client or a stream record in JSON has it.

    Raises `ValueError`, `LookupError` or `TypeError` for bytes that no version wrote.
    """
    content = attribute.get("B")
    if content is None:
        return json.loads(attribute["S"])  # type: ignore[no-any-return]
    if isinstance(content, str):  # in a Lambda event, where bytes are base64
        content = base64.b64decode(content, validate=True)
    try:
        task, _ = _read_json(inflated(content).decode())
        return task  # type: ignore[no-any-return]
    except zlib.error as error:
        raise ValueError(f"the document cannot be inflated: {error}") from error


def inflated(content: bytes) -> bytes:
    """The JSON in a packed document; raises `zlib.error` for anything else."""
    reader = zlib.decompressobj(wbits=_RAW, zdict=_DICTIONARIES[content[0]])
    return reader.decompress(content[1:])
