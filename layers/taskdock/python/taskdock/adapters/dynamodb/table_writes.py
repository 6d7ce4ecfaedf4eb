"""Conditional writes: single ones, transactions, and the errors of refused conditions."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from botocore.exceptions import ClientError

from taskdock.adapters.dynamodb.task_items import TABLE, Item
from taskdock.adapters.outages import reaching, unavailable
from taskdock.domain.errors import InvalidRequest
from taskdock.use_cases.backoff import pause

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient
    from types_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

TRANSACTION_ITEMS: Final = 100
"""How many items one transaction may write."""

TRANSACTION_BYTES: Final = 4_000_000
"""How much one transaction may write; the table's limit is 4 MB."""


_THROTTLED_TRIES: Final = 4
_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 0.8
"""Seconds between the tries of a throttled transaction, see `pause`."""


class _Throttled(Exception):
    """The table cancelled a transaction because a partition is busy; nothing was written."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The errors for the two kinds of refused writes."""

    unmet: Callable[[Item | None], Exception]
    """For a condition that does not hold; gets the stored item, if there is one."""
    contended: Callable[[], Exception]
    """For a conflict with another transaction on the item."""


@dataclass(frozen=True, slots=True)
class Write:
    """A write of one item, and the errors when the table refuses it."""

    request: "TransactWriteItemTypeDef"
    refusal: Refusal
    size: int
    """Bytes that are written."""


def write_together(
    client: "DynamoDBClient",
    writes: Callable[[], Sequence[Write]],
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Write all or nothing; a single write costs half of a write in a transaction. `writes` is
    asked anew before every try, because changes have a stamp.

    Raises the error of the first write that is refused, `TemporarilyUnavailable` when the table
    is throttled or out of reach, and `InvalidRequest` for more than a transaction may write. A
    throttled transaction, which the client does not repeat by itself, is tried again after a pause.
    """
    for tried in range(1, _THROTTLED_TRIES + 1):
        wanted = writes()
        if len(wanted) == 1:
            _write_alone(client, wanted[0])
            return
        check_limits(wanted)
        try:
            _write_transaction(client, wanted)
        except _Throttled as throttled:
            if tried == _THROTTLED_TRIES:
                raise unavailable(TABLE) from throttled.__cause__
            sleep(pause(tried, _FIRST_PAUSE, _LONGEST_PAUSE))
        else:
            return


def _write_transaction(client: "DynamoDBClient", writes: Sequence[Write]) -> None:
    try:
        with reaching(TABLE):
            # The client gives it a token of its own: sent twice, it is done once.
            client.transact_write_items(TransactItems=[write.request for write in writes])
    except ClientError as error:
        reason = _reason_of(error, writes)
        if reason is None:
            raise
        raise reason from error


def _write_alone(client: "DynamoDBClient", write: Write) -> None:
    try:
        with reaching(TABLE):
            if "Put" in write.request:
                client.put_item(**write.request["Put"])
            elif "Update" in write.request:
                client.update_item(**write.request["Update"])
            else:
                client.delete_item(**write.request["Delete"])
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "TransactionConflictException":
            raise write.refusal.contended() from error
        if code != "ConditionalCheckFailedException":
            raise
        answer = cast(Mapping[str, Any], error.response)
        found: Item | None = answer.get("Item")
        if answer["ResponseMetadata"].get("RetryAttempts", 0) and _is_done(write, found):
            return  # an earlier attempt did it, and only its answer was lost
        raise write.refusal.unmet(found) from error


def _is_done(write: Write, found: Item | None) -> bool:
    if "Put" in write.request:
        return found == write.request["Put"]["Item"]
    return "Delete" in write.request and found is None


def _reason_of(error: ClientError, writes: Sequence[Write]) -> Exception | None:
    answer = cast(Mapping[str, Any], error.response)
    reasons: Sequence[Mapping[str, Any]] = answer.get("CancellationReasons", ())
    by_code: dict[str, Callable[[Write, Mapping[str, Any]], Exception]] = {
        "ConditionalCheckFailed": lambda write, reason: write.refusal.unmet(reason.get("Item")),
        "TransactionConflict": lambda write, _: write.refusal.contended(),
        "ThrottlingError": lambda *_: _Throttled(),
        "ProvisionedThroughputExceeded": lambda *_: _Throttled(),
    }
    # A failed condition says more than a conflict, so it is looked for first.
    for code, meaning in by_code.items():
        for write, reason in zip(writes, reasons, strict=False):
            if reason["Code"] == code:
                return meaning(write, reason)
    return None


def check_limits(writes: Sequence[Write]) -> None:
    """Raises `InvalidRequest` for more than one transaction may write."""
    if len(writes) > TRANSACTION_ITEMS:
        raise InvalidRequest(
            f"The change would write {len(writes)} items at once, one for each task and each "
            f"candidate that it has, gains or loses; the limit is {TRANSACTION_ITEMS}."
        )
    size = sum(write.size for write in writes)
    if size > TRANSACTION_BYTES:
        raise InvalidRequest(
            f"The change would write {size / 1e6:.1f} MB at once, a copy of each task for each of "
            f"its candidates included; the limit is {TRANSACTION_BYTES / 1e6:.0f} MB."
        )
