"""Group memberships from the Cognito user pool, cached for a minute."""

import time
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from taskdock.adapters.outages import unavailable

if TYPE_CHECKING:
    from types_boto3_cognito_idp.client import CognitoIdentityProviderClient
    from types_boto3_cognito_idp.type_defs import AdminListGroupsForUserRequestTypeDef

_REMEMBERED_SECONDS: Final = 60.0
_LONGEST_NAME: Final = 128
_NAME_CHARACTERS: Final = frozenset("LMSNP")
"""Categories of Unicode that a user's name is made of: letters, marks, symbols, digits, signs."""


class CognitoDirectory:
    """`Directory` on a user pool. Threads may share one."""

    def __init__(
        self,
        client: "CognitoIdentityProviderClient",
        user_pool_id: str,
        clock: Callable[[], float] = time.monotonic,
        *,
        remembered_users: int = 1_000,
    ) -> None:
        self._client = client
        self._pool = user_pool_id
        self._clock = clock
        self._remembered_users = remembered_users
        self._lock = Lock()
        self._remembered: OrderedDict[str, tuple[float, tuple[str, ...]]] = OrderedDict()

    def memberships(self, user: str) -> Sequence[str]:
        """See `Directory.memberships`; the answer may be a minute old."""
        if not can_exist(user):
            return ()
        now = self._clock()
        with self._lock:
            asked, groups = self._remembered.get(user, (-_REMEMBERED_SECONDS, ()))
        if now - asked < _REMEMBERED_SECONDS:
            return groups
        groups = self._ask(user)
        with self._lock:
            self._remembered[user] = now, groups
            self._remembered.move_to_end(user)
            if len(self._remembered) > self._remembered_users:
                self._remembered.popitem(last=False)
        return groups

    def _ask(self, user: str) -> tuple[str, ...]:
        request: AdminListGroupsForUserRequestTypeDef = {
            "UserPoolId": self._pool,
            "Username": user,
        }
        groups: list[str] = []
        try:
            while True:
                answer = self._client.admin_list_groups_for_user(**request)
                groups += (group["GroupName"] for group in answer["Groups"])
                if "NextToken" not in answer:
                    return tuple(groups)
                request["NextToken"] = answer["NextToken"]
        except self._client.exceptions.UserNotFoundException:
            return ()
        except (BotoCoreError, ClientError) as error:
            # An answer without the user's groups would hide tasks.
            raise unavailable("directory of users") from error


def can_exist(name: str) -> bool:
    """Whether Cognito accepts the text as the name of a user or a group. It refuses to look up
    others.
    """
    return 0 < len(name) <= _LONGEST_NAME and all(
        unicodedata.category(character)[0] in _NAME_CHARACTERS for character in name
    )
