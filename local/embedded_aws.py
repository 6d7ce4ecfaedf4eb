"""moto's server in a thread of this process: Cognito, EventBridge and SQS, locally."""

import logging
import os
from threading import Thread
from types import TracebackType
from typing import Any, Final, Self

from werkzeug.serving import BaseWSGIServer, make_server

from local.direct_invocations import DirectInvocations
from local.kept_objects import KeptObjects
from local.settings import HOST

_STABLE_IDS: Final = {
    # Pools and clients get the same ids at every start, so a token outlives a restart.
    "MOTO_COGNITO_IDP_USER_POOL_ID_STRATEGY": "HASH",
    "MOTO_COGNITO_IDP_USER_POOL_CLIENT_ID_STRATEGY": "HASH",
}


class EmbeddedAws:
    """An endpoint for every service but the table's, and for the table when moto holds it."""

    def __init__(
        self, objects: KeptObjects | None = None, invocations: DirectInvocations | None = None
    ) -> None:
        """`objects` keeps what is put into buckets; `invocations` runs functions by name."""
        self._invocations = invocations
        self._objects = objects
        self._server: BaseWSGIServer | None = None
        self._thread: Thread | None = None

    def __enter__(self) -> Self:
        os.environ.update(_STABLE_IDS)
        # Imported here: it takes half a second, which the command line's errors need not wait for.
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        application: Any = DomainDispatcherApplication(create_backend_app)
        if self._objects is not None:
            application = self._objects.around(application)
        if self._invocations is not None:
            application = self._invocations.around(application)
        self._server = make_server(HOST, 0, application, threaded=True)
        self._thread = Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server and self._thread:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
        for name in _STABLE_IDS:
            os.environ.pop(name, None)

    @property
    def endpoint(self) -> str:
        """The server's address."""
        assert self._server is not None
        return f"http://{HOST}:{self._server.server_port}"
