"""The inbox on AWS: a private bucket, and one address for the page and the API."""

import json
import shutil
import subprocess
from typing import Any, Final

import pytest

from local.inbox_files import POLICY
from local.settings import REPOSITORY
from local.template import Template

URL: Final = "https://d111111abcdef8.cloudfront.net/inbox/"
LOGIN: Final = "https://LoginDomain.auth.eu-central-1.amazoncognito.com"


def deployed(**given: str) -> Template:
    """The template with the inbox, every resource known by its logical id."""
    template = Template.load(REPOSITORY / "template.yaml")
    template.set_parameters({"WithInbox": "true", **given})
    for name in template.section("Resources"):
        template.learn(name, name, Arn=f"arn:{name}", Id=name)
    template.learn(
        "InboxBucket", "bucket", Arn="arn:bucket", RegionalDomainName="bucket.s3.example"
    )
    template.learn("InboxPaths", "paths", **{"FunctionMetadata.FunctionARN": "arn:paths"})
    return template


def properties(kind: str, name: str, **given: str) -> Any:
    template = deployed(**given)
    return template.resolve(template.resources(f"AWS::{kind}")[name])


def distribution(**given: str) -> Any:
    return properties("CloudFront::Distribution", "InboxDistribution", **given)[
        "DistributionConfig"
    ]


def test_whoever_wants_the_api_alone_has_nothing_of_it() -> None:
    template = Template.load(REPOSITORY / "template.yaml")

    for name, resource in template.section("Resources").items():
        of_inbox = resource["Type"].startswith("AWS::CloudFront::") or "Inbox" in name
        assert (resource.get("Condition") == "HasInbox") is of_inbox, name
    for name, output in template.section("Outputs").items():
        assert (output.get("Condition") == "HasInbox") is name.startswith("Inbox"), name


def test_only_the_distribution_reads_the_bucket() -> None:
    policy = properties("S3::BucketPolicy", "InboxBucketPolicy")["PolicyDocument"]["Statement"]
    allowed = [each for each in policy if each["Effect"] == "Allow"]
    source = "arn:aws:cloudfront::123456789012:distribution/InboxDistribution"

    assert {each["Action"]: each["Resource"] for each in allowed} == {
        "s3:GetObject": "arn:bucket/inbox/*",
        "s3:ListBucket": "arn:bucket",
    }
    for each in allowed:
        assert each["Principal"] == {"Service": "cloudfront.amazonaws.com"}
        assert each["Condition"] == {"StringEquals": {"AWS:SourceArn": source}}
    access = properties("CloudFront::OriginAccessControl", "InboxAccess")
    assert access["OriginAccessControlConfig"].items() >= {
        ("OriginAccessControlOriginType", "s3"),
        ("SigningBehavior", "always"),
        ("SigningProtocol", "sigv4"),
    }
    [page] = [each for each in distribution()["Origins"] if each["Id"] == "page"]
    assert page["OriginAccessControlId"] == "InboxAccess"
    assert page["S3OriginConfig"] == {"OriginAccessIdentity": ""}


