"""Contents of attachments, each an object in a bucket."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError, IncompleteReadError

from taskdock.adapters.outages import reaching, unavailable

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client

_BUCKET: Final = "store of attachments"
"""The name of this dependency in error messages."""


class S3Contents:
    """`Contents` in a bucket. Threads may share one.

    The client is made on first use: most requests need only the table.
    """

    def __init__(self, client: Callable[[], "S3Client"], bucket: str) -> None:
        self._client = cache(client)
        self._bucket = bucket

    def put(self, name: str, content: bytes) -> None:
        """See `Contents.put`."""
        with reaching(_BUCKET):
            self._client().put_object(
                Bucket=self._bucket,
                Key=name,
                Body=content,
                ContentType="application/octet-stream",
            )

    def get(self, name: str) -> bytes | None:
        """See `Contents.get`."""
        try:
            with reaching(_BUCKET):
                return self._client().get_object(Bucket=self._bucket, Key=name)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                return None
            raise
        except IncompleteReadError as error:
            raise unavailable(_BUCKET) from error

    def remove(self, name: str) -> None:
        """See `Contents.remove`."""
        with reaching(_BUCKET):
            self._client().delete_object(Bucket=self._bucket, Key=name)
