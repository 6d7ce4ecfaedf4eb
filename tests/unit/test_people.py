"""Searching users and groups: what a query string asks, who is found, in which order."""

import pytest
from taskdock.api.requests.people import (
    search_for_groups,
    search_for_groups_of,
    search_for_people,
)
from taskdock.domain.errors import InvalidRequest, NotFound, OutOfTime, QueryTooExpensive
from taskdock.domain.people import Person
from taskdock.use_cases.find_people import (
    MOST_PAGES,
    Reader,
    find_groups,
    find_memberships,
    find_people,
    find_person,
)

from tests.support.in_memory_people import InMemoryPeople

ANN = Person("ann", "Ann", "Smith", "ann@example.org")
BOB = Person("bob", "Bob", "Smith", "bob@example.org")
CLIO = Person("clio", "Clio")
DEE = Person("dee")
PEOPLE = {
    ANN: ["sales", "tenant:t1"],
    BOB: ["sales", "support"],
    CLIO: ["support", "tenant:t2"],
    DEE: [],
}


def reader(people: InMemoryPeople | None = None, **more: object) -> Reader:
    """An administrator of tenant t1."""
    kept = people or InMemoryPeople(PEOPLE)
    return Reader(kept, lambda: 9.0, "ann", frozenset({"t1"}), is_administrator=True)


def found(**parameters: str) -> list[str]:
    return [person.id for person in find_people(reader(), search_for_people(parameters))]


def groups(**parameters: str) -> list[str]:
    return [group.id for group in find_groups(reader(), search_for_groups(parameters))]


def test_everybody_is_found_by_id_in_order() -> None:
    assert found() == ["ann", "bob", "clio", "dee"]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"id": "bob"}, ["bob"]),
        ({"id": "nobody"}, []),
        ({"idIn": "dee,ann,nobody,dee"}, ["ann", "dee"]),
        ({"id": "ann", "idIn": "ann,bob"}, ["ann"]),
        ({"id": "ann", "idIn": "bob"}, []),
        ({"firstName": "Ann"}, ["ann"]),
        ({"firstName": "ann"}, []),
        ({"lastName": "Smith"}, ["ann", "bob"]),
        ({"lastNameLike": "%ith"}, ["ann", "bob"]),
        ({"firstNameLike": "_o%"}, ["bob"]),
        ({"firstNameLike": "lio"}, ["clio"]),
        ({"email": "bob@example.org"}, ["bob"]),
        ({"emailLike": "%@example.org"}, ["ann", "bob"]),
        ({"memberOfGroup": "sales"}, ["ann", "bob"]),
        ({"memberOfGroup": "support", "lastName": "Smith"}, ["bob"]),
        ({"memberOfGroup": "sales", "id": "clio"}, []),
        ({"memberOfGroup": "nothing"}, []),
        ({"memberOfGroup": "tenant:t1"}, []),
        ({"memberOfTenant": "t1"}, ["ann"]),
        ({"memberOfTenant": "t1", "memberOfGroup": "sales"}, ["ann"]),
        ({"memberOfTenant": "t1", "memberOfGroup": "support"}, []),
        ({"memberOfTenant": "t2"}, []),
        ({"unknown": "x"}, ["ann", "bob", "clio", "dee"]),
    ],
)
def test_people_are_found_by_what_is_asked(parameters: dict[str, str], expected: list[str]) -> None:
    assert found(**parameters) == expected


