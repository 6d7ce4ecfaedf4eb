"""The functions' settings, from environment variables; no other module reads them.

The environment variable of a field is the field's name in upper case.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

from taskdock.domain.access import Authorization


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars for a million of each (the defaults: on demand, us-east-1, arm64)."""

    read_units: float = 0.125
    requests: float = 1.2
    """An API Gateway request and the function's invocation."""
    gigabyte_seconds: float = 13.3334


class InvalidSetting(Exception):
    """An environment variable is missing or invalid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a deployment. An empty variable counts as absent."""

    table_name: str | None = None
    event_bus_name: str | None = None
    attachment_bucket: str | None = None
    column_bucket: str | None = None
    """The bucket for open tasks as columns; without it, broad queries read all of them."""
    compaction_function: str | None = None
    """Name of the function that makes columns."""
    user_pool_id: str | None = None
    identity_provider_url: str | None = None
    people_client_id: str | None = None
    """The app client through which people sign in."""
    login_url: str | None = None
    """The address of the sign-in pages, where the deployment knows it."""
    expressions_enabled: bool = True
    """Whether queries may carry expressions (docs/api.md, D12)."""
    authorization: Authorization = Authorization.OPEN
    """Who sees the tasks of a tenant."""
    supervisor_groups: frozenset[str] = frozenset({"camunda-admin"})
    """Groups whose members see and change every task of their tenants."""
    tenant_required: bool = False
    """Whether every task has a tenant; tasks without one are refused."""
    reference_statuses: bool = False
    """Whether an unknown task and a conflict have Camunda 7's statuses (docs/api.md, D3, D4)."""
    keep_changes: bool = True
    """Whether every change of a task is kept in an index, for readers of what changed."""
    max_read_units: int = 2_000
    """Read units that one query may spend."""
    prices: Prices = Prices()
    """Prices for explained answers."""
    ended_task_days: int = 90
    """Days for which an ended task is kept."""
    log_retention_days: int = 30
    """Days for which logs are kept; the answer to an erasure says so."""
    base_path: str = ""
    """The context path in front of every route, such as `/engine-rest`."""
    scope_prefix: str = "taskdock"
    """What the deployment's scopes start with: the resource server's identifier."""
    metrics_namespace: str = "taskdock"
    """CloudWatch's namespace for the figures of queries."""
    failure_queue_url: str | None = None
    """Address of the queue for changes that can never be published."""

    # Of workers, which use the API from outside.
    api_url: str | None = None
    """The API's address, without a context path."""
    client_secret_id: str | None = None
    """Name of the secret with the worker's client id and client secret."""

    # Of the local service.
    dynamodb_endpoint: str | None = None
    aws_endpoint_url: str | None = None
    """Endpoint of all AWS services except DynamoDB."""
    local_now: int | None = None
    """Epoch milliseconds at which the clock stands still."""
    local_index_table: str | None = None
    """Name of the table whose indexes are read, where they follow the table with a delay."""
    local_caller: str | None = None
    """The caller under `sam local`, which checks no token: a user, then the user's groups,
    separated by blanks."""
    aws_sam_local: bool = False
    """SAM's own mark that a function runs under `sam local`."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """The settings from these variables; raises `InvalidSetting` naming a bad one."""
        given = environment.get
        return cls(
            table_name=given("TABLE_NAME") or None,
            event_bus_name=given("EVENT_BUS_NAME") or None,
            attachment_bucket=given("ATTACHMENT_BUCKET") or None,
            column_bucket=given("COLUMN_BUCKET") or None,
            compaction_function=given("COMPACTION_FUNCTION") or None,
            user_pool_id=given("USER_POOL_ID") or None,
            identity_provider_url=given("IDENTITY_PROVIDER_URL") or None,
            people_client_id=given("PEOPLE_CLIENT_ID") or None,
            login_url=given("LOGIN_URL") or None,
            expressions_enabled=_truth(environment, "EXPRESSIONS_ENABLED", default=True),
            authorization=_authorization(environment, "AUTHORIZATION"),
            supervisor_groups=frozenset(given("SUPERVISOR_GROUPS", "camunda-admin").split()),
            tenant_required=_truth(environment, "TENANT_REQUIRED", default=False),
            reference_statuses=_truth(environment, "REFERENCE_STATUSES", default=False),
            keep_changes=_truth(environment, "KEEP_CHANGES", default=True),
            max_read_units=_whole(environment, "MAX_READ_UNITS", default=2_000),
            prices=_prices(environment, "PRICES"),
            ended_task_days=_whole(environment, "ENDED_TASK_DAYS", default=90),
            log_retention_days=_whole(environment, "LOG_RETENTION_DAYS", default=30),
            base_path=given("BASE_PATH", "").rstrip("/"),
            scope_prefix=given("SCOPE_PREFIX") or "taskdock",
            metrics_namespace=given("METRICS_NAMESPACE") or "taskdock",
            failure_queue_url=given("FAILURE_QUEUE_URL") or None,
            api_url=given("API_URL") or None,
            client_secret_id=given("CLIENT_SECRET_ID") or None,
            dynamodb_endpoint=given("DYNAMODB_ENDPOINT") or None,
            aws_endpoint_url=given("AWS_ENDPOINT_URL") or None,
            local_now=_whole(environment, "LOCAL_NOW", default=None),
            local_index_table=given("LOCAL_INDEX_TABLE") or None,
            local_caller=given("LOCAL_CALLER") or None,
            aws_sam_local=_truth(environment, "AWS_SAM_LOCAL", default=False),
        )


def is_initialized_ahead(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether Lambda makes this instance before a request needs it: for a snapshot, or as
    provisioned concurrency.
    """
    kind = environment.get("AWS_LAMBDA_INITIALIZATION_TYPE")
    return kind in ("snap-start", "provisioned-concurrency")


def required(value: str | None, name: str) -> str:
    """`value`, if it is set; raises `InvalidSetting` naming the variable."""
    if value is None:
        raise InvalidSetting(f"{name} is not set")
    return value


def _truth(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = environment.get(name)
    if not text:
        return default
    if text not in ("true", "false"):
        raise InvalidSetting(f"{name}: expected true or false, got {text!r}")
    return text == "true"


def _authorization(environment: Mapping[str, str], name: str) -> Authorization:
    text = environment.get(name) or Authorization.OPEN
    try:
        return Authorization(text)
    except ValueError:
        known = " or ".join(Authorization)
        raise InvalidSetting(f"{name}: expected {known}, got {text!r}") from None


def _whole[Default: int | None](
    environment: Mapping[str, str], name: str, *, default: Default
) -> int | Default:
    text = environment.get(name)
    if not text:
        return default
    if not (text.isascii() and text.isdigit()):
        raise InvalidSetting(f"{name}: expected a whole number, got {text!r}")
    return int(text)


def _prices(environment: Mapping[str, str], name: str) -> Prices:
    """Prices written as `read_units=0.125 requests=1.2`; what is left out has its default."""
    text = environment.get(name) or ""
    try:
        return Prices(**{key: float(price) for key, price in map(_pair, text.split())})
    except (TypeError, ValueError):
        known = ", ".join(each.name for each in fields(Prices))
        raise InvalidSetting(f"{name}: expected name=dollars of {known}, got {text!r}") from None


def _pair(text: str) -> tuple[str, str]:
    key, _, price = text.partition("=")
    return key, price
