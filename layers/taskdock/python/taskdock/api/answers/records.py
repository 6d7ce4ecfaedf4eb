"""How Camunda 7's API shows comments and attachments."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from taskdock.domain import instants
from taskdock.domain.tasks.comments import Attachment, Comment
from taskdock.domain.tasks.task import TaskId

Links = list[Mapping[str, str]]


def comment_json(comment: Comment, task_id: TaskId, links: Links | None = None) -> dict[str, Any]:
    """The comment in Camunda 7's form (docs/camunda-behaviour.md, Comments)."""
    return {
        "links": links or [],
        "id": comment["id"],
        "userId": comment.get("userId"),
        "time": instants.write(comment["time"]),
        "taskId": task_id,
        "message": comment["message"],
        "removalTime": None,
        "rootProcessInstanceId": comment.get("rootProcessInstanceId"),
        "processInstanceId": comment.get("processInstanceId"),
    }


def attachment_json(
    attachment: Attachment, task_id: TaskId, links: Links | None = None
) -> dict[str, Any]:
    """The attachment in Camunda 7's form, without its content
    (docs/camunda-behaviour.md, Attachments)."""
    return {
        "links": links or [],
        "id": attachment["id"],
        "name": attachment.get("name"),
        "description": attachment.get("description"),
        "taskId": task_id,
        "type": attachment.get("type"),
        "url": attachment.get("url"),
        "createTime": instants.write(attachment["createTime"]),
        "removalTime": None,
        "rootProcessInstanceId": attachment.get("rootProcessInstanceId"),
    }


def self_link(base_url: str, task_id: TaskId, kind: str, record_id: str) -> Links:
    """The address of a record; `kind` is `comment` or `attachment`."""
    href = f"{base_url}/task/{quote(task_id, safe=':')}/{kind}/{record_id}"
    return [{"method": "GET", "href": href, "rel": "self"}]
