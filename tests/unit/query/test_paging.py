"""Cursors: the token, what is no token, and that pages neither repeat nor lose tasks."""

import base64
import json
import random
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from taskdock.api.queries.reading import read_body
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.query.sorting import VARIABLE_TYPES, Order, SortKey
from taskdock.domain.tasks.task import Task
from taskdock.use_cases.query.paging import Bookmark, Cursor, Window, place_of_token
from taskdock.use_cases.query.query_tasks import Answer, find_tasks

from tests.support.builders import CREATED, a_task
from tests.unit.query.asking import keep, query_request
from tests.unit.query.watched_store import WatchedStore

Entry = Mapping[str, Any]


def by(name: str, order: str = "asc", **more: Any) -> Entry:
    return {"sortBy": name, "sortOrder": order, **more}


def by_variable(kind: str, order: str = "asc") -> Entry:
    return by("taskVariable", order, parameters={"variable": "v", "type": kind})


def keys(*entries: Entry) -> tuple[SortKey, ...]:
    return read_body({"sorting": list(entries)}).sorting


FULL: Final = a_task(
    "ü-1",
    name="Straße\u2028",
    priority=-3,
    due=CREATED,
    variables={"v": {"type": "Double", "value": 0.1}},
)

ORDERS: Final = [
    (),
    (by("created"),),
    (by("dueDate", "desc"), by("name", nulls="first")),
    (by("nameCaseInsensitive"), by("priority", "desc"), by("assignee")),
    (by_variable("Double"),),
    (by_variable("String", "desc"),),
    (by_variable("Boolean"), by("followUpDate")),
]
every_order = pytest.mark.parametrize("entries", ORDERS)


def token_of(task: Task, entries: tuple[Entry, ...]) -> str:
    sorting = keys(*entries)
    return Cursor.at(task, Order(sorting)).token(sorting)


@every_order
def test_a_token_brings_the_place_back(entries: tuple[Entry, ...]) -> None:
    sorting = keys(*entries)
    cursor = Cursor.of_token(token_of(FULL, entries), sorting)
    assert cursor == Cursor.at(FULL, Order(sorting))
    assert cursor.task_id == "ü-1"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *((kind, None) for kind in VARIABLE_TYPES),
        *(("Boolean", value) for value in (True, False)),
        *(("Double", value) for value in (0.1, -1.7e308, 5e-324, 1e22, 5)),
        *(("Long", value) for value in (2**63 - 1, -(2**63), 2**53 + 1)),
        *((kind, -5) for kind in ("Integer", "Short", "Date")),
        ("String", "x"),
    ],
)
def test_a_variable_of_any_value_has_a_place(kind: str, value: object) -> None:
    task = a_task("a", variables={"v": {"type": kind, "value": value}})
    sorting = keys(by_variable(kind))
    assert Cursor.of_token(token_of(task, (by_variable(kind),)), sorting).values == (value,)


@every_order
def test_a_token_is_good_for_its_order_alone(entries: tuple[Entry, ...]) -> None:
    token = token_of(FULL, entries)
    for others in ORDERS:
        if others != entries:
            assert_is_none(token, others)


def assert_is_none(token: str, entries: tuple[Entry, ...]) -> None:
    with pytest.raises(InvalidRequest, match="pageToken: not a token of an answer to this query"):
        place_of_token(token, keys(*entries))


@given(st.text(max_size=200))
def test_no_other_text_is_a_token(text: str) -> None:
    assert_is_none(text, (by("created"),))


@given(st.binary(max_size=200))
def test_no_other_bytes_are_a_token(content: bytes) -> None:
    assert_is_none(base64.urlsafe_b64encode(content).decode(), (by("created"),))
    assert_is_none(packed(content), (by("created"),))


@given(st.data())
def test_a_token_that_was_tampered_with_is_none_or_another_place(data: st.DataObject) -> None:
    """It never fails in another way."""
    token = token_of(FULL, (by("created"),))
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.characters(max_codepoint=255))
    try:
        cursor = Cursor.of_token(token[:place] + letter + token[place + 1 :], keys(by("created")))
    except InvalidRequest:
        return
    assert isinstance(cursor.values[0], int)


def packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(content)).decode()


def forged(entries: tuple[Entry, ...], *values: object, task_id: object = "a") -> str:
    """A token as the service would make it, of other values."""
    made = base64.urlsafe_b64decode(token_of(a_task("a"), entries) + "==")
    fingerprint = json.loads(zlib.decompress(made))[0]
    return packed(json.dumps([fingerprint, *values, task_id]).encode())


def test_what_the_forger_makes_is_a_token_if_the_values_are_right() -> None:
    """Or the tests below would prove nothing."""
    cursor = Cursor.of_token(forged((by("created"),), 5), keys(by("created")))
    assert cursor == Cursor((5,), "a")


