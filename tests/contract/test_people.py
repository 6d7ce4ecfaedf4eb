"""What every directory promises of people and groups, and what Cognito's troubles are."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import pytest
from taskdock.adapters.cognito_people import CognitoPeople
from taskdock.domain.errors import TemporarilyUnavailable
from taskdock.domain.people import Group, Person
from taskdock.use_cases.ports import People

from local.optional_parts import load_with_every_part
from local.settings import REPOSITORY
from tests.support.in_memory_people import InMemoryPeople
from tests.support.permissions import statements
from tests.support.user_pools import a_user_pool, cognito_client

ANN = Person("ann", "Ann", "Smith", "ann@example.org")
BOB = Person("b.o@b-1", "Bob")
CROWD = tuple(Person(f"u{number:02}") for number in range(65))
GROUPS = tuple(f"g{number:02}" for number in range(65))
WORLD: dict[Person, Sequence[str]] = {
    ANN: ("sales", "tenant:t1"),
    BOB: ("sales", *GROUPS),
    **dict.fromkeys(CROWD, ("crowd",)),
}
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def cognito(moto_endpoint: str) -> Iterator[CognitoPeople]:
    """A user pool with the world in it; a group's description is its name in capitals."""
    client = cognito_client(moto_endpoint)
    pool = client.create_user_pool(PoolName="everybody")["UserPool"]["Id"]
    for group in sorted({group for groups in WORLD.values() for group in groups}):
        client.create_group(UserPoolId=pool, GroupName=group, Description=group.upper())
    for person, groups in WORLD.items():
        attributes = {
            "given_name": person.first_name,
            "family_name": person.last_name,
            "email": person.email,
        }
        client.admin_create_user(
            UserPoolId=pool,
            Username=person.id,
            UserAttributes=[{"Name": n, "Value": v} for n, v in attributes.items() if v],
        )
        for group in groups:
            client.admin_add_user_to_group(UserPoolId=pool, Username=person.id, GroupName=group)
    yield CognitoPeople(client, pool)
    client.delete_user_pool(UserPoolId=pool)


@pytest.fixture(params=["in_memory", "moto"])
def people(request: pytest.FixtureRequest) -> People:
    """Every directory there is, with the world in it."""
    if request.param == "in_memory":
        everybody = InMemoryPeople(WORLD)
        everybody.clients.add("known")
        return everybody
    cognito: CognitoPeople = request.getfixturevalue("cognito")
    return cognito


def every[Member](pages: Iterator[Sequence[Member]]) -> list[Member]:
    return list(chain.from_iterable(pages))


def test_a_person_is_known_by_id(people: People) -> None:
    assert people.person("ann") == ANN
    assert people.person("b.o@b-1") == BOB


@pytest.mark.parametrize("user", ["nobody", "", "no body", "x" * 129, "a\nb"])
def test_no_other_users_are_known(people: People, user: str) -> None:
    assert people.person(user) is None
    assert every(people.groups_of(user)) == []


def test_everybody_is_listed_over_pages(people: People) -> None:
    assert sorted(person.id for person in every(people.people())) == sorted(
        person.id for person in WORLD
    )
    assert ANN in every(people.people())


def test_a_groups_members_are_listed_over_pages(people: People) -> None:
    assert {person.id for person in every(people.members("crowd"))} == {
        person.id for person in CROWD
    }
    assert sorted(person.id for person in every(people.members("sales"))) == ["ann", "b.o@b-1"]


@pytest.mark.parametrize("group", ["nothing", "", "no group", "x" * 129])
def test_an_unknown_group_has_no_members(people: People, group: str) -> None:
    assert every(people.members(group)) == []


def test_groups_are_listed_over_pages_those_of_tenants_too(people: People) -> None:
    groups = every(people.groups())

    assert {group.id for group in groups} == {"crowd", "sales", "tenant:t1", *GROUPS}
    assert Group("sales", "SALES") in groups


def test_a_persons_groups_are_listed_over_pages(people: People) -> None:
    assert {group.id for group in every(people.groups_of("b.o@b-1"))} == {"sales", *GROUPS}
    assert {group.id for group in every(people.groups_of("ann"))} == {"sales", "tenant:t1"}


def test_a_group_without_description_is_called_by_its_id(moto_endpoint: str) -> None:
    client = cognito_client(moto_endpoint)
    pool = a_user_pool(client, {"ann": ["sales"]})

    assert every(CognitoPeople(client, pool).groups()) == [Group("sales", "sales")]


def test_a_directory_out_of_reach_is_a_passing_trouble() -> None:
    people = CognitoPeople(cognito_client(NOWHERE), "eu-central-1_none")

    for act in (
        lambda: people.person("ann"),
        lambda: every(people.people()),
        lambda: every(people.members("sales")),
        lambda: every(people.groups()),
        lambda: every(people.groups_of("ann")),
    ):
        with pytest.raises(TemporarilyUnavailable, match="directory of users"):
            act()


def test_the_role_allows_what_is_asked_of_cognito_and_no_more(moto_endpoint: str) -> None:
    client = cognito_client(moto_endpoint)
    asked: set[str] = set()

    def note(model: Any, **_: object) -> None:
        asked.add(f"cognito-idp:{model.name}")

    pool = a_user_pool(client, {"ann": ["sales"]})
    client.meta.events.register("before-call.cognito-idp.*", note)
    people = CognitoPeople(client, pool)
    people.person("ann")
    for pages in (people.people(), people.members("sales"), people.groups()):
        every(pages)
    every(people.groups_of("ann"))

    template = load_with_every_part(REPOSITORY / "template.yaml")
    allowed = {
        action
        for role, statement in statements(template)
        for action in statement["Action"]
        if role == "DirectoryRole"
    }
    assert {action for action in allowed if action.startswith("cognito-idp:")} == asked


def test_a_client_of_the_pool_is_known(cognito: CognitoPeople) -> None:
    client, pool = cognito._client, cognito._pool
    made = client.create_user_pool_client(UserPoolId=pool, ClientName="worker")

    assert cognito.client_exists(made["UserPoolClient"]["ClientId"])


@pytest.mark.parametrize("client_id", ["unknown", "", "no client", "x" * 300])
def test_an_unknown_client_does_not_exist(people: People, client_id: str) -> None:
    assert not people.client_exists(client_id)