@pytest.mark.parametrize(
    ("by", "order", "expected"),
    [
        ("userId", "desc", ["dee", "clio", "bob", "ann"]),
        ("firstName", "asc", ["ann", "bob", "clio", "dee"]),
        ("lastName", "asc", ["ann", "bob", "clio", "dee"]),
        ("lastName", "desc", ["clio", "dee", "ann", "bob"]),
        ("email", "desc", ["clio", "dee", "bob", "ann"]),
    ],
)
def test_people_are_sorted_and_equal_ones_by_id(by: str, order: str, expected: list[str]) -> None:
    assert found(sortBy=by, sortOrder=order) == expected


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"sortBy": "userId"}, "Only a single sorting parameter"),
        ({"sortOrder": "asc"}, "Only a single sorting parameter"),
        (
            {"sortBy": "shoes", "sortOrder": "asc"},
            "value .shoes.: expected one of userId, firstName",
        ),
        ({"sortBy": "userId", "sortOrder": "up"}, "value .up.: expected one of asc, desc"),
    ],
)
def test_a_sorting_that_is_none_is_refused(parameters: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidRequest, match=message):
        search_for_people(parameters)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, ["sales", "support"]),
        ({"id": "sales"}, ["sales"]),
        ({"idIn": "support,x"}, ["support"]),
        ({"id": "tenant:t1"}, []),
        ({"name": "SALES"}, ["sales"]),
        ({"nameLike": "S%"}, ["sales", "support"]),
        ({"member": "bob"}, ["sales", "support"]),
        ({"member": "ann"}, ["sales"]),
        ({"member": "nobody"}, []),
        ({"type": "WORKFLOW"}, []),
        ({"sortBy": "name", "sortOrder": "desc"}, ["support", "sales"]),
    ],
)
def test_groups_are_found_by_what_is_asked(parameters: dict[str, str], expected: list[str]) -> None:
    assert groups(**parameters) == expected


def test_one_user_is_found_or_not() -> None:
    assert find_person(reader(), "bob") == BOB
    with pytest.raises(NotFound, match="User with id nobody does not exist"):
        find_person(reader(), "nobody")


def test_a_circle_is_a_users_groups_and_who_else_is_in_them() -> None:
    circle = find_memberships(reader(), "bob")

    assert [group.id for group in circle.groups] == ["sales", "support"]
    assert [person.id for person in circle.people] == ["ann", "clio"]


def test_a_user_in_no_group_has_no_other_members() -> None:
    for user in ("dee", "nobody"):
        circle = find_memberships(reader(), user)
        assert (circle.groups, circle.people) == ([], [])


def test_group_memberships_need_a_user() -> None:
    with pytest.raises(InvalidRequest, match="No user id was supplied"):
        find_memberships(reader(), None)


@pytest.mark.parametrize(("person", "shown"), [(ANN, "Ann Smith"), (CLIO, "Clio"), (DEE, "dee")])
def test_a_person_is_shown_by_the_names_that_are_known(person: Person, shown: str) -> None:
    assert person.display_name == shown


def test_ids_are_asked_for_one_by_one() -> None:
    people = InMemoryPeople(PEOPLE)

    find_people(reader(people), search_for_people({"idIn": "ann,bob"}))

    assert people.pages == 0


def test_many_ids_are_looked_for_among_all() -> None:
    people = InMemoryPeople(PEOPLE)
    ids = ",".join(["bob", *map(str, range(30))])

    matching = find_people(reader(people), search_for_people({"idIn": ids}))

    assert (matching, people.pages) == ([BOB], 2)


def test_a_search_of_people_is_limited() -> None:
    crowd = {Person(f"u{number:04}"): ["all"] for number in range(MOST_PAGES)}
    search = search_for_people({"firstName": "x"})

    assert find_people(reader(InMemoryPeople(crowd, page_size=1)), search) == []
    with pytest.raises(QueryTooExpensive, match="ask for id, idIn or memberOfGroup"):
        find_people(reader(InMemoryPeople({**crowd, DEE: []}, page_size=1)), search)


def test_a_search_of_people_ends_when_time_is_up() -> None:
    late = Reader(InMemoryPeople(PEOPLE), lambda: 0.0)

    with pytest.raises(OutOfTime):
        find_people(late, search_for_people({}))