def test_everything_else_is_the_apis_and_nothing_of_it_is_kept() -> None:
    config = distribution()
    rest = config["DefaultCacheBehavior"]
    [api] = [each for each in config["Origins"] if each["Id"] == rest["TargetOriginId"]]

    assert api["DomainName"] == "Api.execute-api.eu-central-1.amazonaws.com"
    assert api["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    # CachingDisabled and AllViewerExceptHostHeader, which AWS has in every account.
    assert rest["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert rest["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    assert rest["ViewerProtocolPolicy"] == "https-only", "a redirect would come after the token"
    assert set(rest["AllowedMethods"]) >= {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}


def test_the_distribution_hides_no_answer_of_the_api() -> None:
    assert "CustomErrorResponses" not in distribution()


@pytest.mark.parametrize(
    ("given", "patterns"),
    [
        ({}, ["/inbox*", "/", "/docs"]),
        ({"BasePath": "/engine-rest"}, ["/inbox*", "/", "/docs", "/engine-rest/inbox*"]),
    ],
)
def test_the_page_is_where_it_looks_for_the_api(given: dict[str, str], patterns: list[str]) -> None:
    behaviors = distribution(**given)["CacheBehaviors"]

    assert [each.pop("PathPattern") for each in behaviors] == patterns
    for each in behaviors:
        assert each == behaviors[0]
        assert each["TargetOriginId"] == "page"
        assert each["AllowedMethods"] == ["GET", "HEAD"]
        assert each["ResponseHeadersPolicyId"] == "InboxHeaders"
        assert each["FunctionAssociations"] == [
            {"EventType": "viewer-request", "FunctionARN": "arn:paths"}
        ]


@pytest.mark.parametrize(
    ("given", "login"),
    [
        ({}, f" {LOGIN}"),
        ({"ExistingUserPoolId": "eu-central-1_a"}, ""),
        (
            {
                "ExistingUserPoolId": "eu-central-1_a",
                "ExistingLoginUrl": "https://login.example",
            },
            " https://login.example",
        ),
    ],
)
def test_the_page_calls_the_api_and_the_sign_in_and_nobody_else(
    given: dict[str, str], login: str
) -> None:
    made = properties("CloudFront::ResponseHeadersPolicy", "InboxHeaders", **given)
    headers = made["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    policy = headers["ContentSecurityPolicy"]

    expected = POLICY.replace("connect-src 'self'", f"connect-src 'self'{login}")
    assert (policy["ContentSecurityPolicy"], policy["Override"]) == (expected, True)
    assert headers["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 365 * 24 * 60 * 60


def test_the_apis_answers_ask_for_https_as_well() -> None:
    made = properties("CloudFront::ResponseHeadersPolicy", "ApiHeaders")
    headers = made["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]

    assert set(headers) == {"StrictTransportSecurity"}
    assert distribution()["DefaultCacheBehavior"]["ResponseHeadersPolicyId"] == "ApiHeaders"


def test_people_come_back_to_the_inbox_once_its_address_is_known() -> None:
    for given, added in (({}, []), ({"InboxUrl": URL}, [URL, f"{URL}docs/"])):
        client = properties("Cognito::UserPoolClient", "PeopleClient", **given)
        assert client["CallbackURLs"] == ["http://localhost:3008/signed-in", *added]
        assert client["LogoutURLs"] == ["http://localhost:3008/signed-out", *added]


def test_the_output_is_what_the_parameter_takes() -> None:
    template = deployed(BasePath="/engine-rest")
    template.learn("InboxDistribution", "id", DomainName="d111111abcdef8.cloudfront.net")

    assert template.resolve(template.section("Outputs")["InboxUrl"]["Value"]) == (
        "https://d111111abcdef8.cloudfront.net/engine-rest/inbox/"
    )


PATHS: Final = {
    "/inbox/": "/inbox/index.html",
    "/inbox/tasks/t1": "/inbox/index.html",
    "/inbox/a.b/c": "/inbox/index.html",
    "/inbox/assets/a-1f.js": "/inbox/assets/a-1f.js",
    "/inbox/favicon.svg": "/inbox/favicon.svg",
    "/engine-rest/inbox/": "/inbox/index.html",
    "/engine-rest/inbox/favicon.svg": "/inbox/favicon.svg",
    "/my-inbox/inbox/": "/inbox/index.html",
    "/inbox/docs/": "/inbox/docs/index.html",
    "/engine-rest/inbox/docs/": "/inbox/docs/index.html",
    "/inbox/docs/index.html": "/inbox/docs/index.html",
}


def answers(*asked: str, **given: str) -> list[Any]:
    """What CloudFront's function makes of requests to these paths."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("the function cannot be had: node is not installed")
    code = properties("CloudFront::Function", "InboxPaths", **given)["FunctionCode"]
    script = f"""{code}
      const answers = {json.dumps(asked)}.map((uri) => handler({{ request: {{ uri }} }}));
      console.log(JSON.stringify(answers));"""
    done = subprocess.run([node, "-e", script], capture_output=True, text=True, check=True)
    found: list[Any] = json.loads(done.stdout)
    return found


def test_a_path_of_the_page_leads_to_its_file() -> None:
    assert [each["uri"] for each in answers(*PATHS)] == [*PATHS.values()]


@pytest.mark.parametrize(
    ("base", "path", "target"),
    [
        ("", "/inbox", "/inbox/"),
        ("", "/engine-rest/inbox", "/engine-rest/inbox/"),
        ("", "/inbox/docs", "/inbox/docs/"),
        ("", "/", "/inbox/"),
        ("", "/docs", "/inbox/docs/"),
        ("/engine-rest", "/", "/engine-rest/inbox/"),
        ("/engine-rest", "/docs", "/engine-rest/inbox/docs/"),
    ],
)
def test_what_is_short_leads_to_the_page(base: str, path: str, target: str) -> None:
    [answer] = answers(path, BasePath=base)

    assert answer["statusCode"] == 302
    assert answer["headers"]["location"]["value"] == target
