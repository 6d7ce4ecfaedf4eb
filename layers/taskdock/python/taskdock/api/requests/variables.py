"""Reads requests that set variables: one, several, or the content of a file
(docs/camunda-behaviour.md, Variables). Messages start as Camunda 7's do.
"""

import base64
from typing import Final

from taskdock.api.requests.lenient_fields import LenientFields
from taskdock.api.requests.property_values import json_text, refuse
from taskdock.api.requests.uploads import Upload
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.json_text import read_json, refuse_nul
from taskdock.domain.tasks.task import Variable
from taskdock.domain.variables.scopes import Modification
from taskdock.domain.variables.values import from_api

_JSON: Final = "application/json"
_ANY_CONTENT: Final = "application/octet-stream"


def variable_to_put(body: object, name: str) -> Modification:
    """The variable that the body of a `PUT` sets; raises `InvalidRequest`."""
    where = f"Cannot put task variable {name}"
    refuse_nul([name, body], where)
    variable = from_api(body, where)
    return Modification({} if _is_transient(body) else {name: variable})


def variables_in(fields: LenientFields, name: str, prefix: str) -> dict[str, Variable]:
    """The variables of a map from names to values; none when it is absent.

    Transient ones are checked and left out, since no process here would use them. Raises
    `InvalidRequest`, whose message starts with `prefix`.
    """
    read = [
        (variable, entry, from_api(entry, f"{prefix}: {place}"))
        for variable, entry, place in fields.entries(name)
    ]
    return {variable: value for variable, entry, value in read if not _is_transient(entry)}


def _is_transient(entry: object) -> bool:
    info = entry.get("valueInfo") if isinstance(entry, dict) else None
    return isinstance(info, dict) and info.get("transient") is True


def modification_in(body: object) -> Modification:
    """The modification that `{"modifications", "deletions"}` describes; raises `InvalidRequest`."""
    fields = LenientFields(body, "")
    settings = variables_in(fields, "modifications", "Cannot modify variables for task")
    return Modification(settings, _deletions(fields))


def _deletions(fields: LenientFields) -> tuple[str, ...]:
    given = fields.value("deletions")
    if given is None:
        return ()
    if not isinstance(given, list):
        raise refuse("deletions", "a list of names", given)
    names = [json_text(name, f"deletions[{index}]") for index, name in enumerate(given)]
    if None in names:
        raise fields.wrong(f"deletions[{names.index(None)}]", "expected a name, got null")
    return tuple(name for name in names if name is not None)


def uploaded_variable(upload: Upload, type_name: str | None) -> Variable:
    """The variable of type `Bytes`, which is the default, or `File`.

    A file needs a name; its media type and the `encoding` or `charset` that goes with it are
    kept. Raises `InvalidRequest`, for any other type too.
    """
    value = base64.b64encode(upload.content).decode()
    match type_name or "Bytes":
        case "Bytes" | "bytes":
            return {"type": "Bytes", "value": value}
        case "File" | "file":
            entry = {"type": "File", "value": value, "valueInfo": _file_info(upload)}
            return from_api(entry, "data")
        case other:
            raise InvalidRequest(f"valueType: expected Bytes or File, got '{other}'")


def uploaded_object(upload: Upload, java_class: str) -> Variable:
    """The variable of type `Object` from JSON content; the name of its class is stored. Raises
    `InvalidRequest` for another media type, and for content that is not JSON.
    """
    if upload.media_type != _JSON:
        raise InvalidRequest(
            f"Unrecognized content type for serialized java type: {upload.media_type}"
        )
    text = upload.text()
    read_json(text)  # Raises for a text that is not JSON.
    return {
        "type": "Object",
        "value": text,
        "valueInfo": {"objectTypeName": java_class, "serializationDataFormat": _JSON},
    }


def _file_info(upload: Upload) -> dict[str, str | None]:
    return {
        "filename": upload.file_name,
        "mimeType": upload.media_type or _ANY_CONTENT,
        "encoding": upload.parameters.get("encoding") or upload.parameters.get("charset"),
    }
