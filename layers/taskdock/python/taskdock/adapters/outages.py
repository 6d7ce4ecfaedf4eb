"""What tells a passing trouble of AWS or the network from a mistake of ours."""

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
        # Our own retry met the first attempt, still under way: whether it succeeds is not known.
        "TransactionInProgressException",
    }
)


@contextmanager
def reaching(what: str) -> Iterator[None]:
    """Raise `TemporarilyUnavailable` when `what` is throttled, failing or not to be reached.

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