UNFIT: Final[list[tuple[Entry, list[Any]]]] = [
    (by("created"), ["5", [5], {}, True, 10**400, 2**63, 5.5]),
    (by("priority"), ["5", False, -(2**63) - 1]),
    (by("name"), [5, True, ["a"]]),
    (by_variable("String"), [5, True]),
    (by_variable("Long"), ["5", True, 10**400, 2**64, 0.5]),
    (by_variable("Double"), ["5", True, float("nan"), float("inf")]),
    (by_variable("Boolean"), ["true", 5, 0.5]),
]


@pytest.mark.parametrize(("entry", "values"), UNFIT)
def test_a_forged_value_that_no_task_could_have_is_refused(entry: Entry, values: list[Any]) -> None:
    for value in values:
        assert_is_none(forged((entry,), value), (entry,))


def test_a_forged_token_of_another_shape_is_refused() -> None:
    entries = (by("created"),)
    assert_is_none(forged(entries, 5, 6), entries)
    assert_is_none(forged(entries), entries)
    assert_is_none(forged(entries, 5, task_id=5), entries)
    assert_is_none(forged(entries, 5, task_id=None), entries)
    assert_is_none(packed(b"{}"), entries)
    assert_is_none(packed(b"5"), entries)
    assert_is_none(packed(b"[" * 100_000), entries)
    assert_is_none(packed(b" " * 10_000_000), entries)
    assert_is_none(forged(entries, 5)[:-6], entries)


def test_a_forged_token_shows_no_other_callers_tasks() -> None:
    store = WatchedStore()
    keep(store, a_task("a", tenantId="t9"), a_task("b"), a_task("c", tenantId="t9"))
    for value in (0, CREATED, 2**62):
        cursor = Cursor.of_token(forged((by("created"),), value), keys(by("created")))
        answer = find_tasks(
            query_request({"sorting": [by("created")]}), store, Window(maximum=5, after=cursor)
        )
        assert {task["id"] for task in answer.tasks} <= {"b"}


# Page after page.


def walk(
    body: Mapping[str, Any], store: WatchedStore, size: int, meanwhile: Any = lambda: None
) -> Iterator[list[Task]]:
    """The pages of a body, each asked for with the token of the one before."""
    asked = query_request(body)
    sorting = asked.query.sorting
    after: Cursor | Bookmark | None = None
    while True:
        answer = find_tasks(asked, store, Window(maximum=size, after=after))
        yield list(answer.tasks)
        if answer.next is None:
            return
        after = place_of_token(answer.next.token(sorting), sorting)
        meanwhile()


WALKED: Final[list[Mapping[str, Any]]] = [
    {},
    {"sorting": [by("created")]},
    {"sorting": [by("created", "desc"), by("priority")]},
    {"dueAfter": 0, "sorting": [by("dueDate")]},
    {"dueAfter": 0, "sorting": [by("dueDate", "desc")]},
    {"sorting": [by("dueDate", "desc"), by("name")]},
    {"sorting": [by("priority"), by("name", "desc")]},
    {"sorting": [by("nameCaseInsensitive", nulls="first")]},
    {"sorting": [by_variable("Integer", "desc")]},
    {"candidateUser": "demo", "sorting": [by("created")]},
    {"candidateUser": "demo"},
    {"orQueries": [{"assignee": "mary", "candidateGroup": "sales"}], "sorting": [by("created")]},
]


def a_random_task(task_id: str, chance: random.Random) -> Task:
    return a_task(
        task_id,
        name=chance.choice([None, "a", "A", "b", "ß"]),
        created=CREATED + chance.randrange(4),
        due=chance.choice([None, CREATED, CREATED + 1, CREATED + 2]),
        priority=chance.randrange(3),
        assignee=chance.choice([None, None, "mary"]),
        groups=chance.sample(["sales", "accounting", "other"], chance.randrange(4)),
        variables=chance.choice([None, {"v": {"type": "Integer", "value": chance.randrange(3)}}]),
    )


@pytest.mark.parametrize("body", WALKED, ids=str)
@pytest.mark.parametrize("size", [1, 3, 7])
def test_pages_by_token_are_the_list_in_pieces(body: Mapping[str, Any], size: int) -> None:
    store, chance = WatchedStore(page_size=3), random.Random(5)
    keep(store, *(a_random_task(f"{place:02}", chance) for place in range(40)))
    whole = [task["id"] for task in find_tasks(query_request(body), store, Window()).tasks]
    pages = [[task["id"] for task in page] for page in walk(body, store, size)]
    assert pages == [whole[start : start + size] for start in range(0, len(whole), size)]


