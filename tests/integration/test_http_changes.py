"""GET /v1/changes: what changed since, for programs that keep a copy."""

from typing import Any, Final

import pytest
from taskdock.domain.access import Authorization
from taskdock.domain.changes.cursor import Cursor
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import TaskId, changed
from taskdock.runtime.settings import Settings
from taskdock.use_cases.changes.read_changes import ReadChanges
from taskdock.use_cases.ports import Changes, Put, Remove
from taskdock.use_cases.query.read_budget import Limits
from taskdock.use_cases.services.programs import Program

from tests.support.builders import CREATED, MINUTE, a_task, noise
from tests.support.capacity_meter import metered
from tests.support.http_events import USER_CLAIMS, Reply, sample
from tests.support.in_memory_apps import InMemoryApps
from tests.support.in_memory_wiring import IDENTITY, InMemoryWiring
from tests.support.set_clock import SetClock
from tests.support.tables import Table

DAY: Final = 24 * 60 * MINUTE
PROGRAM: Final = {
    "token_use": "access", "client_id": "mirror", "scope": "taskdock/tasks.read"
}  # fmt: skip


class World:
    """Functions whose tasks are written and asked for at times that the test sets."""

    def __init__(self, **settings: Any) -> None:
        chosen = Settings(**IDENTITY, **settings)
        self.wiring = InMemoryWiring(settings=chosen)
        self.apps = InMemoryApps(wiring=self.wiring)
        self.at(CREATED)

    def at(self, instant: int) -> None:
        self.wiring.stamped = self.wiring.moment = Instant(instant)

    def pass_by(self, milliseconds: int) -> None:
        self.at(self.wiring.moment + milliseconds)

    def create(self, task_id: str, **fields: Any) -> None:
        task = a_task(task_id, **{"created": self.wiring.moment, **fields})
        self.wiring.memory.commit(Changes([Put(task)]))

    def change(self, task_id: str, **fields: Any) -> None:
        before = self.wiring.memory.get(TaskId(task_id))
        assert before is not None
        self.wiring.memory.commit(Changes([Put(changed(before.task, **fields), before)]))

    def erase(self, name: str) -> None:
        before = self.wiring.memory.get(TaskId(name))
        assert before is not None
        self.wiring.memory.commit(Changes([Remove(before)]))

    def ask(
        self, since: str | None = None, claims: Any = USER_CLAIMS, tag: str = "", **query: str
    ) -> Reply:
        headers = {"if-none-match": tag} if tag else {}
        asked = query if since is None else {"since": since, **query}
        return self.apps.ask("GET /v1/changes", query=asked, claims=claims, headers=headers)

    def begin(self, **asked: Any) -> str:
        reply = self.ask(**asked)
        assert reply.status == 200, reply.text
        token: str = reply.json["next"]
        return token


@pytest.fixture
def world() -> World:
    return World()


def test_the_sample_begins(world: World) -> None:
    reply = world.apps.send(sample("query_tasks", "changes"))

    assert (reply.status, told(reply)) == (200, [])


def told(reply: Reply) -> list[tuple[str, int, str, str | None]]:
    assert reply.status == 200, reply.text
    return [
        (each["id"], each["version"], each["change"], each["end"]) for each in reply.json["changes"]
    ]


def test_who_asks_without_a_cursor_begins_now(world: World) -> None:
    world.create("t1")
    world.pass_by(10 * MINUTE)
    reply = world.ask()

    assert (reply.status, reply.json["changes"], reply.json["more"]) == (200, [], False)
    assert reply.headers["x-read-units"] == "1"
    assert told(world.ask(reply.json["next"])) == []


def test_what_became_of_tasks_is_told_in_order_of_time(world: World) -> None:
    for name in ("changed", "completed", "deleted", "erased"):
        world.create(name)
    world.pass_by(5 * MINUTE)
    since = world.begin()
    world.create("created", tenantId="t1")
    world.pass_by(1)
    world.change("changed", priority=1)
    world.pass_by(1)
    world.change("completed", ended=world.wiring.moment, state="completed")
    world.pass_by(1)
    world.change("deleted", ended=world.wiring.moment, state="canceled", deleted=True)
    world.pass_by(1)
    world.erase("erased")

    reply = world.ask(since)
    assert told(reply) == [
        ("created", 1, "created", None),
        ("changed", 2, "changed", None),
        ("completed", 2, "ended", "completed"),
        ("deleted", 2, "ended", "deleted"),
        ("erased", 2, "ended", "erased"),
    ]
    assert [each["tenantId"] for each in reply.json["changes"]] == ["t1", None, None, None, None]
    assert reply.json["changes"][0]["at"] == "2026-01-23T12:47:42.000+0000"
    assert "task" not in reply.json["changes"][0]


def test_open_tasks_are_shown_when_asked_for(world: World) -> None:
    since = world.begin()
    world.create("t1", name="Approve", variables={"v": {"type": "Integer", "value": 1}})
    world.create("t2")
    world.change("t2", ended=CREATED, state="completed")

    [first, second] = world.ask(since, withTasks="true").json["changes"]
    shown = world.apps.ask("GET /task/{id}").json
    assert (first["task"], second["task"]) == (shown, None)


def test_what_was_told_in_the_last_minute_is_told_again(world: World) -> None:
    since = world.begin()
    world.create("t1")
    first = world.ask(since)
    world.pass_by(59_000)
    second = world.ask(first.json["next"])
    world.pass_by(40_000)
    third = world.ask(second.json["next"])
    fourth = world.ask(third.json["next"])

    assert told(first) == told(second) == told(third) == [("t1", 1, "created", None)]
    assert told(fourth) == []


