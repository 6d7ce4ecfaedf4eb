"""The template's buckets on moto."""

from contextlib import suppress
from typing import Any

from local.template import REGION, Template


def make_buckets(template: Template, s3: Any) -> tuple[str, ...]:
    """Make the template's buckets, empty, and give the template their names, which are returned.

    Policies, encryption and lifecycles are left to AWS.
    """
    names = []
    for logical_id in template.resources("AWS::S3::Bucket"):
        name = template.physical_name(logical_id).lower()
        with suppress(
            s3.exceptions.BucketAlreadyOwnedByYou
        ):  # moto keeps it while this process runs
            s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        template.learn(logical_id, name, Arn=f"arn:aws:s3:::{name}")
        names.append(name)
    return tuple(names)
