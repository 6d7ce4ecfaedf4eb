"""Fails in all the ways in which functions fail, and answers in all the ways they may."""

import sys
from collections.abc import Callable, Mapping
from threading import Event
from typing import Any, Final

from local.instances import LambdaContext

_NEVER: Final = Event()


def _crash() -> Any:
    raise RuntimeError("a secret of the function")


def _slow() -> Any:
    _NEVER.wait()  # until its instance is ended
    return {"statusCode": 200}


_KINDS: Final[Mapping[str, Callable[[], Any]]] = {
    "crash": _crash,
    "exit": lambda: sys.exit(3),
    "unsayable": lambda: {"statusCode": 200, "body": object()},
    "huge": lambda: {"statusCode": 200, "body": "x" * 6_291_556},
    "slow": _slow,
    "no-status": lambda: {"tasks": []},
    "bad-status": lambda: {"statusCode": "many"},
    "no-text": lambda: {"statusCode": 200, "body": {"a": 1}},
    "split-header": lambda: {"statusCode": 200, "headers": {"x-split": "a\r\nb: c"}},
    "no-base64": lambda: {"statusCode": 200, "body": "!", "isBase64Encoded": True},
    "half-a-character": lambda: {"statusCode": 200, "body": "a\ud800b"},
    "empty": lambda: {"statusCode": 204},
    "bytes": lambda: {
        "statusCode": 201,
        "headers": {"ETag": '"1"', "Content-Type": "application/octet-stream"},
        "cookies": ["a=1; Path=/", "b=2"],
        "body": "AAH/",
        "isBase64Encoded": True,
    },
}


def handler(event: Mapping[str, Any], context: LambdaContext) -> Any:
    """What the path's `kind` asks for."""
    return _KINDS[event["pathParameters"]["kind"]]()
