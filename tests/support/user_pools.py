"""User pools in moto, for tests."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from botocore.config import Config
from botocore.session import Session

if TYPE_CHECKING:
    from types_boto3_cognito_idp.client import CognitoIdentityProviderClient


def cognito_client(endpoint: str) -> "CognitoIdentityProviderClient":
    """A client of an emulator; errors come at once."""
    client = Session().create_client(
        "cognito-idp",
        endpoint_url=endpoint,
        region_name="eu-central-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"mode": "standard", "total_max_attempts": 1}, connect_timeout=5),
    )
    return cast("CognitoIdentityProviderClient", client)


def a_user_pool(client: "CognitoIdentityProviderClient", users: Mapping[str, Sequence[str]]) -> str:
    """The id of a new pool with these users, who have no names, in their groups."""
    pool = client.create_user_pool(PoolName="people")["UserPool"]["Id"]
    for group in sorted({group for groups in users.values() for group in groups}):
        client.create_group(UserPoolId=pool, GroupName=group)
    for user, groups in users.items():
        client.admin_create_user(UserPoolId=pool, Username=user)
        for group in groups:
            client.admin_add_user_to_group(UserPoolId=pool, Username=user, GroupName=group)
    return pool
