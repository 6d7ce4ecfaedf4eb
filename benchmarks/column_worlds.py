"""Tables whose open tasks are columns, too, made by the function that makes them in a deployment.

The columns are in a bucket of moto's, and `compact_columns` runs in the real Lambda runtime.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.changes.change_keeping import EVER, SINCE
from taskdock.adapters.dynamodb.task_items import attributes
from taskdock.domain.query.read_specs import Tenant

from benchmarks.query_costs import settings_for
from local.embedded_aws import EmbeddedAws
from tests.support.deployed_functions import functions_on, runtimes
from tests.support.object_stores import a_bucket, s3_client
from tests.support.real_runtime import RealRuntime
from tests.support.tables import Table

_PATIENCE = 900.0
"""Seconds that the function has for one compaction."""


@dataclass(frozen=True, slots=True)
class Built:
    """What making the columns of all tenants took."""

    milliseconds: float
    """All calls of the function together, the start of its process apart."""
    megabytes: float
    """The most memory that its process had."""
    bytes: int
    objects: int


@dataclass(frozen=True, slots=True)
class ColumnWorld:
    """A table with columns."""

    settings: Mapping[str, Any]
    """Of a function that has the columns."""
    query_tasks: RealRuntime
    """That function in the real runtime, not started yet; each start is a new process."""
    built: Built


@contextmanager
def with_columns(table: Table, tenants: Sequence[Tenant] = (None,)) -> Iterator[ColumnWorld]:
    """The world of a table of which the columns of these tenants were just made."""
    table.client.update_item(
        TableName=table.name,
        Key=attributes(keys.LAYOUT),
        UpdateExpression="SET #since = :since",
        ExpressionAttributeNames={"#since": SINCE},
        ExpressionAttributeValues=attributes({":since": EVER}),
    )
    with EmbeddedAws() as aws:
        s3 = s3_client(aws.endpoint)
        bucket = a_bucket(s3)
        functions = functions_on(table.name, table.endpoint, aws.endpoint, {"ColumnBucket": bucket})
        settings = {
            **settings_for(table),
            "column_bucket": bucket,
            "compaction_function": "nobody",
            "aws_endpoint_url": aws.endpoint,
        }
        of_queries = {
            "LOCAL_NOW": str(settings["local_now"]),
            "MAX_READ_UNITS": str(settings["max_read_units"]),
        }
        with runtimes(functions)["compact_columns"] as compact_columns:
            for tenant in tenants:
                said = compact_columns.invoke({"tenant": tenant, "anew": False}, _PATIENCE)
                if said != {"outcome": "made"}:
                    raise SystemExit(f"the columns could not be made: {said}")
            milliseconds = sum(compact_columns.milliseconds)
            megabytes = compact_columns.peak_megabytes
        objects = s3.list_objects_v2(Bucket=bucket)["Contents"]
        size = sum(each["Size"] for each in objects)
        built = Built(milliseconds, megabytes, size, len(objects))
        yield ColumnWorld(settings, runtimes(functions, of_queries)["query_tasks"], built)
