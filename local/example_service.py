"""The service of the documentation's examples, registered so that they work as printed."""

import json
from collections.abc import Callable
from typing import Final

from local.console import say
from local.deployment import Api
from local.http_messages import Answer, Request

SID: Final = "operator-p4"
_ENTRY: Final = {"name": "Operator P4", "description": "Prints documents"}
_ROUTE: Final = "PUT /v1/services/{sid}"


def register_example_service(api: Api, call: Callable[[Request], Answer], token: str) -> None:
    """Register it as an operator would, through the API, unless it is there already.

    An API without the route for that is left alone.
    """
    if _ROUTE not in {route.key for route in api.routes}:
        return
    path = f"{api.base_path}/v1/services/{SID}"
    headers = (("authorization", f"Bearer {token}"), ("content-type", "application/json"))
    if call(Request("GET", path, headers=headers)).status == 200:
        return
    answer = call(Request("PUT", path, headers=headers, body=json.dumps(_ENTRY).encode()))
    if answer.status != 201:
        say(f"the service {SID} could not be registered: {answer.status} {answer.body.decode()}")
