"""Who gets a token, with which scopes, and what tokens can be used for."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from local.settings import REPOSITORY
from local.template import Template

CLIENTS: Final = "AWS::Cognito::UserPoolClient"
OIDC: Final = {"OidcIssuer": "https://id.example", "OidcClientId": "a", "OidcClientSecret": "b"}
SAML: Final = {"SamlMetadataUrl": "https://id.example/metadata"}


def deployed(**given: str) -> Template:
    """The template with these values, every resource known by its logical id."""
    template = Template.load(REPOSITORY / "template.yaml")
    template.set_parameters(given)
    for name in template.section("Resources"):
        template.learn(name, name, Arn=f"arn:{name}")
    return template


def people(**given: str) -> dict[str, Any]:
    template = deployed(**given)
    client: dict[str, Any] = template.resolve(template.resources(CLIENTS)["PeopleClient"])
    return client


def texts(node: Any) -> Iterator[str]:
    """Every text in a part of the template."""
    if isinstance(node, dict):
        yield from (text for pair in node.items() for part in pair for text in texts(part))
    elif isinstance(node, list):
        yield from (text for each in node for text in texts(each))
    else:
        yield str(node)


def test_no_scope_is_written_with_a_fixed_identifier(template: Template) -> None:
    scopes = [
        text
        for text in texts(template.section("Resources"))
        if re.search(r"/(tasks\.read|tasks\.write|admin)$", text)
    ]

    assert len(scopes) > 50
    assert {text.partition("/")[0] for text in scopes} == {"${ScopePrefix}"}


def test_two_deployments_in_a_user_pool_have_scopes_of_their_own() -> None:
    template = deployed(ScopePrefix="two")
    [server] = template.resources("AWS::Cognito::UserPoolResourceServer").values()

    assert template.resolve(server)["Identifier"] == "two"
    assert people(ScopePrefix="two")["AllowedOAuthScopes"] == [
        "openid", "two/tasks.read", "two/tasks.write",
    ]  # fmt: skip
    assert template.section("Globals")["Function"]["Environment"]["Variables"]["SCOPE_PREFIX"] == {
        "Ref": "ScopePrefix"
    }


def test_people_sign_in_on_the_pages_alone_unless_chosen() -> None:
    assert people()["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]
    assert people(PasswordSignIn="true")["ExplicitAuthFlows"] == [
        "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH",
    ]  # fmt: skip


def test_tokens_of_the_pages_do_not_change_their_owner() -> None:
    """Cognito's own scope for that is not among those that are granted."""
    assert "aws.cognito.signin.user.admin" not in people()["AllowedOAuthScopes"]


@pytest.mark.parametrize(
    ("given", "writable"),
    [
        ({}, ["updated_at"]),
        ({"WritableAttributes": "name,locale"}, ["name", "locale"]),
        (SAML, ["email", "family_name", "given_name"]),
        ({**OIDC, "WritableAttributes": "email"}, ["email"]),
    ],
)
def test_people_write_no_attribute_of_theirs_but_by_choice(
    given: dict[str, str], writable: list[str]
) -> None:
    assert people(**given)["WriteAttributes"] == writable


def test_sign_in_leads_to_localhost_where_somebody_develops_and_nowhere_else() -> None:
    addresses = {"SignInCallbackUrls": "https://a.example/in,https://b.example/in"}
    elsewhere = ["https://a.example/in", "https://b.example/in"]

    assert people()["CallbackURLs"] == ["http://localhost:3008/signed-in"]
    assert people()["LogoutURLs"] == ["http://localhost:3008/signed-out"]
    assert people(**addresses)["CallbackURLs"] == ["http://localhost:3008/signed-in", *elsewhere]
    assert people(**addresses, LocalSignIn="false")["CallbackURLs"] == elsewhere