EVE, FAY = Person("eve"), Person("fay")
SHARED = {EVE: ["support", "tenant:t1", "tenant:t2"], FAY: ["legal", "tenant:t3"]}


def of_tenants(user: str, *tenants: str, people: InMemoryPeople | None = None) -> Reader:
    kept = people or InMemoryPeople({**PEOPLE, **SHARED})
    return Reader(kept, lambda: 9.0, user, frozenset(tenants))


@pytest.mark.parametrize(
    ("caller", "people", "groups"),
    [
        (of_tenants("ann", "t1"), ["ann", "eve"], ["sales", "support"]),
        (of_tenants("clio", "t2"), ["clio", "eve"], ["support"]),
        (of_tenants("eve", "t1", "t2"), ["ann", "clio", "eve"], ["sales", "support"]),
        (of_tenants("dee"), ["dee"], []),
        (of_tenants("a-program"), [], []),
    ],
    ids=["one tenant", "another", "two tenants", "without a tenant", "a program"],
)
def test_a_caller_sees_who_shares_a_tenant_with_them(
    caller: Reader, people: list[str], groups: list[str]
) -> None:
    assert [each.id for each in find_people(caller, search_for_people({}))] == people
    assert [each.id for each in find_groups(caller, search_for_groups({}))] == groups
    for user in [each.id for each in (*PEOPLE, *SHARED)]:
        asked = search_for_people({"id": user})
        assert [each.id for each in find_people(caller, asked)] == [user] * (user in people)
        if user in people:
            assert find_person(caller, user).id == user
        else:
            with pytest.raises(NotFound):
                find_person(caller, user)
            assert find_memberships(caller, user).groups == []
        others = {each.id for each in find_memberships(caller, user).people}
        assert others <= set(people)
    members = search_for_people({"memberOfGroup": "support"})
    assert {each.id for each in find_people(caller, members)} <= set(people)


def test_everybody_is_seen_where_there_are_no_tenants() -> None:
    people = InMemoryPeople({BOB: ["sales"], DEE: []})
    caller = of_tenants("dee", people=people)

    assert [each.id for each in find_people(caller, search_for_people({}))] == ["bob", "dee"]
    assert [each.id for each in find_groups(caller, search_for_groups({}))] == ["sales"]


def groups_of(body: object) -> list[str]:
    return [group.id for group in find_groups(reader(), search_for_groups_of(body))]


def by(*orders: tuple[str, str]) -> dict[str, object]:
    return {"sorting": [{"sortBy": field, "sortOrder": order} for field, order in orders]}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (None, ["sales", "support"]),
        ({}, ["sales", "support"]),
        ({"id": "sales"}, ["sales"]),
        ({"idIn": ["support", "nobody"]}, ["support"]),
        ({"idIn": "support,sales"}, ["sales", "support"]),
        ({"id": "sales", "idIn": ["support"]}, []),
        ({"nameLike": "SUP%"}, ["support"]),
        ({"member": "clio"}, ["support"]),
        ({"type": "WORKFLOW"}, []),
        ({"memberOfTenant": "t1"}, []),
        (by(("id", "desc")), ["support", "sales"]),
        (by(("type", "asc"), ("name", "desc")), ["support", "sales"]),
    ],
)
def test_groups_are_asked_for_by_body_as_by_query_string(body: object, expected: list[str]) -> None:
    assert groups_of(body) == expected


@pytest.mark.parametrize(
    "body",
    [[], {"id": 1}, {"idIn": [[]]}, {"sorting": {}}, by(("email", "asc")), by(("id", "up"))],
)
def test_a_body_that_asks_for_groups_wrongly_is_refused(body: object) -> None:
    with pytest.raises(InvalidRequest):
        search_for_groups_of(body)


def test_no_group_belongs_to_a_tenant_and_all_may_be_sorted_by_type() -> None:
    assert groups(memberOfTenant="t1") == []
    assert groups(sortBy="type", sortOrder="asc") == ["sales", "support"]
