"""Users and groups of the Cognito user pool, as they are now."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from taskdock.adapters.cognito_directory import can_exist
from taskdock.adapters.outages import reaching
from taskdock.domain.people import Group, Person

if TYPE_CHECKING:
    from types_boto3_cognito_idp.client import CognitoIdentityProviderClient

_DIRECTORY: Final = "directory of users"
"""The name of this dependency in error messages."""

_PAGE: Final = 60
"""Most entries of one page."""


class CognitoPeople:
    """`People` of a user pool. Threads may share one."""

    def __init__(self, client: "CognitoIdentityProviderClient", user_pool_id: str) -> None:
        self._client = client
        self._pool = user_pool_id

    def person(self, user: str) -> Person | None:
        """See `People.person`."""
        if not can_exist(user):
            return None
        try:
            with reaching(_DIRECTORY):
                found = self._client.admin_get_user(UserPoolId=self._pool, Username=user)
        except self._client.exceptions.UserNotFoundException:
            return None
        return _person(found["Username"], found["UserAttributes"])

    def people(self) -> Iterator[Sequence[Person]]:
        """See `People.people`."""
        for page in self._pages(self._client.list_users, "PaginationToken", Limit=_PAGE):
            yield [_person(user["Username"], user["Attributes"]) for user in page["Users"]]

    def members(self, group: str) -> Iterator[Sequence[Person]]:
        """See `People.members`."""
        if not can_exist(group):
            return
        ask = self._client.list_users_in_group
        try:
            for page in self._pages(ask, "NextToken", GroupName=group, Limit=_PAGE):
                yield [_person(user["Username"], user["Attributes"]) for user in page["Users"]]
        except self._client.exceptions.ResourceNotFoundException:
            return

    def groups(self) -> Iterator[Sequence[Group]]:
        """See `People.groups`."""
        for page in self._pages(self._client.list_groups, "NextToken", Limit=_PAGE):
            yield [_group(group) for group in page["Groups"]]

    def client_exists(self, client_id: str) -> bool:
        """See `People.client_exists`."""
        if not can_exist(client_id):
            return False
        try:
            with reaching(_DIRECTORY):
                self._client.describe_user_pool_client(UserPoolId=self._pool, ClientId=client_id)
        except self._client.exceptions.ResourceNotFoundException:
            return False
        except self._client.exceptions.InvalidParameterException:  # no id that a client can have
            return False
        return True

    def groups_of(self, user: str) -> Iterator[Sequence[Group]]:
        """See `People.groups_of`."""
        if not can_exist(user):
            return
        ask = self._client.admin_list_groups_for_user
        try:
            for page in self._pages(ask, "NextToken", Username=user, Limit=_PAGE):
                yield [_group(group) for group in page["Groups"]]
        except self._client.exceptions.UserNotFoundException:
            return

    def _pages(
        self, ask: Callable[..., Any], token_name: str, **request: Any
    ) -> Iterator[Mapping[str, Any]]:
        request["UserPoolId"] = self._pool
        while True:
            with reaching(_DIRECTORY):
                answer = ask(**request)
            yield answer
            if not answer.get(token_name):
                return
            request[token_name] = answer[token_name]


def _person(user: str, attributes: Sequence[Mapping[str, Any]]) -> Person:
    values = {each["Name"]: each.get("Value") or None for each in attributes}
    return Person(user, values.get("given_name"), values.get("family_name"), values.get("email"))


def _group(found: Mapping[str, Any]) -> Group:
    return Group(found["GroupName"], found.get("Description") or found["GroupName"])
