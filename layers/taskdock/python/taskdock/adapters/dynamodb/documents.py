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
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, overload

from taskdock.domain.tasks.task import Task
from taskdock.use_cases.documents import VersionedDocument

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
    return json.loads(text_in(attribute))  # type: ignore[no-any-return]


def text_in(attribute: Mapping[str, Any]) -> bytes:
    """The JSON text of the document in an attribute; raises as `unpacked` does."""
    content = attribute.get("B")
    if content is None:
        return attribute["S"].encode()  # type: ignore[no-any-return]
    if isinstance(content, str):  # in a Lambda event, where bytes are base64
        content = base64.b64decode(content, validate=True)
    try:
        return inflated(content)
    except zlib.error as error:
        raise ValueError(f"the document cannot be inflated: {error}") from error


class Documents(Sequence[bytes]):
    """The documents in items as JSON texts, each inflated when it is come to: what a filter lets
    go is not held."""

    def __init__(self, items: Sequence[Mapping[str, Any]], *, versions: bool = False) -> None:
        """With `versions`, each document says the version of its task."""
        self._items = items
        self._versions = versions

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, place: int) -> bytes: ...
    @overload
    def __getitem__(self, place: slice) -> "Documents": ...
    def __getitem__(self, place: int | slice) -> "bytes | Documents":
        if isinstance(place, slice):
            return Documents(self._items[place], versions=self._versions)
        [document] = Documents([self._items[place]], versions=self._versions)
        return document

    def __iter__(self) -> Iterator[bytes]:
        # What a query waits for: nothing else belongs here.
        if not self._versions:
            return (text_in(item["doc"]) for item in self._items)
        return (
            VersionedDocument.of(text_in(item["doc"]), int(item["version"]["N"]))
            for item in self._items
        )


def inflated(content: bytes) -> bytes:
    """The JSON in a packed document; raises `zlib.error` for anything else."""
    reader = zlib.decompressobj(wbits=_RAW, zdict=_DICTIONARIES[content[0]])
    return reader.decompress(content[1:])
