"""Whatever is wrong with columns: the answer is exact, and one line of the log and a metric say
what was wrong."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from io import StringIO
from types import SimpleNamespace
from typing import Any, Final

import pytest
from taskdock.domain.columns.segment import shared
from taskdock.domain.errors import AlreadyExists
from taskdock.runtime.explanations import columns_unusable
from taskdock.runtime.logging import logger
from taskdock.use_cases.columns import tail
from taskdock.use_cases.columns.compacting import Outcome

from tests.support.builders import a_task, noise
from tests.support.column_faults import FAULTS, Fault, manifest_of
from tests.support.column_worlds import MINUTE, ColumnWorld, every_query_is_broad
from tests.support.in_memory_apps import InMemoryApps
from tests.support.in_memory_wiring import InMemoryWiring

BODY: Final[Mapping[str, Any]] = {
    "nameLike": "n%",
    "sorting": [{"sortBy": "priority", "sortOrder": "desc"}],
}


@pytest.fixture(autouse=True)
def _every_query_is_broad(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tail, "MOST_ENTRIES", 100)
    with every_query_is_broad():
        yield


@dataclass
class Service:
    """The functions over a world with columns, and what they say."""

    world: ColumnWorld
    log: StringIO
    printed: Callable[[], str]
    apps: InMemoryApps = field(init=False)

    def __post_init__(self) -> None:
        wiring: Any = InMemoryWiring()
        wiring.store = wiring.memory = self.world.tasks
        wiring.change_log = self.world.tasks
        self.world.columns.tell = partial(columns_unusable, namespace="taskdock")
        wiring.columns = SimpleNamespace(queries=self.world.columns)
        self.apps = InMemoryApps(wiring=wiring)

    def told(self) -> tuple[list[str], int]:
        """The reasons that the log has and how often the metric was counted, since last asked."""
        lines = [json.loads(line) for line in self.log.getvalue().splitlines()]
        self.log.truncate(0)
        self.log.seek(0)
        metrics = [json.loads(line) for line in self.printed().splitlines() if '"_aws"' in line]
        return (
            [each["reason"] for each in lines if each["message"] == "columns unusable"],
            sum(sum(each.get("columnsUnusable", ())) for each in metrics),
        )


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Service:
    log = StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", log)
    return Service(_made(), log, lambda: capsys.readouterr().out)


def _made() -> ColumnWorld:
    world = ColumnWorld()
    world.put(*(a_task(f"{at:03}", name=f"n{at}", priority=at) for at in range(100)))
    world.wait(20 * MINUTE)
    assert world.compact(None) == [Outcome.MADE]
    world.wait(20 * MINUTE)
    return world


def _shown(tasks: Any) -> list[str]:
    return [each["id"] for each in tasks]


ROUTES: Final = ("POST /task", "POST /task/count", "GET /task")


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda each: each.name)
def test_columns_that_cannot_answer_leave_it_to_the_indexes_and_say_so_once(
    service: Service, fault: Fault, route: str
) -> None:
    with fault.surround(service.world):
        if route == "GET /task":  # in HAL, with a count beside the page
            query, headers = {"nameLike": "n%"}, {"accept": "application/hal+json"}
            reply = service.apps.ask(route, query=query, headers=headers)
        else:
            reply = service.apps.ask(route, body=BODY)

    expected = service.world.expected(BODY).tasks
    assert reply.status == 200, reply.text
    if route == "POST /task":
        assert _shown(reply.json) == _shown(expected)
    else:
        assert reply.json["count"] == len(expected)
    assert service.told() == ([fault.reason], 1)
    assert service.world.asked.asked == [(None, fault.anew)] * (fault.name != "heads out of reach")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda each: each.name)
def test_beyond_the_budget_no_part_is_answered(service: Service, fault: Fault) -> None:
    with fault.surround(service.world):
        reply = service.apps.ask("POST /task", body=BODY, headers={"x-max-read-units": "6"})

    if reply.status == 200:
        assert _shown(reply.json) == _shown(service.world.expected(BODY).tasks)
    assert reply.status in (200, 422, 503), reply.text
    assert service.told() == ([fault.reason], 1)


@pytest.mark.parametrize(
    "fault", [each for each in FAULTS if each.anew], ids=lambda each: each.name
)
def test_broken_columns_are_whole_after_the_compaction_that_was_asked_for(
    service: Service, fault: Fault
) -> None:
    world = service.world
    with fault.surround(world):
        service.apps.ask("POST /task", body=BODY)
    for tenant, anew in world.asked.asked:
        assert world.compact(tenant, anew=anew) == [Outcome.MADE]
    service.told()
    world.wait(20 * MINUTE)

    answer = world.ask(BODY)

    assert answer.found.columns is not None
    assert answer.tasks == world.expected(BODY).tasks
    assert service.told() == ([], 0)


@pytest.mark.parametrize(
    "fault", [each for each in FAULTS if each.anew], ids=lambda each: each.name
)
def test_a_compaction_that_meets_broken_columns_makes_them_anew(
    service: Service, fault: Fault
) -> None:
    world = service.world
    with fault.surround(world):
        world.store.heads([None])
        world.store.read(world.store.by_tenant[None].manifest)
        world.tasks.entries(next(iter(tail.specs_since(None, None))))
    world.put(*(a_task(f"x{at}", name="new") for at in range(30)))
    world.wait(20 * MINUTE)

    assert world.compact(None) == [Outcome.MADE]

    assert not world.store.works
    world.wait(20 * MINUTE)
    answer = world.ask({})
    assert answer.found.columns is not None
    assert answer.tasks == world.expected({}).tasks


# What is unusual and does no harm.


def _old_imports(world: ColumnWorld) -> None:
    world.put(*(a_task(f"old{at}", name="n-old", created=at * 10**9) for at in range(50)))


def _emptied(world: ColumnWorld) -> None:
    for at in range(100):
        stored = world.tasks.get(a_task(f"{at:03}")["id"])
        assert stored is not None
        if at % 2:
            world.put({**stored.task, "ended": world.now})
        else:
            world.erase(f"{at:03}")


def _emptied_and_made(world: ColumnWorld) -> None:
    _emptied(world)
    world.wait(20 * MINUTE)
    assert world.compact(None) == [Outcome.MADE]
    assert manifest_of(world).tasks == 0


def _grown_and_made(world: ColumnWorld) -> None:
    world.put(*(a_task(f"y{at:04}", name=f"n{at}") for at in range(1000)))
    world.wait(20 * MINUTE)
    assert world.compact(None) == [Outcome.MADE]


def _large(world: ColumnWorld) -> None:
    world.put(*(a_task(f"large{at}", name="n", description=noise(290_000)) for at in range(2)))
    world.wait(20 * MINUTE)
    assert world.compact(None) == [Outcome.MADE]
    world.put(a_task("large-too", name="n", description=noise(290_000)))


def _an_index_two_minutes_late(world: ColumnWorld) -> None:
    """A task is in the indexes two minutes after its stamp, and a compaction ran meanwhile."""
    entries: Any = world.tasks.entries
    tasks: Any = world.tasks

    def without_late(*args: Any) -> Any:
        page = entries(*args)
        return page._replace(
            entries=[each for each in page.entries if b"late" not in each.document]
        )

    world.put(a_task("late", name="n-late", created=world.now), a_task("001", name="n-late"))
    tasks.entries = without_late
    world.wait(2 * MINUTE)
    assert world.compact(None) == [Outcome.MADE]
    tasks.entries = entries


def _erased_and_created_again(world: ColumnWorld) -> None:
    world.erase("001")
    world.put(a_task("001", name="n-other"))
    world.erase("002")
    with pytest.raises(AlreadyExists):
        world.put(a_task("002", name="n-other", tenantId="t1"))


def _two_compactions(world: ColumnWorld) -> None:
    world.put(a_task("x", name="n-x"))
    world.wait(20 * MINUTE)
    world.compact(None)
    world.put(a_task("x", name="n-y"))
    world.store.works.clear()
    world.compact(None, anew=True)


UNUSUAL: Final = (
    _old_imports,
    _emptied,
    _emptied_and_made,
    _grown_and_made,
    _large,
    _an_index_two_minutes_late,
    _erased_and_created_again,
    _two_compactions,
)


@pytest.mark.parametrize("happen", UNUSUAL, ids=lambda each: each.__name__)
def test_what_is_unusual_is_answered_exactly_from_columns(
    service: Service, happen: Callable[[ColumnWorld], None]
) -> None:
    happen(service.world)
    for body in ({}, BODY, {"nameLike": "%n-%"}):
        reply = service.apps.ask("POST /task", body=body, query="explain=true")
        count = service.apps.ask("POST /task/count", body=body, query="explain=true")

        expected = _shown(service.world.expected(body).tasks)
        assert _shown(reply.json["tasks"]) == expected
        assert count.json["count"] == len(expected)
        assert reply.json["plan"]["path"] == count.json["plan"]["path"] == "columns"
    assert service.told() == ([], 0)


def test_a_hundred_thousand_names_of_variables_are_answered_exactly(service: Service) -> None:
    world = service.world
    world.put(
        *(
            a_task(
                f"v{at:04}",
                variables={
                    f"Name{at * 50 + each}": {"type": "Integer", "value": each}
                    for each in range(50)
                },
            )
            for at in range(2000)
        )
    )
    world.wait(20 * MINUTE)
    assert world.compact(None) == [Outcome.MADE]
    world.wait(20 * MINUTE)

    assert any(shared("variables") in part.places for part in manifest_of(world).parts)
    assert sum(len(part.places) for part in manifest_of(world).parts) < 400
    for name, ignoring in (("Name77777", False), ("nAME77777", True), ("nAME77777", False)):
        condition = {"name": name, "operator": "gteq", "value": 10}
        body = {"taskVariables": [condition], "variableNamesIgnoreCase": ignoring}
        answer = world.ask(body)
        assert answer.found.columns is not None
        assert _shown(answer.tasks) == (["v1555"] if name == "Name77777" or ignoring else [])