@pytest.mark.parametrize("body", WALKED, ids=str)
@settings(max_examples=6)
@given(st.integers(1, 6), st.randoms(use_true_random=False))
def test_pages_neither_repeat_nor_lose_tasks_that_others_leave_alone(
    body: Mapping[str, Any], size: int, chance: random.Random
) -> None:
    store = WatchedStore(page_size=3)
    tasks = [a_random_task(f"{place:02}", chance) for place in range(24)]
    keep(store, *tasks)
    whole = [task["id"] for task in find_tasks(query_request(body), store, Window()).tasks]
    touched: set[str] = set()

    def others_work() -> None:
        """Change, remove and add tasks before the next page is asked for."""
        for place in chance.sample(range(30), 4):
            task_id = f"{place:02}"
            touched.add(task_id)
            if chance.random() < 0.3:
                store.remove(task_id)
            else:
                store.put(a_random_task(task_id, chance))

    shown = [task["id"] for page in walk(body, store, size, others_work) for task in page]
    left_alone = [each for each in shown if each not in touched]
    assert left_alone == [each for each in whole if each not in touched]


# Values that are too long for a token.

BY_DESCRIPTION: Final = (by("description"),)


def a_long_text(seed: int) -> str:
    """A text that hardly gets shorter when packed."""
    return "same start " + "".join(
        map(chr, random.Random(seed).choices(range(0x4E00, 0x9FFF), k=5000))
    )


@pytest.fixture
def long_texts() -> WatchedStore:
    store = WatchedStore()
    keep(store, *(a_task(f"{place}", description=a_long_text(place)) for place in range(5)))
    return store


def test_a_token_is_short_however_long_the_values_are() -> None:
    many = tuple(by(name) for name in ("description", "name", "assignee") * 300)
    for entries in (BY_DESCRIPTION, many):
        token = token_of(a_task("a", description=a_long_text(1)), entries)
        assert len(token) <= 6000
        assert isinstance(place_of_token(token, keys(*entries)), Bookmark)


def test_pages_go_on_behind_a_value_of_any_length(long_texts: WatchedStore) -> None:
    body = {"sorting": list(BY_DESCRIPTION)}
    whole = [task["id"] for task in find_tasks(query_request(body), long_texts, Window()).tasks]
    pages = [[task["id"] for task in page] for page in walk(body, long_texts, 2)]
    assert pages == [whole[:2], whole[2:4], whole[4:]]


@pytest.mark.parametrize(
    "change",
    [
        {"description": "another"},
        {"description": None},
        {"tenantId": "t9"},
        None,
    ],
)
def test_a_bookmark_whose_task_is_another_by_now_is_refused(
    long_texts: WatchedStore, change: Mapping[str, Any] | None
) -> None:
    """The place where the page ended is unknown; a task of another tenant counts as missing."""
    body = {"sorting": list(BY_DESCRIPTION)}
    first = find_tasks(query_request(body), long_texts, Window(maximum=2))
    last = first.tasks[-1]
    if change is None or "tenantId" in change:
        long_texts.remove(last["id"])
        long_texts.forget_marks()
    if change is not None:
        long_texts.put(a_task(last["id"], **{"description": last["description"], **change}))
    with pytest.raises(InvalidRequest, match="pageToken: the task that the page ended with has"):
        list(walk_on(body, long_texts, first))


def test_a_bookmark_stays_good_while_the_rest_of_its_task_changes(
    long_texts: WatchedStore,
) -> None:
    body = {"sorting": list(BY_DESCRIPTION)}
    whole = [task["id"] for task in find_tasks(query_request(body), long_texts, Window()).tasks]
    first = find_tasks(query_request(body), long_texts, Window(maximum=2))
    last = first.tasks[-1]
    long_texts.put(
        a_task(last["id"], description=last["description"], name="renamed", ended=CREATED)
    )
    assert [task["id"] for task in walk_on(body, long_texts, first)] == whole[2:]


def walk_on(body: Mapping[str, Any], store: WatchedStore, first: Answer) -> Iterator[Task]:
    """The tasks behind the first page."""
    asked = query_request(body)
    assert first.next is not None
    place = place_of_token(first.next.token(asked.query.sorting), asked.query.sorting)
    yield from find_tasks(asked, store, Window(after=place)).tasks


def test_a_bookmark_is_no_place_where_values_are_short() -> None:
    token = token_of(a_task("a", description=a_long_text(1)), BY_DESCRIPTION)
    with pytest.raises(InvalidRequest, match="not a token of an answer to this query"):
        Cursor.of_token(token, keys(*BY_DESCRIPTION))
    assert_is_none(forged((), {"digest": "x"}), ())
