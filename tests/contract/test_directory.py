"""What every directory of users promises, and how long Cognito's answers are remembered."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import pytest
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError
from botocore.session import Session
from taskdock.adapters.cognito_directory import CognitoDirectory
from taskdock.domain.errors import TemporarilyUnavailable
from taskdock.use_cases.ports import Directory

from tests.support.in_memory_services import InMemoryDirectory

if TYPE_CHECKING:
    from types_boto3_cognito_idp.client import CognitoIdentityProviderClient

MANY = tuple(f"group-{number:02}" for number in range(70))
USERS: Mapping[str, Sequence[str]] = {
    "mary": ("sales", "tenant:t1"),
    "jo.h@n-1": ("support",),
    "loner": (),
    "busy": MANY,
}


@dataclass
class Pool:
    """A user pool with `USERS`, and whom it was asked about."""

    client: "CognitoIdentityProviderClient"
    pool_id: str
    asked: list[str] = field(default_factory=list)

    def directory(
        self, clock: Callable[[], float] = lambda: 0.0, remembered_users: int = 9
    ) -> CognitoDirectory:
        return CognitoDirectory(self.client, self.pool_id, clock, remembered_users=remembered_users)


@pytest.fixture(scope="module")
def filled_pool(moto_endpoint: str) -> Iterator[Pool]:
    client = cognito_client(moto_endpoint)
    pool_id = client.create_user_pool(PoolName="people")["UserPool"]["Id"]
    for group in sorted({group for groups in USERS.values() for group in groups}):
        client.create_group(UserPoolId=pool_id, GroupName=group)
    for user, groups in USERS.items():
        client.admin_create_user(UserPoolId=pool_id, Username=user)
        for group in groups:
            client.admin_add_user_to_group(UserPoolId=pool_id, Username=user, GroupName=group)
    pool = Pool(client, pool_id)
    client.meta.events.register(
        "before-call.cognito-idp.AdminListGroupsForUser",
        lambda params, **_: pool.asked.append(json.loads(params["body"])["Username"]),
    )
    yield pool
    client.delete_user_pool(UserPoolId=pool_id)


@pytest.fixture
def pool(filled_pool: Pool) -> Pool:
    filled_pool.asked.clear()
    return filled_pool


@pytest.fixture(params=["in_memory", "cognito"])
def directory(request: pytest.FixtureRequest) -> Directory:
    if request.param == "in_memory":
        return InMemoryDirectory(USERS)
    pool: Pool = request.getfixturevalue("pool")
    return pool.directory()


def cognito_client(endpoint: str) -> "CognitoIdentityProviderClient":
    client = Session().create_client(
        "cognito-idp",
        endpoint_url=endpoint,
        region_name="eu-central-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )
    return cast("CognitoIdentityProviderClient", client)


@pytest.mark.parametrize("user", USERS)
def test_a_user_is_in_their_groups_however_many(directory: Directory, user: str) -> None:
    assert sorted(directory.memberships(user)) == sorted(USERS[user])


def test_an_unknown_user_is_in_no_group(directory: Directory) -> None:
    assert list(directory.memberships("nobody")) == []


@pytest.mark.parametrize("user", ["", "two words", "x" * 129, "\n", "\ud800"], ids=ascii)
def test_an_impossible_user_name_is_in_no_group(directory: Directory, user: str) -> None:
    assert list(directory.memberships(user)) == []


def test_an_answer_is_remembered_for_a_minute(pool: Pool) -> None:
    times = iter([100.0, 159.9, 160.0])
    directory = pool.directory(lambda: next(times))

    directory.memberships("mary")
    directory.memberships("mary")
    assert len(pool.asked) == 1

    directory.memberships("mary")
    assert len(pool.asked) == 2


def test_that_a_user_is_unknown_is_remembered_too(pool: Pool) -> None:
    directory = pool.directory()

    assert [*directory.memberships("nobody"), *directory.memberships("nobody")] == []

    assert len(pool.asked) == 1


def test_those_asked_about_first_are_forgotten_first(pool: Pool) -> None:
    directory = pool.directory(remembered_users=2)
    for user in ("mary", "loner", "nobody"):
        directory.memberships(user)

    pool.asked.clear()
    for user in ("loner", "nobody", "mary"):
        directory.memberships(user)

    assert pool.asked == ["mary"]


def test_asking_again_after_a_minute_counts_as_asking_last(pool: Pool) -> None:
    times = iter([0.0, 10.0, 61.0, 62.0, 63.0])
    directory = pool.directory(lambda: next(times), remembered_users=2)
    for user in ("mary", "loner", "mary", "nobody"):
        directory.memberships(user)

    pool.asked.clear()
    directory.memberships("mary")

    assert pool.asked == []


def test_a_pool_that_is_not_there_is_an_outage(pool: Pool) -> None:
    directory = CognitoDirectory(pool.client, "eu-central-1_nowhere")

    with pytest.raises(TemporarilyUnavailable, match="directory of users"):
        directory.memberships("mary")


def test_a_directory_out_of_reach_is_an_outage() -> None:
    directory = CognitoDirectory(cognito_client("http://127.0.0.1:9"), "eu-central-1_pool")

    with pytest.raises(TemporarilyUnavailable, match="try again"):
        directory.memberships("mary")


def test_an_outage_is_not_remembered(pool: Pool) -> None:
    directory = pool.directory()

    def break_down(**_: object) -> None:
        raise ConnectionClosedError(endpoint_url="the pool")

    events = pool.client.meta.events
    events.register("before-send.cognito-idp", break_down)
    try:
        with pytest.raises(TemporarilyUnavailable):
            directory.memberships("mary")
    finally:
        events.unregister("before-send.cognito-idp", break_down)

    assert sorted(directory.memberships("mary")) == ["sales", "tenant:t1"]


def test_groups_that_come_in_pages_are_put_together(pool: Pool) -> None:
    assert sorted(pool.directory().memberships("busy")) == sorted(MANY)

    assert pool.asked == ["busy", "busy"]
