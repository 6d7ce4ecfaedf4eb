"""What every store of columns promises, and what the table's and S3's troubles are to callers."""

from collections.abc import Iterable

import pytest
from taskdock.adapters.lambda_compactions import LambdaCompactions
from taskdock.adapters.s3_columns import S3ColumnStore
from taskdock.domain.columns.manifest import Head
from taskdock.domain.errors import TemporarilyUnavailable
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import Tenant
from taskdock.use_cases.columns.column_store import ColumnStore, Kept, Work

from tests.support.in_memory_columns import InMemoryColumnStore
from tests.support.object_stores import a_bucket, s3_client
from tests.support.tables import Table, dynamodb_client

NOWHERE = "http://127.0.0.1:9"
NOW = Instant(1_780_000_000_000)
LATER = Instant(NOW + 60_000)


@pytest.fixture(params=["in_memory", "moto", "dynoxide"])
def column_store(request: pytest.FixtureRequest) -> ColumnStore:
    """Every store of columns there is, empty."""
    if request.param == "in_memory":
        return InMemoryColumnStore(lambda: NOW)
    table: Table = request.getfixturevalue(f"{request.param}_table")
    client = s3_client(request.getfixturevalue("moto_endpoint"))
    return S3ColumnStore(lambda: client, a_bucket(client), table.client, table.name)


def swap(store: ColumnStore, tenant: Tenant, head: Head) -> bool:
    """Have somebody replace the head."""
    store.begin(tenant, Work("me", LATER), NOW)
    return store.swap(tenant, head, "me")


def names(kept: Iterable[Kept]) -> set[str]:
    return {each.name for each in kept}


def a_head(number: int = 1, name: str = "m") -> Head:
    return Head(name, 12345, NOW, number)


def test_objects_come_back_whole_and_in_parts(column_store: ColumnStore) -> None:
    content = bytes(range(256)) * 100
    name = column_store.put("t1", content)

    assert column_store.read(name) == content
    assert column_store.read(name, 100, 10) == content[100:110]
    assert column_store.read(name, 25_590, 100) == content[25_590:]
    assert column_store.read(name, 30_000, 10) == b""
    assert column_store.read("t1/other") is None
    assert column_store.read("t1/other", 1, 2) is None


def test_objects_are_listed_by_tenant_and_removed(column_store: ColumnStore) -> None:
    first, second = column_store.put("t1", b"a"), column_store.put("t1", b"b")
    other, nobodys = column_store.put("t", b"c"), column_store.put(None, b"d")

    assert names(column_store.objects("t1")) == {first, second}
    assert names(column_store.objects(None)) == {nobodys}
    column_store.remove([first, "t1/never there"])
    column_store.remove([])
    assert names(column_store.objects("t1")) == {second}
    assert names(column_store.objects("t")) == {other}


def test_a_head_follows_the_one_it_was_made_from(column_store: ColumnStore) -> None:
    assert swap(column_store, "t1", a_head())
    assert not swap(column_store, "t1", a_head(name="quicker"))
    assert not swap(column_store, "t1", a_head(3))
    assert swap(column_store, "t1", a_head(2, "next"))
    assert swap(column_store, None, a_head())
    assert not swap(column_store, "t2", a_head(2))

    assert column_store.heads(["t1", "t2", None]) == {"t1": a_head(2, "next"), None: a_head()}


def test_a_dropped_head_is_begun_anew(column_store: ColumnStore) -> None:
    swap(column_store, "t1", a_head())
    column_store.drop("t1")
    column_store.drop("t2")

    assert column_store.heads(["t1"]) == {}
    assert swap(column_store, "t1", a_head())


def test_a_head_is_made_of_work_that_is_noted(column_store: ColumnStore) -> None:
    assert not column_store.swap("t1", a_head(), "me")
    column_store.begin("t1", Work("me", LATER), NOW)
    assert not column_store.swap("t1", a_head(), "they")
    assert column_store.swap("t1", a_head(), "me")

    column_store.drop("t1")
    assert not column_store.swap("t1", a_head(), "me")
    assert not column_store.go_on("t1", Work("me", LATER, "half"))
    assert column_store.heads(["t1"]) == {}


def test_work_is_gone_on_with_by_its_owner(column_store: ColumnStore) -> None:
    assert not column_store.go_on("t1", Work("me", LATER, "half"))
    column_store.begin("t1", Work("me", LATER), NOW)
    assert column_store.go_on("t1", Work("me", NOW, "half"))
    assert not column_store.go_on("t1", Work("they", LATER, "other"))

    taken = column_store.begin("t1", Work("they", LATER), NOW)
    assert taken is not None
    assert taken.progress == "half"


def test_more_heads_than_one_request_may_name(column_store: ColumnStore) -> None:
    tenants = [f"t{each}" for each in range(130)]
    for each in tenants[::10]:
        swap(column_store, each, a_head())

    assert column_store.heads(tenants).keys() == set(tenants[::10])


def test_work_is_one_owners_until_its_time_is_over(column_store: ColumnStore) -> None:
    mine, theirs = Work("me", LATER, "half"), Work("they", LATER)

    assert column_store.begin("t1", mine, NOW) == mine
    assert column_store.begin("t1", theirs, NOW) is None
    assert column_store.begin("t2", theirs, NOW) == theirs
    assert column_store.begin("t1", mine._replace(progress="more"), NOW) is not None
    taken = column_store.begin("t1", theirs, LATER)
    assert taken is not None
    assert taken.progress == "more"


def test_work_is_ended_by_its_owner(column_store: ColumnStore) -> None:
    column_store.begin("t1", Work("me", LATER), NOW)
    column_store.end("t1", "they")
    assert column_store.begin("t1", Work("they", LATER), NOW) is None

    column_store.end("t1", "me")
    assert column_store.begin("t1", Work("they", LATER), NOW) is not None


@pytest.mark.parametrize("odd", ["", "x" * 5000, "\ud800", "|", "~"], ids=ascii)
def test_no_tenant_is_too_odd(column_store: ColumnStore, odd: str) -> None:
    name = column_store.put(odd, b"x")
    swap(column_store, odd, a_head())

    assert names(column_store.objects(odd)) == {name}
    assert list(column_store.heads([odd, None])) == [odd]


def test_a_store_out_of_reach_is_a_passing_trouble() -> None:
    store = S3ColumnStore(lambda: s3_client(NOWHERE), "b", dynamodb_client(NOWHERE), "t")
    for ask in (
        lambda: store.put(None, b"x"),
        lambda: store.read("x"),
        lambda: store.heads([None]),
        lambda: list(store.objects(None)),
        lambda: store.remove(["x"]),
    ):
        with pytest.raises(TemporarilyUnavailable):
            ask()


def test_an_asked_function_is_invoked_and_not_waited_for() -> None:
    requests = []

    class Client:
        def invoke(self, **request: object) -> None:
            requests.append(request)

    LambdaCompactions(Client, "compact").ask("t1", anew=True)

    assert requests == [
        {
            "FunctionName": "compact",
            "InvocationType": "Event",
            "Payload": b'{"tenant": "t1", "anew": true}',
        }
    ]
