"""Who is calling: verified claims, and nothing else in a request, say so."""

from typing import Any

import pytest
from taskdock.domain.caller import Caller
from taskdock.domain.errors import Unauthenticated
from taskdock.runtime.identity import caller_of
from taskdock.runtime.settings import Settings

from tests.support.http_events import USER_CLAIMS, http_event

SAM_LOCAL = Settings(aws_sam_local=True, local_caller="mary sales tenant:t1")


def nobody(_: str) -> None:
    """No program is registered."""


def caller_with(claims: dict[str, Any]) -> Caller:
    return caller_of(http_event("GET /task", claims=claims), Settings(), nobody)


def test_a_person_is_the_user_name() -> None:
    caller = caller_with(USER_CLAIMS)

    assert caller == Caller(
        "demo",
        ("accounting", "sales"),
        frozenset({"t1"}),
        frozenset({"tasks.read", "tasks.write"}),
    )


def test_a_machine_is_its_client() -> None:
    caller = caller_with({"client_id": "printer", "scope": "taskdock/tasks.read"})

    assert caller == Caller("printer", (), frozenset(), frozenset({"tasks.read"}))


def test_scopes_of_another_deployment_in_the_user_pool_count_for_nothing() -> None:
    claims = {"client_id": "printer", "scope": "taskdock/admin two/tasks.read twofold/admin openid"}
    settings = Settings(scope_prefix="two")

    caller = caller_of(http_event("GET /task", claims=claims), settings, nobody)

    assert caller.scopes == {"tasks.read"}
    assert not caller.supervises


@pytest.mark.parametrize(
    ("claim", "groups"),
    [
        ("[sales accounting]", ("accounting", "sales")),
        ("[sales]", ("sales",)),
        ("[]", ()),
        ("[[odd] a,b]", ("[odd]", "a,b")),
        (["sales", "accounting"], ("accounting", "sales")),
        (None, ()),
    ],
)
def test_groups_come_as_an_http_api_writes_lists(claim: object, groups: tuple[str, ...]) -> None:
    assert caller_with({"username": "demo", "cognito:groups": claim}).groups == groups


@pytest.mark.parametrize(
    "context",
    [
        {},
        {"authorizer": {}},
        {"authorizer": {"jwt": {"claims": {}}}},
        {"authorizer": {"jwt": {"claims": {"username": ""}}}},
        {"authorizer": {"lambda": {"username": "demo"}}},
        {"authorizer": {"claims": {"username": "demo"}}},
    ],
)
def test_without_verified_claims_there_is_no_caller(context: dict[str, Any]) -> None:
    headers = {"authorization": "Bearer x", "username": "demo", "x-user": "demo"}

    with pytest.raises(Unauthenticated):
        caller_of({"headers": headers, "requestContext": context}, Settings(), nobody)


def test_the_caller_under_sam_local_can_be_set() -> None:
    event = http_event("GET /task", claims=None)

    assert caller_of(event, SAM_LOCAL, nobody) == Caller("mary", ("sales",), frozenset({"t1"}))


def test_a_token_counts_for_more_than_the_local_caller() -> None:
    assert caller_of(http_event("GET /task"), SAM_LOCAL, nobody).user == "demo"


@pytest.mark.parametrize(
    "settings", [Settings(aws_sam_local=True), Settings(local_caller="mary sales")]
)
def test_a_local_caller_takes_sam_local_and_a_name(settings: Settings) -> None:
    with pytest.raises(Unauthenticated):
        caller_of(http_event("GET /task", claims=None), settings, nobody)
