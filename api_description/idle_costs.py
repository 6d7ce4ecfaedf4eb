"""What a deployment costs in a month in which nothing happens, computed from the template.

List prices of us-east-1 in US dollars, without the free amounts that AWS grants.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from local.template import Template

ALARM_METRIC: Final = 0.10
DASHBOARD: Final = 3.00
SECRET: Final = 0.40
CLIENT_OF_PROGRAMS: Final = 6.00

type Price = Callable[[Mapping[str, Any]], float]


METRICS_OF_A_QUERY: Final = 14
"""The most that an alarm's query finds: a table's throttles and those of its twelve indexes."""


def _of_alarm(properties: Mapping[str, Any]) -> float:
    metrics: Sequence[Mapping[str, Any]] = properties.get("Metrics", [{"MetricStat": {}}])
    named = sum("MetricStat" in each for each in metrics)
    queries = sum("SELECT " in str(each.get("Expression")) for each in metrics)
    return ALARM_METRIC * (named + METRICS_OF_A_QUERY * queries)


def _of_client(properties: Mapping[str, Any]) -> float:
    return CLIENT_OF_PROGRAMS if "client_credentials" in properties["AllowedOAuthFlows"] else 0.0


_PRICES: Final[Mapping[str, tuple[Price, str]]] = {
    "AWS::CloudWatch::Alarm": (
        _of_alarm,
        "$0.10 for each metric that an alarm watches or, by a query, finds",
    ),
    "AWS::CloudWatch::Dashboard": (lambda _: DASHBOARD, "$3.00 each"),
    "AWS::SecretsManager::Secret": (lambda _: SECRET, "$0.40 each"),
    "AWS::Cognito::UserPoolClient": (_of_client, "about $6 with client credentials, else nothing"),
}
"""The types of resources that cost something while nothing happens: their price, and why."""

_BY_USE: Final[Mapping[str, str]] = {
    "AWS::CloudFront::Distribution": "by requests and gigabytes; 1 TB a month is free",
    "AWS::CloudFront::Function": "by requests",
    "AWS::CloudFront::OriginAccessControl": "nothing",
    "AWS::CloudFront::ResponseHeadersPolicy": "nothing",
    "AWS::Cognito::ManagedLoginBranding": "part of the user pool",
    "AWS::Cognito::UserPool": "by active users; 10,000 a month are free",
    "AWS::Cognito::UserPoolDomain": "part of the user pool",
    "AWS::Cognito::UserPoolIdentityProvider": "by active users who come through it; 50 are free",
    "AWS::Cognito::UserPoolResourceServer": "part of the user pool",
    "AWS::DynamoDB::Table": "by reads, writes and gigabytes; readers of the stream are free",
    "AWS::Events::EventBus": "by events",
    "AWS::Events::Rule": "nothing",
    "AWS::IAM::Role": "nothing",
    "AWS::IAM::RolePolicy": "nothing",
    "AWS::Logs::LogGroup": "by gigabytes",
    "AWS::Logs::MetricFilter": "$0.30 in a month in which it counts something",
    "AWS::S3::Bucket": "by requests and gigabytes",
    "AWS::S3::BucketPolicy": "nothing",
    "AWS::SQS::Queue": "by requests; a queue that a function reads is asked without pause: $0.26",
    "AWS::SQS::QueuePolicy": "nothing",
    "AWS::Serverless::Function": "by requests and time",
    "AWS::Serverless::HttpApi": "by requests",
    "AWS::Serverless::LayerVersion": "nothing",
}
"""The types of resources that cost nothing while nothing happens, and what they cost by."""

QUEUE_THAT_IS_READ: Final = 0.26
"""Five pollers that each wait twenty seconds: 648,000 requests a month at $0.40 a million."""


class UnknownPrice(Exception):
    """The template has a type of resource whose price is not known here."""


def idle_cost(template: Template) -> float:
    """US dollars a month of the template's resources; raises `UnknownPrice`."""
    return round(sum(cost for *_, cost in _lines(template)), 2)


def idle_table(template: Template, with_everything: Template) -> Iterator[Sequence[str]]:
    """A row for each type of resource: how many, what they cost, why; and the sums.

    The second figures are those of a deployment with every optional part.
    """
    default = {kind: (number, cost) for kind, number, cost in _lines(template)}
    for kind, number, cost in _lines(with_everything):
        own_number, own_cost = default.get(kind, (0, 0.0))
        about = _PRICES[kind][1] if kind in _PRICES else _BY_USE[kind]
        name = kind.removeprefix("AWS::")
        yield name, str(own_number), f"{own_cost:.2f}", str(number), f"{cost:.2f}", about
    yield (
        "**together**", "", f"**{idle_cost(template):.2f}**", "",
        f"**{idle_cost(with_everything):.2f}**", "US dollars a month",
    )  # fmt: skip


def _lines(template: Template) -> Iterator[tuple[str, int, float]]:
    kinds = sorted({each["Type"] for each in template.section("Resources").values()})
    for kind in kinds:
        resources = template.resources(kind).values()
        if kind in _PRICES:
            yield kind, len(resources), sum(_PRICES[kind][0](each) for each in resources)
        elif kind in _BY_USE:
            read = _queues_that_are_read(template) if kind == "AWS::SQS::Queue" else 0
            yield kind, len(resources), read * QUEUE_THAT_IS_READ
        else:
            raise UnknownPrice(kind)


def _queues_that_are_read(template: Template) -> int:
    return sum(
        event["Type"] == "SQS"
        for function in template.resources("AWS::Serverless::Function").values()
        for event in function.get("Events", {}).values()
    )
