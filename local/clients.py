"""AWS clients that talk to the emulators."""

from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config

from local.template import REGION


@cache
def _session() -> botocore.session.Session:
    """One for all: it reads the description of a service once, which takes longest."""
    return botocore.session.get_session()


class Clients:
    """Makes clients of any service, each for one endpoint."""

    def client(self, service: str, endpoint: str) -> Any:
        """A client with dummy keys and without retries."""
        return _session().create_client(
            service,
            region_name=REGION,
            endpoint_url=endpoint,
            aws_access_key_id="local",
            aws_secret_access_key="local",  # noqa: S106 - it opens nothing
            config=Config(
                retries={"total_max_attempts": 1},
                account_id_endpoint_mode="disabled",
                # The emulators' shard ids are shorter than the real ones may be.
                parameter_validation=False,
                connect_timeout=2,
                read_timeout=10,
            ),
        )
