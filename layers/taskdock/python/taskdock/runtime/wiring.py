"""The functions' dependencies: the only place that makes AWS clients, each on first use.

AWS' library and what is built on it are imported on first use too: a cold start pays for them
only when a request needs them.
"""

import time
from functools import cache, cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from taskdock.domain.caller import split_memberships
from taskdock.domain.instants import Instant
from taskdock.runtime.settings import Settings, required
from taskdock.use_cases.ports import (
    Contents,
    Directory,
    People,
    ServiceRegistry,
    TaskStore,
)
from taskdock.use_cases.services.known_services import KnownServices
from taskdock.use_cases.services.programs import KnownPrograms, ProgramRegistry

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient

    # Only a few functions need to load them.
    from taskdock.adapters.dynamodb.changes.change_keeping import ChangeKeeping
    from taskdock.adapters.dynamodb.changes.writer_clock import WriterClock
    from taskdock.runtime.columns.wiring import ColumnWiring
    from taskdock.use_cases.changes.change_log import ChangeLog
    from taskdock.use_cases.filters.filter_store import FilterStore
    from taskdock.use_cases.forms.registry import FormRegistry, KnownForms
    from taskdock.use_cases.publishing_ports import EventBus, FailureQueue
    from taskdock.use_cases.services.task_api import TaskApi


