"""What every store of filters promises."""

import pytest
from taskdock.domain.filters.stored_filter import Content, StoredFilter
from taskdock.use_cases.filters.filter_store import FilterStore


def a_filter(filter_id: str = "f1", tenant: str | None = None, name: str = "ä") -> StoredFilter:
    content = Content(name, None, {"name": "x", "orQueries": [{}]}, {"a": [1, None, {"b": 0.5}]})
    return StoredFilter(filter_id, content, tenant)


def test_a_filter_comes_back_as_it_was_written(filters: FilterStore) -> None:
    assert filters.put(a_filter(), is_new=True)

    assert filters.get("f1", ()) == a_filter()
    assert list(filters.list(())) == [a_filter()]


def test_a_filter_is_seen_by_its_tenants_members_alone(filters: FilterStore) -> None:
    own, other, common = a_filter("a", "t1"), a_filter("b", "t2"), a_filter("c")
    for each in (own, other, common):
        filters.put(each, is_new=True)

    assert sorted(each.id for each in filters.list(["t1"])) == ["a", "c"]
    assert [each.id for each in filters.list(())] == ["c"]
    assert filters.get("a", ["t1", "t2"]) == own
    assert filters.get("b", ["t1"]) is None


def test_a_filter_is_replaced_while_it_is_there(filters: FilterStore) -> None:
    filters.put(a_filter(), is_new=True)
    assert filters.put(a_filter(name="b"), is_new=False)
    assert filters.get("f1", ()) == a_filter(name="b")

    assert filters.remove(a_filter())
    assert not filters.put(a_filter(), is_new=False)
    assert filters.get("f1", ()) is None


def test_a_filter_is_removed_once(filters: FilterStore) -> None:
    filters.put(a_filter("f1", "t1"), is_new=True)

    assert not filters.remove(a_filter("f2", "t1"))
    assert filters.remove(a_filter("f1", "t1"))
    assert not filters.remove(a_filter("f1", "t1"))


@pytest.mark.parametrize("odd", ["", "x" * 5000, "\ud800", "FILTER#", "~"], ids=ascii)
def test_no_id_and_no_tenant_is_too_odd_to_be_asked_for(filters: FilterStore, odd: str) -> None:
    assert filters.get(odd, [odd]) is None
    assert list(filters.list([odd])) == []
