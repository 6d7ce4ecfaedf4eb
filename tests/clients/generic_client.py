"""The client that is generated from Camunda 7's own description, as one user."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import generic_camunda_client as client
import pytest


class Desk:
    """The client's calls about tasks and people, from entering to leaving it."""

    def __init__(self, url: str, token: str, downloads: Path) -> None:
        """Files that the client fetches are put into `downloads`."""
        settings = client.Configuration(host=url)
        settings.temp_folder_path = str(downloads)
        self._api = client.ApiClient(settings, "Authorization", f"Bearer {token}")
        self.tasks = client.TaskApi(self._api)
        self.links = client.TaskIdentityLinkApi(self._api)
        self.variables = client.TaskVariableApi(self._api)
        self.local_variables = client.TaskLocalVariableApi(self._api)
        self.comments = client.TaskCommentApi(self._api)
        self.attachments = client.TaskAttachmentApi(self._api)
        self.engines = client.EngineApi(self._api)
        self.version = client.VersionApi(self._api)
        self.people = client.UserApi(self._api)
        self.groups = client.GroupApi(self._api)
        self.identity = client.IdentityApi(self._api)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._api.rest_client.pool_manager.clear()

    def create(self, task_id: str, **fields: object) -> None:
        """Create a task under that id."""
        self.tasks.create_task(task_dto=client.TaskDto(id=task_id, **fields))


@dataclass(slots=True)
class Refusal:
    """What the client raised for an answer that is an error."""

    status: int = 0
    body: str = ""


@contextmanager
def refused() -> Iterator[Refusal]:
    """Expects the client to raise; what it raised is there afterwards."""
    refusal = Refusal()
    with pytest.raises(client.ApiException) as raised:
        yield refusal
    refusal.status, refusal.body = raised.value.status, raised.value.body