@pytest.mark.parametrize(
    ("mfa", "factors"),
    [("OFF", None), ("OPTIONAL", ["SOFTWARE_TOKEN_MFA"]), ("ON", ["SOFTWARE_TOKEN_MFA"])],
)
def test_a_second_factor_is_a_parameter(mfa: str, factors: list[str] | None) -> None:
    template = deployed(Mfa=mfa)
    pool = template.resolve(template.resources("AWS::Cognito::UserPool")["UserPool"])

    assert (pool["MfaConfiguration"], pool.get("EnabledMfas")) == (mfa, factors)


def test_clients_that_cost_something_are_off_until_they_are_wanted() -> None:
    assert list(deployed().resources(CLIENTS)) == ["PeopleClient"]
    for part, client in {
        "WithMachineClient": "MachineClient",
        "WithAdminClient": "AdminClient",
        "WithPrintExample": "PrintClient",
    }.items():
        template = deployed(**{part: "true"})
        assert set(template.resources(CLIENTS)) == {"PeopleClient", client}
        assert template.resolve(template.resources(CLIENTS)[client])["AllowedOAuthFlows"] == [
            "client_credentials"
        ]


def test_one_client_alone_may_administer(template: Template) -> None:
    may = {
        name: template.resolve(client["AllowedOAuthScopes"])
        for name, client in template.resources(CLIENTS).items()
    }

    assert {name for name, scopes in may.items() if "taskdock/admin" in scopes} == {"AdminClient"}
    assert (
        may["MachineClient"]
        == may["PrintClient"]
        == ["taskdock/tasks.read", "taskdock/tasks.write"]
    )


@pytest.mark.parametrize(
    ("given", "audience"),
    [
        ({}, ["PeopleClient"]),
        ({"ProgramClientIds": "one,two"}, ["PeopleClient", "one", "two"]),
        (
            {"WithMachineClient": "true", "WithAdminClient": "true", "WithPrintExample": "true"},
            ["PeopleClient", "MachineClient", "AdminClient", "PrintClient"],
        ),
        (
            {"WithAdminClient": "true", "ProgramClientIds": "one"},
            ["PeopleClient", "AdminClient", "one"],
        ),
    ],
)
def test_the_authorizer_accepts_the_clients_that_there_are(
    given: dict[str, str], audience: list[str]
) -> None:
    template = deployed(**given)
    [api] = template.resources("AWS::Serverless::HttpApi").values()
    [authorizer] = api["Auth"]["Authorizers"].values()

    assert template.resolve(authorizer)["JwtConfiguration"]["audience"] == audience


def test_people_may_come_through_their_companys_identity_provider() -> None:
    kind = "AWS::Cognito::UserPoolIdentityProvider"
    assert not deployed().resources(kind)
    assert people()["SupportedIdentityProviders"] == ["COGNITO"]
    for given, provider, needed in (
        (SAML, "SAML", {"MetadataURL"}),
        (OIDC, "OIDC", {"oidc_issuer", "client_id", "client_secret", "authorize_scopes"}),
    ):
        template = deployed(**given)
        made = template.resolve(template.resources(kind)["CompanyIdentityProvider"])
        assert (made["ProviderName"], made["ProviderType"]) == ("Company", provider)
        assert made["ProviderDetails"].keys() >= needed
        client = people(**given)
        assert client["SupportedIdentityProviders"] == ["COGNITO", "CompanyIdentityProvider"]
        # Cognito refuses a sign-in that brings an attribute which the client may not write.
        assert made["AttributeMapping"].keys() <= set(client["WriteAttributes"])


def test_a_secret_is_no_parameter_that_is_shown(template: Template) -> None:
    for name, parameter in template.section("Parameters").items():
        assert ("Secret" in name) == parameter.get("NoEcho", False), name


def test_the_access_log_says_who_asked() -> None:
    [api] = deployed().resources("AWS::Serverless::HttpApi").values()
    written = json.loads(api["AccessLogSettings"]["Format"])

    for claim in ("client_id", "sub", "username"):
        assert f"$context.authorizer.claims.{claim}" in written.values()
    assert "$context.authorizer.claims.cognito:groups" not in written.values()
