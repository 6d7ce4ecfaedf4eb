"""Only the functions read what people attached, which is kept no longer than documented."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from local.template import Template
from tests.support.permissions import statements

BUCKETS: Final = ("AttachmentBucket", "InboxBucket")


@pytest.fixture(scope="module", params=BUCKETS)
def any_bucket(request: pytest.FixtureRequest, template: Template) -> tuple[str, Mapping[str, Any]]:
    """The logical id and the resource of every bucket there is."""
    assert tuple(template.resources("AWS::S3::Bucket")) == BUCKETS[::-1]
    return request.param, template.section("Resources")[request.param]


@pytest.fixture(scope="module")
def bucket(template: Template) -> tuple[str, Mapping[str, Any]]:
    """The logical id and the resource of the bucket with what people attached."""
    return BUCKETS[0], template.section("Resources")[BUCKETS[0]]


def test_no_bucket_has_public_access(any_bucket: tuple[str, Mapping[str, Any]]) -> None:
    properties = any_bucket[1]["Properties"]

    assert set(properties["PublicAccessBlockConfiguration"]) == {
        "BlockPublicAcls",
        "BlockPublicPolicy",
        "IgnorePublicAcls",
        "RestrictPublicBuckets",
    }
    assert all(properties["PublicAccessBlockConfiguration"].values())
    assert properties["OwnershipControls"] == {
        "Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]
    }


def test_contents_are_encrypted_at_rest_and_in_transit(
    template: Template, any_bucket: tuple[str, Mapping[str, Any]]
) -> None:
    name, resource = any_bucket
    [rule] = resource["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    policies = template.resources("AWS::S3::BucketPolicy").values()
    [policy] = [each for each in policies if each["Bucket"] == {"Ref": name}]

    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] in {"AES256", "aws:kms"}
    assert {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [{"Fn::GetAtt": [name, "Arn"]}, {"Fn::Sub": f"${{{name}.Arn}}/*"}],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    } in policy["PolicyDocument"]["Statement"]


def test_contents_outlive_the_deployment_as_tasks_do(
    bucket: tuple[str, Mapping[str, Any]],
) -> None:
    assert bucket[1]["DeletionPolicy"] == bucket[1]["UpdateReplacePolicy"] == "Retain"


def test_what_was_removed_is_kept_as_long_as_the_table_can_go_back(
    bucket: tuple[str, Mapping[str, Any]],
) -> None:
    properties = bucket[1]["Properties"]
    rules = {rule["Id"]: rule for rule in properties["LifecycleConfiguration"]["Rules"]}

    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert rules["removed"]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 35}
    assert not [rule for rule in rules.values() if "ExpirationInDays" in rule], (
        "tasks may stay open"
    )


def test_only_the_stream_makes_contents_go(template: Template) -> None:
    """What answers requests can put and get them; docs/decisions/0011 says why."""
    allowed: dict[str, set[str]] = {}
    for role, statement in statements(template):
        of_objects = {action for action in statement["Action"] if action.startswith("s3:")}
        if of_objects:
            allowed.setdefault(role, set()).update(of_objects)

    assert allowed == {
        "ManageTaskRole": {"s3:GetObject", "s3:ListBucket", "s3:PutObject"},
        "DiscardAttachmentsRole": {"s3:DeleteObject"},
    }
