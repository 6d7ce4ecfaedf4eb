"""An operation: what somebody did to a task, kept with the task's new version."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from taskdock.domain.instants import Instant


class Type(StrEnum):
    """What operations are called; most names are Camunda 7's."""

    CREATE = "Create"
    CLAIM = "Claim"
    ASSIGN = "Assign"
    DELEGATE = "Delegate"
    RESOLVE = "Resolve"
    UPDATE = "Update"
    COMPLETE = "Complete"
    DELETE = "Delete"
    ADD_USER_LINK = "AddUserLink"
    ADD_GROUP_LINK = "AddGroupLink"
    DELETE_USER_LINK = "DeleteUserLink"
    DELETE_GROUP_LINK = "DeleteGroupLink"
    SET_VARIABLE = "SetVariable"
    MODIFY_VARIABLE = "ModifyVariable"
    REMOVE_VARIABLE = "RemoveVariable"
    ADD_ATTACHMENT = "AddAttachment"
    DELETE_ATTACHMENT = "DeleteAttachment"
    ADD_COMMENT = "AddComment"
    UPDATE_COMMENT = "UpdateComment"
    DELETE_COMMENT = "DeleteComment"

    # Of the service API alone.
    START = "Start"
    FAIL = "Fail"
    CANCEL = "Cancel"


@dataclass(frozen=True, slots=True)
class Detail:
    """What an operation changed, where the task itself does not tell."""

    property: str | None
    before: str | None = None
    after: str | None = None

    def as_json(self) -> list[str | None]:
        """The detail as it is kept."""
        return [self.property, self.before, self.after]


@dataclass(frozen=True, slots=True)
class Operation:
    """What somebody did, by which request, and when."""

    id: str
    type: str
    user: str
    at: Instant
    detail: Detail | None = None
    along: bool = False
    """Whether the task only changed along with the one that the request is about."""

    def as_json(self) -> Mapping[str, Any]:
        """The operation as it is kept."""
        kept: dict[str, Any] = {
            "id": self.id,
            "type": self.type,
            "user": self.user,
            "at": self.at,
        }
        if self.detail is not None:
            kept["detail"] = self.detail.as_json()
        return kept | ({"along": True} if self.along else {})

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Self:
        """The operation that was kept so; raises `LookupError` and `TypeError` for anything
        else."""
        detail = kept.get("detail")
        return cls(
            kept["id"],
            kept["type"],
            kept["user"],
            Instant(kept["at"]),
            None if detail is None else Detail(*detail),
            kept.get("along", False),
        )
