"""Buckets in moto, for tests."""

from typing import TYPE_CHECKING, Final, cast
from uuid import uuid4

from botocore.config import Config
from botocore.session import Session

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client

REGION: Final = "eu-central-1"


def s3_client(endpoint: str) -> "S3Client":
    """A client of an emulator; errors come at once."""
    client = Session().create_client(
        "s3",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"mode": "standard", "total_max_attempts": 1}, connect_timeout=5),
    )
    return cast("S3Client", client)


def a_bucket(client: "S3Client") -> str:
    """The name of a new bucket that is empty."""
    name = f"attachments-{uuid4().hex[:12]}"
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return name


def names_in(client: "S3Client", bucket: str) -> list[str]:
    """The names of all objects in the bucket."""
    return [each["Key"] for each in client.list_objects_v2(Bucket=bucket).get("Contents", ())]
