"""Breaks a client's requests on their way to the table, as networks and AWS do."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from botocore.httpsession import URLLib3Session

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient

type Fault = Callable[[AWSPreparedRequest], AWSResponse]
"""What happens to a request instead of being sent and answered."""


def unreachable(request: AWSPreparedRequest) -> AWSResponse:
    """The request does not reach the table."""
    raise ConnectTimeoutError(endpoint_url=request.url)


def answer_lost(request: AWSPreparedRequest) -> AWSResponse:
    """The table carries out the request, but its answer is lost."""
    URLLib3Session().send(request)
    raise ReadTimeoutError(endpoint_url=request.url)


def refused(code: str, status: int = 400, **details: object) -> Fault:
    """The table answers with an error and does nothing."""

    def answer(request: AWSPreparedRequest) -> AWSResponse:
        body = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": code, **details}
        return AWSResponse(request.url, status, HTTPHeaders(), _Body(json.dumps(body).encode()))

    return answer


@contextmanager
def breaking(
    client: "DynamoDBClient", fault: Fault, *, call: int = 1, times: int = 1
) -> Iterator[list[str]]:
    """The `call`-th request that is sent meanwhile meets the fault, and those right after it so
    that it is met so many times; lists the operations sent.
    """
    sent: list[str] = []

    def break_one(request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        target: Any = request.headers["X-Amz-Target"]
        name = target.decode() if isinstance(target, bytes) else target
        sent.append(name.partition(".")[2])
        return fault(request) if call <= len(sent) < call + times else None

    handler = cast(Callable[..., None], break_one)
    client.meta.events.register("before-send.dynamodb", handler)
    try:
        yield sent
    finally:
        client.meta.events.unregister("before-send.dynamodb", handler)


def retry_at_once(client: "DynamoDBClient") -> None:
    """Have the client send a failed request once more without a pause."""

    def pause(attempts: int, caught_exception: Exception | None, **_: object) -> int | None:
        return 0 if attempts == 1 and caught_exception is not None else None

    client.meta.events.register_first("needs-retry.dynamodb", cast(Callable[..., None], pause))


class _Body:
    """An answer's body, as the HTTP library hands it over."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        yield self._content
