"""Every recorded query, asked of the use cases alone: no gateway, no functions, no table."""

from taskdock.api.queries.reading import read_body, read_parameters
from taskdock.api.requests.imports import read_import
from taskdock.domain.caller import Caller
from taskdock.domain.json_text import read_json
from taskdock.domain.query.model import TaskQuery
from taskdock.use_cases.ports import Changes, Put, TaskStore
from taskdock.use_cases.query.paging import Window
from taskdock.use_cases.query.query_tasks import QueryRequest, count_tasks, find_tasks
from taskdock.use_cases.query.read_budget import Limits

from tests.conformance.recordings import QueryCase, queries, world
from tests.support.in_memory_store import InMemoryTaskStore

_PAGING = ("firstResult", "maxResults")


def test_every_query_finds_and_counts_what_is_recorded() -> None:
    store = a_store_with_the_world()
    callers = {
        name: Caller.of_groups(name, user.memberships) for name, user in world().users.items()
    }

    def groups_of(user: str) -> tuple[str, ...]:
        return callers[user].groups if user in callers else ()

    wrong: list[str] = []
    for case in queries():
        limits = Limits()
        asked = QueryRequest(query(case), callers[case.caller], world().now, groups_of, limits)
        found = [task["id"] for task in find_tasks(asked, store, window(case)).tasks]
        counted = count_tasks(asked, store).count
        if found != case.ids or counted != case.count:
            wrong.append(f"{case.name}: {len(found)} found, {counted} counted")
    assert not wrong, "\n".join(wrong)


def a_store_with_the_world() -> TaskStore:
    store = InMemoryTaskStore()
    for entry in read_import({"tasks": world().entries}):
        store.commit(Changes([Put(entry.task)]))
    return store


def query(case: QueryCase) -> TaskQuery:
    if case.body is not None:
        return read_body(case.body)
    asked = {name: value for name, value in case.parameters.items() if name not in _PAGING}
    return read_parameters(asked, read_json)


def window(case: QueryCase) -> Window:
    given = {name: int(case.parameters[name]) for name in _PAGING if name in case.parameters}
    return Window(given.get("firstResult", 0), given.get("maxResults", 2**31 - 1))
