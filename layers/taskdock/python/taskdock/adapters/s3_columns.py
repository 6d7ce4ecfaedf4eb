"""Columns: objects in a bucket, and the heads that name them in the table."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from botocore.exceptions import ClientError, IncompleteReadError

from taskdock.adapters.dynamodb import column_keys
from taskdock.adapters.dynamodb.task_items import TABLE, Item, attributes, epoch_seconds
from taskdock.adapters.outages import reaching, unavailable
from taskdock.domain.columns.manifest import Head
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import Tenant
from taskdock.use_cases.columns.column_store import Kept, Work

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient
    from types_boto3_s3.client import S3Client

_BUCKET: Final = "store of columns"
"""The name of this dependency in error messages."""

_BATCH: Final = 100
"""How many items one request may name."""

_OBJECTS: Final = 1000
"""How many objects one request may remove."""

_DAY: Final = 24 * 60 * 60 * 1000


class S3ColumnStore:
    """`ColumnStore` in a bucket and a table. Threads may share one.

    The bucket's client is made on first use: most queries are not broad.
    """

    def __init__(
        self,
        s3: Callable[[], "S3Client"],
        bucket: str,
        table: "DynamoDBClient",
        table_name: str,
    ) -> None:
        self._s3 = cache(s3)
        self._bucket = bucket
        self._table = table
        self._table_name = table_name

    def heads(self, tenants: Sequence[Tenant]) -> Mapping[Tenant, Head]:
        """See `ColumnStore.heads`. They may be those of a moment ago, which are as good."""
        found: dict[Tenant, Head] = {}
        for start in range(0, len(tenants), _BATCH):
            by_key = {
                column_keys.head_key(each)["PK"]: each for each in tenants[start : start + _BATCH]
            }
            wanted = [attributes(column_keys.head_key(each)) for each in by_key.values()]
            with reaching(TABLE):
                answer = self._table.batch_get_item(
                    RequestItems={self._table_name: {"Keys": wanted}}
                )
            if answer["UnprocessedKeys"]:
                raise unavailable(TABLE)
            for item in answer["Responses"].get(self._table_name, ()):
                found[by_key[item["PK"]["S"]]] = _head(item)
        return found

    def swap(self, tenant: Tenant, head: Head, owner: str) -> bool:
        """See `ColumnStore.swap`."""
        values: dict[str, str | int] = {
            **column_keys.head_key(tenant),
            "manifest": head.manifest,
            "checksum": head.checksum,
            "cut": head.cut,
            "number": head.number,
        }
        put: Any = {"TableName": self._table_name, "Item": attributes(values)}
        if head.number == 1:
            put |= {"ConditionExpression": "attribute_not_exists(PK)"}
        else:
            put |= {
                "ConditionExpression": "#number = :before",
                "ExpressionAttributeNames": {"#number": "number"},
                "ExpressionAttributeValues": attributes({":before": head.number - 1}),
            }
        try:
            with reaching(TABLE):
                self._table.transact_write_items(
                    TransactItems=[{"ConditionCheck": self._of(tenant, owner)}, {"Put": put}]
                )
        except ClientError as error:
            reasons = error.response.get("CancellationReasons", ())
            if not any(each.get("Code") == "ConditionalCheckFailed" for each in reasons):
                raise unavailable(TABLE) from error
            return False
        return True

    def drop(self, tenant: Tenant) -> None:
        """See `ColumnStore.drop`."""
        # First the work: once it is gone, no head is made of it.
        for key in (column_keys.compaction_key(tenant), column_keys.head_key(tenant)):
            with reaching(TABLE):
                self._table.delete_item(TableName=self._table_name, Key=attributes(key))

    def begin(self, tenant: Tenant, work: Work, now: Instant) -> Work | None:
        """See `ColumnStore.begin`."""
        with reaching(TABLE):
            found = self._table.get_item(
                TableName=self._table_name,
                Key=attributes(column_keys.compaction_key(tenant)),
                ConsistentRead=True,
            ).get("Item")
        is_ours = self._note(
            tenant,
            work,
            "attribute_not_exists(PK) OR #until <= :now OR #owner = :owner",
            {"#until": "until", "#owner": "owner"},
            {":now": now, ":owner": work.owner},
        )
        if not is_ours:
            return None
        return work if found is None else work._replace(progress=found["progress"]["S"])

    def go_on(self, tenant: Tenant, work: Work) -> bool:
        """See `ColumnStore.go_on`."""
        return self._note(
            tenant, work, "#owner = :owner", {"#owner": "owner"}, {":owner": work.owner}
        )

    def end(self, tenant: Tenant, owner: str) -> None:
        """See `ColumnStore.end`."""
        try:
            with reaching(TABLE):
                self._table.delete_item(**self._of(tenant, owner))
        except ClientError as error:
            if not _is_unmet(error):
                raise

    def put(self, tenant: Tenant, content: bytes) -> str:
        """See `ColumnStore.put`."""
        name = f"{column_keys.column_prefix(tenant)}{uuid4().hex}"
        with reaching(_BUCKET):
            self._s3().put_object(
                Bucket=self._bucket,
                Key=name,
                Body=content,
                ContentType="application/octet-stream",
            )
        return name

    def read(self, name: str, offset: int = 0, length: int | None = None) -> bytes | None:
        """See `ColumnStore.read`."""
        part: Any = {} if length is None else {"Range": f"bytes={offset}-{offset + length - 1}"}
        try:
            with reaching(_BUCKET):
                answer = self._s3().get_object(Bucket=self._bucket, Key=name, **part)
                return answer["Body"].read()
        except ClientError as error:
            match error.response["Error"]["Code"]:
                case "NoSuchKey":
                    return None
                case "InvalidRange":  # the object ends before the part begins
                    return b""
            raise
        except IncompleteReadError as error:
            raise unavailable(_BUCKET) from error

    def objects(self, tenant: Tenant) -> Iterator[Kept]:
        """See `ColumnStore.objects`."""
        request: Any = {"Bucket": self._bucket, "Prefix": column_keys.column_prefix(tenant)}
        while True:
            with reaching(_BUCKET):
                answer = self._s3().list_objects_v2(**request)
            for each in answer.get("Contents", ()):
                yield Kept(each["Key"], Instant(int(each["LastModified"].timestamp() * 1000)))
            if not answer.get("NextContinuationToken"):
                return
            request["ContinuationToken"] = answer["NextContinuationToken"]

    def remove(self, names: Sequence[str]) -> None:
        """See `ColumnStore.remove`."""
        for start in range(0, len(names), _OBJECTS):
            some = [{"Key": name} for name in names[start : start + _OBJECTS]]
            with reaching(_BUCKET):
                self._s3().delete_objects(
                    Bucket=self._bucket,
                    Delete={"Objects": some, "Quiet": True},  # type: ignore[typeddict-item]
                )

    def _of(self, tenant: Tenant, owner: str) -> Any:
        """The item of the owner's work, given that it is noted."""
        return {
            "TableName": self._table_name,
            "Key": attributes(column_keys.compaction_key(tenant)),
            "ConditionExpression": "#owner = :owner",
            "ExpressionAttributeNames": {"#owner": "owner"},
            "ExpressionAttributeValues": attributes({":owner": owner}),
        }

    def _note(
        self,
        tenant: Tenant,
        work: Work,
        condition: str,
        names: Mapping[str, str],
        operands: Mapping[str, str | int],
    ) -> bool:
        """Note the work, if the condition holds; whether it did."""
        values: dict[str, str | int] = {
            **column_keys.compaction_key(tenant),
            "owner": work.owner,
            "until": work.until,
            "progress": work.progress,
            "expires": epoch_seconds(Instant(work.until + _DAY)),
        }
        try:
            with reaching(TABLE):
                self._table.put_item(
                    TableName=self._table_name,
                    Item=attributes(values),
                    ConditionExpression=condition,
                    ExpressionAttributeNames=names,
                    ExpressionAttributeValues=attributes(operands),
                )
        except ClientError as error:
            if _is_unmet(error):
                return False
            raise
        return True


def _is_unmet(error: ClientError) -> bool:
    return error.response["Error"]["Code"] == "ConditionalCheckFailedException"


def _head(item: Item) -> Head:
    return Head(
        item["manifest"]["S"],
        int(item["checksum"]["N"]),
        Instant(int(item["cut"]["N"])),
        int(item["number"]["N"]),
    )
