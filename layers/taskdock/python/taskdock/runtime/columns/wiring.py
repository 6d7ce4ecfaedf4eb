"""Puts together what broad queries and compactions need; each member is made on first use."""

import time
from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import everywhere
from taskdock.runtime.settings import Settings, required
from taskdock.use_cases.changes.change_log import ChangeLog
from taskdock.use_cases.ports import TaskStore

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient

    from taskdock.use_cases.columns.column_store import ColumnStore
    from taskdock.use_cases.columns.columns import Columns
    from taskdock.use_cases.columns.compacting import Compactor

type Client = Callable[[str, str | None], Any]
"""Makes the client of an AWS service at an endpoint."""


class ColumnWiring:
    """The dependencies of everything that has to do with columns."""

    def __init__(
        self,
        settings: Settings,
        table: "DynamoDBClient",
        client: Client,
        store: TaskStore,
        log: ChangeLog,
        stamp: Callable[[], Instant | None],
    ) -> None:
        self._settings = settings
        self._table = table
        self._client = client
        self._store = store
        self._log = log
        self._stamp = stamp

    @cached_property
    def queries(self) -> "Columns":
        """What answers queries."""
        from taskdock.adapters.lambda_compactions import LambdaCompactions
        from taskdock.runtime.explanations import columns_unusable
        from taskdock.use_cases.columns.columns import Columns

        endpoint = self._settings.aws_endpoint_url
        function = required(self._settings.compaction_function, "COMPACTION_FUNCTION")
        compactions = LambdaCompactions(lambda: self._client("lambda", endpoint), function)
        return Columns(
            self._columns,
            self._log,
            compactions,
            self._settings.ended_task_days,
            _real_time,
            tell=partial(columns_unusable, namespace=self._settings.metrics_namespace),
        )

    @cached_property
    def compactor(self) -> "Compactor":
        """What makes columns."""
        from taskdock.use_cases.columns.compacting import Compactor

        days = self._settings.ended_task_days
        return Compactor(self._columns, self._store, self._log, self._stamp, days)

    def forget(self) -> None:
        """Remove the columns of all tenants: something was erased."""
        from taskdock.use_cases.columns.forgetting import forget_columns

        forget_columns(self._columns, everywhere(self._store.tenants()))

    @cached_property
    def _columns(self) -> "ColumnStore":
        from taskdock.adapters.s3_columns import S3ColumnStore

        return S3ColumnStore(
            lambda: self._client("s3", self._settings.aws_endpoint_url),
            required(self._settings.column_bucket, "COLUMN_BUCKET"),
            self._table,
            required(self._settings.table_name, "TABLE_NAME"),
        )


def _real_time() -> Instant:
    """What writers stamp changes with, whatever time the local environment shows."""
    return Instant(time.time_ns() // 1_000_000)