class Wiring:
    """Everything a function needs from outside. Each member is made once, on first use."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def store(self) -> TaskStore:
        """The table."""
        from taskdock.adapters.dynamodb.task_store import DynamoDbTaskStore

        return DynamoDbTaskStore(
            self._table,
            required(self.settings.table_name, "TABLE_NAME"),
            ended_task_days=self.settings.ended_task_days,
            authorization=self.settings.authorization,
            index_table=self.settings.local_index_table,
            stamp=self._keeping.stamp,
        )

    @cached_property
    def change_log(self) -> "ChangeLog":
        """What the table's indexes say of changes."""
        from taskdock.adapters.dynamodb.changes.change_log import DynamoDbChangeLog

        table_name = required(self.settings.table_name, "TABLE_NAME")
        return DynamoDbChangeLog(self._table, table_name, self.settings.local_index_table)

    @cached_property
    def columns(self) -> "ColumnWiring | None":
        """The open tasks as columns; None where there are none."""
        if not self.settings.keep_changes or self.settings.column_bucket is None:
            return None
        from taskdock.runtime.columns.wiring import ColumnWiring

        parts = self.store, self.change_log, self._keeping.stamp
        return ColumnWiring(self.settings, self._table, _client, *parts)

    @cached_property
    def services(self) -> ServiceRegistry:
        """The registered services, read from the table."""
        from taskdock.adapters.dynamodb.service_registry import DynamoDbServiceRegistry

        table_name = required(self.settings.table_name, "TABLE_NAME")
        return DynamoDbServiceRegistry(self._table, table_name)

    @cached_property
    def filters(self) -> "FilterStore":
        """The stored filters, kept in the table."""
        from taskdock.adapters.dynamodb.filter_store import DynamoDbFilterStore

        table_name = required(self.settings.table_name, "TABLE_NAME")
        return DynamoDbFilterStore(self._table, table_name)

    @cached_property
    def known_services(self) -> KnownServices:
        """The registered services, at most a minute old."""
        return KnownServices(self.services)

    @cached_property
    def programs(self) -> ProgramRegistry:
        """The registered programs, read from the table."""
        from taskdock.adapters.dynamodb.program_registry import DynamoDbProgramRegistry

        table_name = required(self.settings.table_name, "TABLE_NAME")
        return DynamoDbProgramRegistry(self._table, table_name)

    @cached_property
    def known_programs(self) -> KnownPrograms:
        """The registered programs, at most a minute old."""
        return KnownPrograms(self.programs)

    @cached_property
    def forms(self) -> "FormRegistry":
        """The registered forms, read from the table."""
        from taskdock.adapters.dynamodb.form_registry import DynamoDbFormRegistry

        table_name = required(self.settings.table_name, "TABLE_NAME")
        return DynamoDbFormRegistry(self._table, table_name)

    @cached_property
    def known_forms(self) -> "KnownForms":
        """The registered forms, at most a minute old."""
        from taskdock.use_cases.forms.registry import KnownForms

        return KnownForms(self.forms)

    @cached_property
    def directory(self) -> Directory:
        """The users' groups."""
        from taskdock.adapters.cognito_directory import CognitoDirectory

        client = _client("cognito-idp", self.settings.aws_endpoint_url)
        return CognitoDirectory(client, required(self.settings.user_pool_id, "USER_POOL_ID"))

    @cached_property
    def people(self) -> People:
        """The users and groups."""
        from taskdock.adapters.cognito_people import CognitoPeople

        client = _client("cognito-idp", self.settings.aws_endpoint_url)
        return CognitoPeople(client, required(self.settings.user_pool_id, "USER_POOL_ID"))

    @cached_property
    def contents(self) -> Contents:
        """The content of attachments."""
        from taskdock.adapters.s3_contents import S3Contents

        bucket = required(self.settings.attachment_bucket, "ATTACHMENT_BUCKET")
        return S3Contents(lambda: _client("s3", self.settings.aws_endpoint_url), bucket)

    @cached_property
    def bus(self) -> "EventBus":
        """The bus for task events."""
        from taskdock.adapters.event_bus import EventBridge

        client = _client("events", self.settings.aws_endpoint_url)
        return EventBridge(client, required(self.settings.event_bus_name, "EVENT_BUS_NAME"))

    @cached_property
    def failure_queue(self) -> "FailureQueue":
        """The queue for changes that can never be published."""
        from taskdock.adapters.failure_queue import SqsFailureQueue

        client = _client("sqs", self.settings.aws_endpoint_url)
        url = required(self.settings.failure_queue_url, "FAILURE_QUEUE_URL")
        return SqsFailureQueue(client, url)

    @cached_property
    def task_api(self) -> "TaskApi":
        """The public API, for a worker."""
        from taskdock.adapters.http_task_api import HttpTaskApi
        from taskdock.adapters.machine_token import MachineToken

        settings = self.settings
        token = MachineToken(
            _client("secretsmanager", settings.aws_endpoint_url),
            required(settings.client_secret_id, "CLIENT_SECRET_ID"),
            required(settings.identity_provider_url, "IDENTITY_PROVIDER_URL"),
        )
        return HttpTaskApi(required(settings.api_url, "API_URL"), token)

    def groups_of(self, user: str) -> tuple[str, ...]:
        """The candidate groups of a user; none for one the directory does not know.

        Raises `TemporarilyUnavailable` when the directory cannot be asked.
        """
        groups, _ = split_memberships(self.directory.memberships(user))
        return groups

    def now(self) -> Instant:
        """The current time; the local environment can stop it."""
        stopped = self.settings.local_now
        return Instant(time.time_ns() // 1_000_000 if stopped is None else stopped)

    def change_time(self) -> Instant:
        """The time by which changes are kept: the real one, even where the clock is stopped. Raises
        `TemporarilyUnavailable` while it differs from the table's."""
        return self._writer_clock.now()

    def get_ready(self) -> None:
        """Make the table's client before the first request, because nearly every request needs
        it."""
        if self.settings.table_name is not None:
            _ = self._dynamodb
            import_module("taskdock.adapters.dynamodb.task_store")
            import_module("taskdock.adapters.dynamodb.layout")
        import_module("taskdock.domain.expressions.grammar")
        import_module("taskdock.domain.expressions.evaluation")

    @cached_property
    def _table(self) -> "DynamoDBClient":
        """The table's client, once the table has turned out to have this version's layout."""
        from taskdock.adapters.dynamodb.layout import check_layout

        name, keeping = required(self.settings.table_name, "TABLE_NAME"), self._keeping
        keeps = self.settings.keep_changes
        found = check_layout(self._dynamodb, name, self.settings.authorization, keeps_changes=keeps)
        keeping.looked(found)
        return self._dynamodb

    @cached_property
    def _keeping(self) -> "ChangeKeeping":
        from taskdock.adapters.dynamodb.changes.change_keeping import ChangeKeeping

        name, is_on = required(self.settings.table_name, "TABLE_NAME"), self.settings.keep_changes
        return ChangeKeeping(self._dynamodb, name, clock=self._writer_clock, is_on=is_on)

    @cached_property
    def _writer_clock(self) -> "WriterClock":
        from taskdock.adapters.dynamodb.changes.writer_clock import WriterClock

        return WriterClock(self._dynamodb)

    @cached_property
    def _dynamodb(self) -> "DynamoDBClient":
        endpoint = self.settings.dynamodb_endpoint or self.settings.aws_endpoint_url
        client: DynamoDBClient = _table_client(endpoint)
        return client


def deployed() -> Wiring:
    """The wiring for the current environment variables; one object as long as they are equal."""
    return _wired(Settings.from_environment())


@cache
def _wired(settings: Settings) -> Wiring:
    return Wiring(settings)


def _table_client(endpoint: str | None) -> Any:
    """A client of DynamoDB for many small requests and large pages.

    Requests are made by this code alone, from checked values, so their parameters are not checked
    once more; a user agent that is given is not put together for each request.
    """
    from taskdock.adapters.dynamodb.page_parser import PageParserFactory

    session = _session("dynamodb")
    session.register_component("response_parser_factory", PageParserFactory())
    agent = session.user_agent()
    config = _config(parameter_validation=False, user_agent=agent)
    return session.create_client("dynamodb", endpoint_url=endpoint, config=config)


def _client(service: str, endpoint: str | None) -> Any:
    return _session(service).create_client(service, endpoint_url=endpoint, config=_config())


def _session(service: str) -> Any:
    from botocore.loaders import Loader
    from botocore.session import Session

    class OneService(Loader):
        """Names the one service that is wanted: botocore reads 440 folders to name them all."""

        def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002
            """See `Loader.list_available_services`."""
            return [service]

    session = Session()
    session.register_component("data_loader", OneService())
    return session


def _config(**settings: Any) -> Any:
    from botocore.config import Config

    # Three attempts have to fit into the time API Gateway waits; a query reads its partitions
    # side by side, each over a connection of its own.
    return Config(
        connect_timeout=1,
        read_timeout=5,
        retries={"mode": "standard", "total_max_attempts": 3},
        max_pool_connections=32,
        **settings,
    )
