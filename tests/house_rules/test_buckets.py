"""Only the functions read what people attached, which is kept no longer than documented."""

from collections.abc import Mapping
from typing import Any

import pytest
from taskdock.use_cases.columns import segments
from taskdock.use_cases.columns.columns import longest_age

from local.template import Template
from tests.support.permissions import statements

DAY = 24 * 60 * 60 * 1000


BUCKETS = ("AttachmentBucket", "ColumnBucket", "InboxBucket")


@pytest.fixture(scope="module")
def bucket(template: Template) -> tuple[str, Mapping[str, Any]]:
    """The logical id and the resource of the bucket with attachments."""
    return named(template, "AttachmentBucket")


def named(template: Template, name: str) -> tuple[str, Mapping[str, Any]]:
    """A bucket by its logical id."""
    resource: Mapping[str, Any] = template.section("Resources")[name]
    return name, resource


def test_these_are_all_buckets(template: Template) -> None:
    assert set(template.resources("AWS::S3::Bucket")) == set(BUCKETS)


@pytest.mark.parametrize("name", BUCKETS)
def test_a_bucket_has_no_public_access(template: Template, name: str) -> None:
    properties = named(template, name)[1]["Properties"]

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


@pytest.mark.parametrize("bucket_name", BUCKETS)
def test_contents_are_encrypted_at_rest_and_in_transit(
    template: Template, bucket_name: str
) -> None:
    name, resource = named(template, bucket_name)
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


def test_columns_expire_after_all_that_may_need_them(template: Template) -> None:
    """A head counts for `longest_age`, and what it names was made at most a month before."""
    _, resource = named(template, "ColumnBucket")
    rules = {rule["Id"]: rule for rule in resource["Properties"]["LifecycleConfiguration"]["Rules"]}
    days = rules["unused"]["ExpirationInDays"]

    assert days * DAY > 2 * longest_age(3650)
    assert days * DAY > longest_age(3650) + segments._OLD


def test_only_the_stream_makes_contents_go(template: Template) -> None:
    """What answers requests can put and get them; docs/decisions/0011 says why."""
    allowed: dict[str, set[str]] = {}
    for role, statement in statements(template):
        of_objects = {action for action in statement["Action"] if action.startswith("s3:")}
        if of_objects and "Attachment" in str(statement["Resource"]):
            allowed.setdefault(role, set()).update(of_objects)

    assert allowed == {
        "ManageTaskRole": {"s3:GetObject", "s3:ListBucket", "s3:PutObject"},
        "DiscardAttachmentsRole": {"s3:DeleteObject"},
    }
