"""Asks the function that compacts columns, which runs on its own."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from botocore.exceptions import ClientError

from taskdock.adapters.outages import reaching, unavailable
from taskdock.domain.query.read_specs import Tenant

_FUNCTION: Final = "function that compacts columns"
"""The name of this dependency in error messages."""


class LambdaCompactions:
    """`Compactions` by an invocation that nobody waits for. The client is made on first use."""

    def __init__(self, client: Callable[[], Any], function: str) -> None:
        self._client = cache(client)
        self._function = function

    def ask(self, tenant: Tenant, *, anew: bool = False) -> None:
        """See `Compactions.ask`. Whatever is wrong with the function, queries go on without it."""
        try:
            with reaching(_FUNCTION):
                self._client().invoke(
                    FunctionName=self._function,
                    InvocationType="Event",
                    Payload=json.dumps({"tenant": tenant, "anew": anew}).encode(),
                )
        except ClientError as error:
            raise unavailable(_FUNCTION) from error
