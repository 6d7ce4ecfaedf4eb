"""The template's resources on emulators."""

import json
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any, Final

from local.buckets import make_buckets
from local.clients import Clients
from local.console import say
from local.delayed_indexes import SUFFIX, DelayedIndexes
from local.direct_invocations import DirectInvocations
from local.dynoxide import Dynoxide, Unavailable, find
from local.embedded_aws import EmbeddedAws
from local.event_bus import Listener, make_buses, make_queues, make_rules
from local.kept_objects import KeptObjects
from local.secret_store import make_secrets
from local.settings import CannotStart, LocalSettings, Store
from local.stream_positions import StreamPositions
from local.table import ensure_layout, ensure_table
from local.table_stream import TableStream
from local.template import Template
from local.user_pool import UserPool, make_user_pool

SMALL_TRIES_ONLY: Final = (
    "moto, for small tries only: it is slow, forgets everything at the end and can lose updates"
    " of concurrent callers"
)
_FILE: Final = "tasks.db"
_POSITIONS: Final = "stream-positions.json"
_OBJECTS: Final = "objects"


@dataclass(frozen=True, slots=True)
class Cloud:
    """The resources that were made."""

    endpoint: str
    """The endpoint of every service but the table's."""
    table_endpoint: str
    store: str
    """The name of the table's emulator, for the console."""
    open_stream: Callable[[str], TableStream]
    """The table's stream for a reader of that name, from where the reader was at the last end."""
    positions: StreamPositions
    """How far the stream's readers have come."""
    index_table: str | None
    """The table whose indexes are read, where they are delayed; None: the table itself."""
    pool: UserPool
    key_set: Mapping[str, Any]
    """The public keys that the pool's tokens are verified with."""
    listeners: tuple[Listener, ...]
    invocations: DirectInvocations
    """The functions that others invoke by name."""
    queues: Mapping[str, str]
    """The addresses of the template's queues, by ARN."""
    sqs: Any


def make_cloud(template: Template, settings: LocalSettings, resources: ExitStack) -> Cloud:
    """The template's resources, whose names the template then has. They exist until `resources`
    closes. Raises `CannotStart` when one cannot be made.
    """
    table_endpoint, store = _table_endpoint(settings, resources)
    objects = (
        KeptObjects(settings.folder / _OBJECTS) if _is_kept(settings, table_endpoint) else None
    )
    invocations = DirectInvocations()
    endpoint = resources.enter_context(EmbeddedAws(objects, invocations)).endpoint
    clients = Clients()
    sqs = clients.client("sqs", endpoint)
    queues = make_queues(template, sqs)
    events = clients.client("events", endpoint)
    listeners = tuple(Listener(bus, events, sqs) for bus in make_buses(template, events))
    make_rules(template, events)
    table = _make_table(template, clients, table_endpoint or endpoint)
    kept = settings.folder / _POSITIONS if objects is not None else None
    positions = StreamPositions(kept, table.stream_arn)
    index_table = _delayed(table, settings.index_delay, resources)
    s3 = clients.client("s3", endpoint)
    buckets = make_buckets(template, s3)
    if objects is not None:
        objects.restore(s3, buckets)
    cognito = clients.client("cognito-idp", endpoint)
    pool = make_user_pool(template, cognito, settings.users)
    make_secrets(template, clients.client("secretsmanager", endpoint))
    key_set = _json_at(f"{endpoint}/{pool.id}/.well-known/jwks.json")
    return Cloud(
        endpoint=endpoint,
        table_endpoint=table_endpoint or endpoint,
        store=store,
        open_stream=lambda reader: _opened(table, positions, reader),
        positions=positions,
        index_table=index_table,
        pool=pool,
        key_set=key_set,
        listeners=listeners,
        invocations=invocations,
        queues=queues,
        sqs=sqs,
    )


def _table_endpoint(settings: LocalSettings, resources: ExitStack) -> tuple[str | None, str]:
    """The table's endpoint (None: moto), and its name for the console."""
    if settings.dynamodb_endpoint:
        return settings.dynamodb_endpoint, settings.dynamodb_endpoint
    if settings.store is Store.MOTO:
        return None, SMALL_TRIES_ONLY
    try:
        program = find(settings.folder)
    except Unavailable as reason:
        if settings.store is Store.DYNOXIDE:
            raise CannotStart(f"STORE=dynoxide: {reason}") from None
        say(str(reason))
        return None, SMALL_TRIES_ONLY
    file = None if settings.in_memory else settings.folder / _FILE
    server = resources.enter_context(Dynoxide(program, file))
    return server.endpoint, f"dynoxide, {'in memory' if file is None else file}"


@dataclass(frozen=True, slots=True)
class _Table:
    client: Any
    streams: Any
    name: str
    stream_arn: str
    properties: Mapping[str, Any]


def _make_table(template: Template, clients: Clients, endpoint: str) -> _Table:
    """The template's one table."""
    [(logical_id, properties)] = template.resources("AWS::DynamoDB::Table").items()
    name = template.physical_name(logical_id)
    client = clients.client("dynamodb", endpoint)
    table = ensure_table(client, name, template.resolve(properties))
    chosen = str(_chosen(template, "Authorization", "open"))
    keeps = _chosen(template, "KeepChanges", "true") == "true"
    ensure_layout(client, name, table, chosen, keeps_changes=keeps)
    stream_arn: str = table.get("LatestStreamArn", "")
    template.learn(logical_id, name, Arn=table["TableArn"], StreamArn=stream_arn)
    streams = clients.client("dynamodbstreams", endpoint)
    return _Table(client, streams, name, stream_arn, template.resolve(properties))


def _chosen(template: Template, parameter: str, otherwise: str) -> Any:
    """What the parameter says in a template that has it."""
    has = parameter in template.section("Parameters")
    return template.resolve({"Ref": parameter}) if has else otherwise


def _is_kept(settings: LocalSettings, table_endpoint: str | None) -> bool:
    """Whether tasks outlive the service, in a file of its own."""
    is_ours = settings.dynamodb_endpoint is None and table_endpoint is not None
    return is_ours and not settings.in_memory


def _opened(table: _Table, positions: StreamPositions, reader: str) -> TableStream:
    if not positions.is_kept:
        return TableStream(table.streams, table.stream_arn)
    stream = TableStream(table.streams, table.stream_arn, positions.of(reader))
    if not positions.is_known:
        stream.skip()  # what was written before there were positions was delivered then
    return stream


def _delayed(table: _Table, milliseconds: int, resources: ExitStack) -> str | None:
    """The second table's name, while it follows the first one."""
    if not milliseconds:
        return None
    name = f"{table.name}{SUFFIX}"
    without_stream = {**table.properties}
    without_stream.pop("StreamSpecification", None)
    with suppress(table.client.exceptions.ResourceNotFoundException):
        table.client.delete_table(TableName=name)
    ensure_table(table.client, name, without_stream)
    stream = TableStream(table.streams, table.stream_arn)
    follower = DelayedIndexes(table.client, table.name, stream, milliseconds)
    follower.start()
    resources.callback(follower.stop)
    return name


def _json_at(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - moto's own address
        return json.load(answer)
