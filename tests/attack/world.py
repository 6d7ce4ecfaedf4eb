"""Who attacks whom: a service with tasks of a tenant that the attackers do not have."""

import http.client
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from taskdock.domain.tasks.task import Task
from taskdock.use_cases.ports import Changes, Put, VersionConflict

from local.service import LocalService
from local.settings import Store, User
from tests.support.builders import MINUTE, a_task
from tests.support.local_service import in_memory
from tests.support.multipart import FORM_TYPE, form, part
from tests.support.service_tasks import a_service_task, an_item
from tests.support.tables import Table, dynamodb_client

SECRET: Final = "Zq7Secret"
"""Stands in every text of the victim's tasks, and in no answer to anybody else."""
TENANT: Final = "t9"
HIDDEN: Final = "hidden-Zq7"
OF_SERVICE: Final = "hidden-of-service-Zq7"
DUE: Final = 1_780_000_000_000
VICTIM: Final = "victor"
ATTACKERS: Final = ("mary", "john")
USERS: Final = {
    VICTIM: User(groups=("sales",), tenants=(TENANT,), admin=True),
    "mary": User(groups=("sales", "support"), tenants=("t1",)),
    "john": User(groups=("sales",)),
}
JSON: Final = {"Content-Type": "application/json"}
_OF_TIME: Final = re.compile(rb'"(milliseconds|usd)": ?[0-9.e-]+')


class Answer(NamedTuple):
    """What came over the wire, without its date and its times."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def kind(self) -> str:
        """The content type."""
        return dict(self.headers).get("content-type", "")


class Attacker:
    """Somebody with a token, or with something in place of one, on one connection."""

    def __init__(self, service: LocalService, authorization: str | None) -> None:
        self._host = urlsplit(service.url).netloc
        self._token = {} if authorization is None else {"Authorization": authorization}
        self._connection = http.client.HTTPConnection(self._host, timeout=60)

    def ask(
        self, method: str, target: str, body: Any = None, headers: Mapping[str, str] = JSON
    ) -> Answer:
        """The answer; a body that is no bytes is sent as JSON."""
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        sent = {**self._token, **(headers if content is not None else {})}
        try:
            return self._sent(method, target, content, sent)
        except (http.client.HTTPException, ConnectionError):
            self._connection.close()  # the service had closed it after the last answer
            return self._sent(method, target, content, sent)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _sent(
        self, method: str, target: str, content: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        self._connection.request(method, target, content, dict(headers))
        answer = self._connection.getresponse()
        named = ((name.lower(), value) for name, value in answer.getheaders())
        kept = tuple(sorted(each for each in named if each[0] not in ("date", "content-length")))
        return Answer(answer.status, kept, _OF_TIME.sub(rb'"\1":0', answer.read()))


@dataclass(frozen=True, slots=True)
class Attacked:
    """The service, its table, and the victim's comment, attachment and filter."""

    service: LocalService
    table: Table
    ids: Mapping[str, str]
    connected: ExitStack

    def as_user(self, name: str) -> Attacker:
        """Somebody who has signed in."""
        return self.with_token(f"Bearer {self.service.token(name)}")

    def with_token(self, authorization: str | None) -> Attacker:
        """Somebody who sends this as `Authorization`, or nothing."""
        attacker = Attacker(self.service, authorization)
        self.connected.callback(attacker.close)
        return attacker

    def restore(self) -> None:
        """Have the attackers' own tasks be as they were, whatever became of them."""
        store = self.table.store()
        for task in others():
            with suppress(VersionConflict):  # a worker of the service changes it just now
                store.commit(Changes([Put(task, store.get(task["id"]))]))

    def state(self) -> list[str]:
        """All that is stored of the victim's tasks."""
        self.service.events()  # their history too
        found = (item for item in self.table.items() if "hidden-" in item["PK"]["S"])
        return sorted(repr(sorted(item.items())) for item in found)


def victims() -> list[Task]:
    """The victim's tasks, offered to the very groups and users who attack."""
    names = {"name": SECRET, "description": SECRET, "tenantId": TENANT}
    surroundings = {
        "processInstanceId": f"pi-{SECRET}",
        "processInstanceBusinessKey": f"bk-{SECRET}",
        "processDefinitionId": f"pd-{SECRET}",
        "processDefinitionKey": f"pk-{SECRET}",
        "caseInstanceId": f"ci-{SECRET}",
        "executionId": f"ex-{SECRET}",
        "taskDefinitionKey": f"td-{SECRET}",
        "processVariables": {"amount": {"type": "String", "value": SECRET}},
        "variables": {"amount": {"type": "String", "value": SECRET}},
    }
    listed = {"input": [an_item(SECRET)], "output": [an_item(SECRET)], "state": "started"}
    return [
        a_task(HIDDEN, groups=["sales"], users=["john", "mary"], due=DUE, **names, **surroundings),
        a_service_task(OF_SERVICE, assignee="mary", due=DUE + MINUTE, **{**names, **listed}),
    ]


def others() -> list[Task]:
    """Tasks that the attackers may see and change."""
    return [
        a_task("of-t1", groups=["sales"], tenantId="t1", due=DUE),
        a_task("of-none", groups=["sales"], due=DUE + MINUTE),
        a_service_task("of-service", input=[an_item("a")], output=[an_item("b")]),
    ]


@contextmanager
def attacked() -> Iterator[Attacked]:
    """The service with the victim's tasks, one of tenant t1 and one of no tenant."""
    with in_memory(store=Store.DYNOXIDE, users=USERS) as service, ExitStack() as connected:
        endpoint = service.cloud.table_endpoint
        name = f"{service.settings.stack}-TaskTable"
        client = dynamodb_client(endpoint)
        connected.callback(client.close)
        table = Table(client, name, endpoint)
        for task in [*victims(), *others()]:
            table.store().commit(Changes([Put(task)]))
        world = Attacked(service, table, {}, connected)
        yield replace(world, ids=_belongings(world.as_user(VICTIM)))


def _belongings(victim: Attacker) -> dict[str, str]:
    upload = form(
        part("attachment-name", SECRET.encode()), part("content", b"\0" + SECRET.encode())
    )
    made = {
        "cid": victim.ask("POST", f"/task/{HIDDEN}/comment/create", {"message": SECRET}),
        "aid": victim.ask(
            "POST", f"/task/{HIDDEN}/attachment/create", upload, {"Content-Type": FORM_TYPE}
        ),
    }
    assert {answer.status for answer in made.values()} == {200}, made
    return {name: str(json.loads(answer.body)["id"]) for name, answer in made.items()}
