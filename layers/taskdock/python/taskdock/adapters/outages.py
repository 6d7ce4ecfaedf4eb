"""Distinguishes temporary trouble of AWS or the network from our own mistakes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004

from taskdock.domain.errors import TemporarilyUnavailable

_PASSING: Final = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingException",
        "TooManyRequestsException",
        # A retry of the client met its first attempt, still under way, whose result is unknown.
        "TransactionInProgressException",
    }
)


@contextmanager
def reaching(what: str) -> Iterator[None]:
    """Raise `TemporarilyUnavailable` when `what` is throttled, failing or out of reach.

    The client has retried by then. Every other error passes as it is.
    """
    try:
        yield
    except ClientError as error:
        if _is_passing(error):
            raise unavailable(what) from error
        raise
    except (ConnectionError, HTTPClientError) as error:
        raise unavailable(what) from error


def unavailable(what: str) -> TemporarilyUnavailable:
    """The error for a caller who may try again."""
    return TemporarilyUnavailable(f"The {what} cannot be reached at the moment; please try again.")


def _is_passing(error: ClientError) -> bool:
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    return status >= 500 or error.response["Error"]["Code"] in _PASSING
