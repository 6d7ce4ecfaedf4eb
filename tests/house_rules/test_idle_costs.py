"""A deployment in which nothing happens costs next to nothing."""

import pytest

from api_description.idle_costs import UnknownPrice, idle_cost
from local.optional_parts import load_with_every_part
from local.settings import REPOSITORY
from local.template import Template

TEMPLATE = REPOSITORY / "template.yaml"


def test_a_default_deployment_costs_at_most_a_dollar_a_month() -> None:
    assert 0 < idle_cost(Template.load(TEMPLATE)) <= 1.00


def test_optional_parts_cost_more() -> None:
    assert idle_cost(load_with_every_part(TEMPLATE)) > 10


@pytest.mark.parametrize(
    ("resource", "more"),
    [
        ({"Type": "AWS::CloudWatch::Alarm", "Properties": {}}, 0.10),
        (
            {
                "Type": "AWS::CloudWatch::Alarm",
                "Properties": {"Metrics": [{"Expression": "a + b"}, *[{"MetricStat": {}}] * 2]},
            },
            0.20,
        ),
        ({"Type": "AWS::SecretsManager::Secret", "Properties": {}}, 0.40),
        (
            {
                "Type": "AWS::Cognito::UserPoolClient",
                "Properties": {"AllowedOAuthFlows": ["client_credentials"]},
            },
            6.00,
        ),
    ],
)
def test_what_is_added_is_counted(resource: dict[str, object], more: float) -> None:
    before = Template.load(TEMPLATE)
    resources = {**before.section("Resources"), "More": resource}
    sections = ("Parameters", "Conditions", "Globals")
    document = {name: before.section(name) for name in sections} | {"Resources": resources}
    after = Template(document, before.folder)

    assert idle_cost(after) == pytest.approx(idle_cost(before) + more)


def test_a_resource_of_unknown_price_is_named() -> None:
    document = {"Resources": {"Big": {"Type": "AWS::RDS::DBInstance", "Properties": {}}}}

    with pytest.raises(UnknownPrice, match="AWS::RDS::DBInstance"):
        idle_cost(Template(document, REPOSITORY))
