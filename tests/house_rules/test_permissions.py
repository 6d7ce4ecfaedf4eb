"""A function may do what it does, to what it does it to, and nothing else."""

import json
import re
from typing import Final

from local.template import Template
from tests.support.permissions import resources, statements

RESOURCELESS: Final = {"xray:PutTelemetryRecords", "xray:PutTraceSegments"}
"""Actions for which AWS takes no resource but `*`: traces belong to nothing."""

OF_OBJECTS: Final = {"s3:DeleteObject", "s3:GetObject", "s3:PutObject"}
"""Actions on objects of a bucket: they have no fixed names, so a pattern names all of them."""


def test_every_function_has_a_role_of_its_own(template: Template) -> None:
    functions = template.resources("AWS::Serverless::Function")
    roles = {name: function["Role"] for name, function in functions.items()}

    assert roles == {
        name: {"Fn::GetAtt": [f"{name.removesuffix('Function')}Role", "Arn"]} for name in functions
    }
    assert len(template.resources("AWS::IAM::Role")) == len(functions)


def test_roles_have_no_permissions_from_elsewhere(template: Template) -> None:
    for role in template.resources("AWS::IAM::Role").values():
        assert set(role) == {"AssumeRolePolicyDocument", "Policies"}
        assert [policy["PolicyName"] for policy in role["Policies"]] == ["logs"]
    for function in template.resources("AWS::Serverless::Function").values():
        assert "Policies" not in function


def test_only_lambda_takes_on_a_role(template: Template) -> None:
    for role in template.resources("AWS::IAM::Role").values():
        assert role["AssumeRolePolicyDocument"]["Statement"] == [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ]


def test_actions_are_named_in_full(template: Template) -> None:
    for role, statement in statements(template):
        assert set(statement) == {"Effect", "Action", "Resource"}, role
        assert statement["Effect"] == "Allow", role
        for action in statement["Action"]:
            assert re.fullmatch(r"[a-z0-9-]+:[A-Z][A-Za-z]+", action), (role, action)


def test_resources_are_exact(template: Template) -> None:
    for role, statement in statements(template):
        if set(statement["Action"]) <= RESOURCELESS:
            assert resources(statement) == ["*"], role
        elif set(statement["Action"]) <= OF_OBJECTS:
            [pattern] = resources(statement)
            assert pattern["Fn::Sub"] in {"${AttachmentBucket.Arn}/*", "${ColumnBucket.Arn}/*"}, (
                role
            )
        else:
            written = json.dumps(resources(statement))
            assert not re.search(r"[*?]", written), (role, written)


def test_resources_are_this_deployments_own(template: Template) -> None:
    """Each is an attribute of a resource here, or made of one; or the user pool, by its id."""
    own = set(template.section("Resources"))
    for role, statement in statements(template):
        if set(statement["Action"]) <= RESOURCELESS:
            continue
        for resource in resources(statement):
            written = json.dumps(resource)
            named = set(re.findall(r"[A-Za-z]+", written))
            assert named & own, (role, written)


def test_a_function_has_one_policy_for_its_work(template: Template) -> None:
    policies = template.resources("AWS::IAM::RolePolicy")

    assert {name: policy["RoleName"] for name, policy in policies.items()} == {
        f"{role.removesuffix('Role')}Policy": {"Ref": role}
        for role in template.resources("AWS::IAM::Role")
    }


def test_only_some_functions_change_what_is_kept(template: Template) -> None:
    """A query cannot write, nor can who looks up people; creating cannot delete; the reader of the
    stream writes history alone, and who makes columns says where they are."""
    writing = {
        role: {
            action
            for _, statement in pairs
            for action in statement["Action"]
            if action in {"dynamodb:PutItem", "dynamodb:DeleteItem"}
        }
        for role in template.resources("AWS::IAM::Role")
        if (pairs := [pair for pair in statements(template) if pair[0] == role])
    }

    assert {role: actions for role, actions in writing.items() if actions} == {
        "CreateTaskRole": {"dynamodb:PutItem"},
        "ManageTaskRole": {"dynamodb:PutItem", "dynamodb:DeleteItem"},
        "ManageFiltersRole": {"dynamodb:PutItem", "dynamodb:DeleteItem"},
        "PublishTaskEventsRole": {"dynamodb:PutItem"},
        "AdministerRole": {"dynamodb:PutItem", "dynamodb:DeleteItem"},
        "CompactColumnsRole": {"dynamodb:PutItem", "dynamodb:DeleteItem"},
    }