def test_pages_go_on_where_the_last_one_ended(world: World) -> None:
    since = world.begin()
    for number in range(25):
        world.create(f"t{number:02}")
        world.pass_by(1 if number % 3 else 0)
    pages = []
    for _ in range(20):
        reply = world.ask(since, limit="4")
        pages.append(reply)
        since = reply.json["next"]
        if not reply.json["more"]:
            break

    names = [name for page in pages for name, *_ in told(page)]
    assert sorted(names) == [f"t{number:02}" for number in range(25)]
    assert all(len(told(page)) <= 5 for page in pages)
    # All of it is younger than a minute, so it comes once more.
    world.pass_by(1)
    assert len(told(world.ask(since, limit="1000"))) == 25


def test_a_task_that_was_changed_is_told_once(world: World) -> None:
    since = world.begin()
    world.create("t1")
    world.pass_by(5)
    world.change("t1", priority=1)
    world.change("t1", priority=2)

    assert told(world.ask(since)) == [("t1", 3, "changed", None)]


def test_a_caller_hears_of_their_tenants_alone(world: World) -> None:
    since = world.begin()
    for tenant in (None, "t1", "t2"):
        world.create(f"of {tenant}", tenantId=tenant)
    claims = {**USER_CLAIMS, "cognito:groups": "[tenant:t2]"}

    assert [name for name, *_ in told(world.ask(since, claims=claims))] == ["of None", "of t2"]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ({**USER_CLAIMS, "username": "mary", "cognito:groups": "[sales]"}, 403),
        ({**USER_CLAIMS, "username": "boss", "cognito:groups": "[camunda-admin]"}, 200),
        (PROGRAM, 200),
    ],
)
def test_among_participants_supervisors_and_programs_may_ask(who: Any, status: int) -> None:
    world = World(authorization=Authorization.PARTICIPANTS)
    world.wiring.programs.put(Program("mirror", "m", (), ()))

    assert world.ask(claims=who).status == status
    assert World().ask(claims=who).status == 200


def test_a_deployment_that_keeps_no_changes_says_so() -> None:
    reply = World(keep_changes=False).ask()

    assert (reply.status, reply.json["type"]) == (404, "ChangesNotKeptException")
    assert "KeepChanges" in reply.json["message"]


@pytest.mark.parametrize("days", [1, 90])
def test_a_cursor_older_than_what_is_kept_is_refused(days: int) -> None:
    world = World(ended_task_days=days)
    since = world.begin()
    world.pass_by(days * DAY - 4 * MINUTE)
    assert world.ask(since).status == 200
    world.pass_by(2 * MINUTE + 30_000)
    reply = world.ask(since)

    assert (reply.status, reply.json["type"]) == (410, "CursorExpiredException")
    assert "Begin without it" in reply.json["message"]


@pytest.mark.parametrize(
    "since",
    [
        "", "x", "????", "bnVsbA", "W10", "WzFd", "WzEsMiwzXQ", "WyIxIixudWxsXQ", "W3RydWUsbnVsbF0",
        "WzFlOTksbnVsbF0", "W1tbW1tb", "W" * 100_000, "\u00e4", "WzEuNSxudWxsXQ",
        "Wzk5OTk5OTk5OTk5OTk5OTk5OTksbnVsbF0",
    ],
)  # fmt: skip
def test_what_is_no_cursor_is_refused(world: World, since: str) -> None:
    reply = world.ask(since)

    assert reply.status == 400
    assert reply.json["message"].startswith("since: ")


@pytest.mark.parametrize(
    "query", [{"limit": "0"}, {"limit": "1001"}, {"limit": "x"}, {"withTasks": "maybe"}, {"x": "y"}]
)
def test_other_mistakes_are_refused(world: World, query: dict[str, str]) -> None:
    assert world.ask(**query).status == 400


def test_an_answer_that_is_known_is_not_sent_again(world: World) -> None:
    world.at(CREATED // 30_000 * 30_000)
    since = world.begin()
    world.create("t1")
    first = world.ask(since)
    since = first.json["next"]
    world.pass_by(100)
    second = world.ask(since)
    tag = second.headers["etag"]

    for known in (tag, f'"other", {tag}', tag.removeprefix("W/")):
        again = world.ask(since, tag=known)
        assert (again.status, again.text) == (304, "")
        assert again.headers["etag"] == tag
    assert world.ask(since, tag='W/"other"').status == 200
    world.pass_by(100)
    world.create("t2")
    assert told(world.ask(since, tag=tag)) == [*told(second), ("t2", 1, "created", None)]


def test_a_budget_is_kept(world: World) -> None:
    since = world.begin()
    for number in range(20):
        world.create(f"t{number}", description=noise(9_000))
    reply = world.apps.ask(
        "GET /v1/changes", query={"since": since}, headers={"x-max-read-units": "1"}
    )

    assert (reply.status, reply.json["type"]) == (422, "QueryTooExpensiveException")


@pytest.mark.parametrize(("tenants", "units"), [(0, 5), (1, 9), (10, 45), (50, 205)])
def test_asking_when_nothing_happened_costs_half_a_unit_for_each_partition(
    dynoxide_table: Table, tenants: int, units: float
) -> None:
    store = dynoxide_table.store(keeping=dynoxide_table.keeping(SetClock.at(CREATED)))
    for number in range(20):
        store.commit(Changes([Put(a_task(f"t{number}"))]))
    now = Instant(CREATED + 10 * MINUTE)
    reach = (None, *(f"tenant{number}" for number in range(tenants)))
    read = ReadChanges(dynoxide_table.change_log(), reach, Limits(), lambda: now, 30)

    with metered(dynoxide_table.client) as meter:
        page = read(Cursor.at_the_end(now), 100)

    assert (page.changes, page.more) == ([], False)
    assert meter.read == page.read_units == units
