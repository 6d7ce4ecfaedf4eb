"""A Cognito user pool with the template's clients, on moto."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.settings import User
from local.template import Node, Template


@dataclass(frozen=True, slots=True)
class AppClient:
    """An app client of the pool."""

    id: str
    secret: str | None
    flows: tuple[str, ...]
    """OAuth flows it may use: `code`, `client_credentials`."""
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UserPool:
    """The pool that the template's authorizer trusts."""

    id: str
    clients: tuple[AppClient, ...]
    users: Mapping[str, User]
    scopes: tuple[str, ...]
    """Every scope of its resource servers."""

    def client_for(self, flow: str) -> AppClient:
        """The first client that may use an OAuth flow."""
        return next(client for client in self.clients if flow in client.flows)

    def widest_client_for(self, flow: str) -> AppClient:
        """The client that may use an OAuth flow and ask for the most scopes."""
        able = (client for client in self.clients if flow in client.flows)
        return max(able, key=lambda client: len(client.scopes))

    @property
    def admin_scopes(self) -> tuple[str, ...]:
        """The scopes of administrators."""
        return tuple(scope for scope in self.scopes if scope.endswith("/admin"))


def make_user_pool(template: Template, cognito: Any, users: Mapping[str, User]) -> UserPool:
    """Makes the template's pool, resource servers and clients, with these users in their groups,
    and gives the template their names.
    """
    [(logical_id, properties)] = template.resources("AWS::Cognito::UserPool").items()
    name = template.resolve(properties.get("UserPoolName", logical_id))
    pool = cognito.create_user_pool(PoolName=name)["UserPool"]
    template.learn(logical_id, pool["Id"], Arn=pool["Arn"], UserPoolId=pool["Id"])
    for domain, domain_properties in template.resources("AWS::Cognito::UserPoolDomain").items():
        template.learn(domain, template.resolve(domain_properties["Domain"]))
    scopes: list[str] = []
    for node in template.resources("AWS::Cognito::UserPoolResourceServer").values():
        server = template.resolve(node)
        scopes += [f"{server['Identifier']}/{scope['ScopeName']}" for scope in server["Scopes"]]
        cognito.create_resource_server(
            UserPoolId=pool["Id"],
            Identifier=server["Identifier"],
            Name=server["Name"],
            Scopes=server["Scopes"],
        )
    clients = tuple(
        _make_client(template, cognito, client_id, node)
        for client_id, node in template.resources("AWS::Cognito::UserPoolClient").items()
    )
    _fill(cognito, pool["Id"], users)
    return UserPool(pool["Id"], clients, users, tuple(scopes))


def _make_client(
    template: Template, cognito: Any, logical_id: str, node: Mapping[str, Node]
) -> AppClient:
    wanted = template.resolve(node)
    made = cognito.create_user_pool_client(**wanted)["UserPoolClient"]
    secret = made.get("ClientSecret")
    template.learn(logical_id, made["ClientId"], **({"ClientSecret": secret} if secret else {}))
    return AppClient(
        id=made["ClientId"],
        secret=secret,
        flows=tuple(wanted.get("AllowedOAuthFlows", ())),
        scopes=tuple(wanted.get("AllowedOAuthScopes", ())),
    )


def _fill(cognito: Any, pool_id: str, users: Mapping[str, User]) -> None:
    for group in sorted({group for user in users.values() for group in user.memberships}):
        cognito.create_group(UserPoolId=pool_id, GroupName=group)
    for name, user in users.items():
        attributes = {
            "given_name": user.first_name,
            "family_name": user.last_name,
            "email": user.email,
        }
        cognito.admin_create_user(
            UserPoolId=pool_id,
            Username=name,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": key, "Value": text} for key, text in attributes.items() if text
            ],
        )
        for group in dict.fromkeys(user.memberships):
            cognito.admin_add_user_to_group(UserPoolId=pool_id, Username=name, GroupName=group)
