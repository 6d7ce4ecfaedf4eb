"""Values of parameters that make no sense are refused before anything is deployed."""

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any, Final

import pytest

from local.settings import REPOSITORY
from local.template import Template

TOPIC: Final = "arn:aws:sns:eu-central-1:123456789012:alarms"
ADDRESSES: Final = {
    "SignInCallbackUrls": "https://tasks.example/signed-in,https://other.example/in",
    "SignedOutUrls": "https://tasks.example/signed-out",
}
INBOX: Final = "https://d111111abcdef8.cloudfront.net/inbox/"
PROD: Final = {"Stage": "prod", "AlarmTopicArn": TOPIC, "LocalSignIn": "false", **ADDRESSES}
OIDC: Final = {"OidcIssuer": "https://id.example", "OidcClientId": "a", "OidcClientSecret": "b"}


def refusals(given: Mapping[str, str]) -> list[str]:
    """What CloudFormation would object to in these values: parameters by name, and assertions."""
    template = Template.load(REPOSITORY / "template.yaml")
    parameters = template.section("Parameters")
    refused = [name for name, value in given.items() if not is_allowed(parameters[name], value)]
    template.set_parameters(given)
    for rule in template.section("Rules").values():
        if template.resolve(rule.get("RuleCondition", True)):
            refused += [
                assertion["AssertDescription"]
                for assertion in rule["Assertions"]
                if not template.resolve(assertion["Assert"])
            ]
    return refused


def is_allowed(parameter: Mapping[str, Any], value: str) -> bool:
    allowed = [str(each) for each in parameter.get("AllowedValues", [value])]
    if parameter["Type"] == "Number" and not int(value) >= parameter.get("MinValue", 0):
        return False
    return value in allowed and bool(re.search(parameter.get("AllowedPattern", ""), value))


def without(given: Mapping[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in given.items() if key != name}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"Stage": "dev", **ADDRESSES},
        PROD,
        {"LocalSignIn": "false", **ADDRESSES},
        {"LocalSignIn": "false", "WithInbox": "true", "InboxUrl": INBOX},
        {"WithInbox": "true", "InboxUrl": "https://tasks.example/engine-rest/inbox/"},
        {"SamlMetadataUrl": "https://id.example/metadata"},
        OIDC,
    ],
)
def test_what_makes_sense_is_deployed(given: dict[str, str]) -> None:
    assert refusals(given) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (without(PROD, "AlarmTopicArn"), "AlarmTopicArn"),
        (without(PROD, "LocalSignIn"), "LocalSignIn=false"),
        (without(PROD, "SignInCallbackUrls"), "SignInCallbackUrls"),
        (without(PROD, "SignedOutUrls"), "SignedOutUrls"),
        ({"LocalSignIn": "false"}, "SignInCallbackUrls"),
        ({"SamlMetadataUrl": "https://id.example/metadata", **OIDC}, "not both"),
        (without(OIDC, "OidcClientId"), "OidcClientId"),
        (without(OIDC, "OidcClientSecret"), "OidcClientSecret"),
    ],
)
def test_what_makes_none_is_refused_with_a_line_that_says_so(
    given: dict[str, str], said: str
) -> None:
    assert any(said in refusal for refusal in refusals(given))


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:3008/signed-in",
        "https://localhost/signed-in",
        "https://127.0.0.1:3008/signed-in",
        "http://tasks.example/signed-in",
        "https://tasks.example/in,https://localhost/in",
        "tasks.example",
    ],
)
@pytest.mark.parametrize("name", ADDRESSES)
def test_people_are_sent_to_no_other_place_than_a_page_over_https(name: str, url: str) -> None:
    assert refusals({**PROD, name: url}) == [name]


@pytest.mark.parametrize(
    "url",
    [
        "http://tasks.example/inbox/",
        "https://localhost/inbox/",
        "https://tasks.example/inbox",
        "https://tasks.example/",
        "https://tasks.example/a/b/inbox/",
        f"{INBOX},https://other.example/inbox/",
    ],
)
def test_the_inbox_is_one_page_over_https(url: str) -> None:
    assert refusals({"InboxUrl": url}) == ["InboxUrl"]


def test_every_pattern_allows_the_default(template: Template) -> None:
    for name, parameter in template.section("Parameters").items():
        assert is_allowed(parameter, str(parameter["Default"])), name


@pytest.mark.parametrize("path", ["", "/engine-rest", "/tasks", "/task-api", "/v2", "/localhost"])
def test_a_context_path_of_its_own_is_allowed(path: str) -> None:
    assert refusals({"BasePath": path}) == []


def test_a_context_path_is_nothing_that_a_route_starts_with() -> None:
    """Under a domain that shows no context path, the first part of a route would be taken for it.
    `/local` is the local service's own, `/inbox` the page's.
    """
    described = json.loads((REPOSITORY / "docs" / "openapi.json").read_text(encoding="utf-8"))
    starts = {"inbox", "local", "engine", *(path.split("/")[1] for path in described["paths"])}

    assert {"task", "v1", "filter", "history"} < starts
    for start in starts:
        assert refusals({"BasePath": f"/{start}"}) == ["BasePath"], start


@pytest.mark.parametrize("path", ["engine-rest", "/engine-rest/", "/a/b", "/$default", "/"])
def test_what_cannot_be_a_stage_is_no_context_path(path: str) -> None:
    assert refusals({"BasePath": path}) == ["BasePath"]


def configured(stage: str) -> dict[str, str]:
    """What samconfig.toml gives the template for a stage."""
    text = (REPOSITORY / "samconfig.toml").read_text(encoding="utf-8")
    pairs = tomllib.loads(text)[stage]["deploy"]["parameters"]["parameter_overrides"]
    return dict(pair.split("=", 1) for pair in pairs)


def test_the_stage_dev_is_deployed_as_it_is_configured() -> None:
    assert refusals(configured("dev")) == []


def test_the_stage_prod_asks_for_what_only_its_owner_knows() -> None:
    given = configured("prod")

    assert given["Stage"] == "prod"
    assert len(refusals(given)) == 3
    assert refusals({**given, "AlarmTopicArn": TOPIC, **ADDRESSES}) == []


def test_every_parameter_is_shown_in_a_group(template: Template) -> None:
    interface = template.section("Metadata")["AWS::CloudFormation::Interface"]
    grouped = [name for group in interface["ParameterGroups"] for name in group["Parameters"]]

    assert sorted(grouped) == sorted(template.section("Parameters"))
