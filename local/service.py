"""The whole local service as one context manager: what `make run` runs and tests enter."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from threading import Thread
from types import TracebackType
from typing import Any, Final, Self

from local.authorizer import Authorizer
from local.certificates import certificate_in, tls_context
from local.cloud import Cloud, make_cloud
from local.deployment import (
    Api,
    Function,
    TokenRules,
    api_of,
    functions_of,
    learn_addresses,
    queues_read_by,
    set_parameters_from_shell,
    streams_of,
)
from local.direct_invocations import named_functions
from local.event_flow import EventFlow
from local.example_service import register_example_service
from local.gateway import Gateway
from local.http_messages import Answer, Request
from local.inbox_build import built_inbox
from local.inbox_files import PREFIX as INBOX
from local.inbox_files import InboxFiles
from local.instances import Instances
from local.invocation import Runner
from local.lambda_runtime import LambdaRuntime
from local.optional_parts import load_with_every_part
from local.server import Server
from local.settings import LocalSettings
from local.token_endpoint import PREFIX, TokenEndpoint

type Place = Callable[[Sequence[Function]], Runner]
"""Makes what runs the functions."""

_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class LocalService:
    """The template's API on this machine, from entering to leaving it."""

    url: str
    """Where the API is, without a context path."""
    api: Api
    functions: Mapping[str, Function]
    """By logical id."""
    cloud: Cloud

    def __init__(self, settings: LocalSettings, place: Place | None = None) -> None:
        """`place` is where the functions run; by default what the settings say."""
        self.settings = settings
        self._place_of = place or (LambdaRuntime if settings.runtime else Instances)
        self._resources = ExitStack()

    def __enter__(self) -> Self:
        """Raises `CannotStart` when something is missing or in the way."""
        with ExitStack() as resources:
            self._start(resources)
            self._resources = resources.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._resources.close()

    def token(self, user: str) -> str:
        """An access token for a user of the local pool; raises `UnknownUser`."""
        return self._tokens.for_user(user)

    def program_token(self) -> str:
        """An access token for the pool's client for administrating programs, with every scope."""
        return self._tokens.for_program()

    @property
    def inbox_url(self) -> str | None:
        """The address of the inbox; None where it is not built."""
        return None if self._inbox is None else self.url + self.api.base_path + INBOX

    @property
    def machine_client(self) -> tuple[str, str]:
        """Id and secret of the pool's client for programs."""
        client = self.cloud.pool.client_for("client_credentials")
        return client.id, client.secret or ""

    def invoke(self, name: str, event: Mapping[str, Any]) -> Any:
        """What the function of that folder returns for an event; raises `FunctionFailed`."""
        [function] = [each for each in self.functions.values() if each.name == name]
        return self._invoker.invoke(function, event, function.timeout)

    def events(self) -> list[dict[str, Any]]:
        """The events on the bus since the last call, those of all writes until now included."""
        return self._events.heard()

    def _start(self, resources: ExitStack) -> None:
        template = load_with_every_part(self.settings.template)
        template.learn("AWS::StackName", self.settings.stack)
        set_parameters_from_shell(template, self.settings.shell)
        # The port first: when it is taken, the rest is not worth waiting for.
        server = self._server(resources)
        self.url = server.url
        self.cloud = make_cloud(template, self.settings, resources)
        page = self.settings.inbox and built_inbox(self.settings.inbox)
        learn_addresses(template, server.url)
        self.functions = functions_of(template, self._variables())
        self.api = api_of(template, self.functions)
        self._inbox = InboxFiles(page, self.url, self.api.base_path) if page else None
        invoker = self._invoker = self._place_of(tuple(self.functions.values()))
        resources.enter_context(invoker)
        invoker.load()
        self._gateway = Gateway(self.api, self._authorizer(self.api.tokens).admit, invoker)
        streams = streams_of(template, self.functions)
        queues = queues_read_by(template, self.functions)
        self.cloud.invocations.connect(named_functions(template, self.functions), invoker)
        resources.callback(self.cloud.invocations.wait)
        self._events = EventFlow(self.cloud, streams, queues, invoker)
        register_example_service(self.api, self._gateway.answer, self.program_token())
        server.respond = self._respond
        Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
        resources.callback(server.shutdown)
        # Ended first: workers may call the API while the last events are delivered.
        self._events.start()
        resources.callback(self._events.stop)

    def _server(self, resources: ExitStack) -> Server:
        settings = self.settings
        server = Server(settings.port, tls_context(settings.folder) if settings.tls else None)
        resources.callback(server.server_close)
        return server

    def _variables(self) -> Mapping[str, str]:
        """What the functions' environment says here and nowhere else."""
        now = self.settings.now
        variables = {
            "AWS_ENDPOINT_URL": self.cloud.endpoint,
            "DYNAMODB_ENDPOINT": self.cloud.table_endpoint,
            "IDENTITY_PROVIDER_URL": self.url + PREFIX.rstrip("/"),
            "LOGIN_URL": self.url + PREFIX.rstrip("/"),
            "LOCAL_NOW": "" if now is None else str(now),
            "LOCAL_INDEX_TABLE": self.cloud.index_table or "",
            # The gateway has a line per request; the functions' own say the same at length.
            "POWERTOOLS_METRICS_DISABLED": "true",
            "POWERTOOLS_LOG_LEVEL": self.settings.shell.get("POWERTOOLS_LOG_LEVEL", "WARNING"),
        }
        if self.settings.tls:
            # Workers call the API over TLS like any client, so they have to trust its certificate.
            variables["SSL_CERT_FILE"] = str(certificate_in(self.settings.folder))
        return variables

    def _authorizer(self, rules: TokenRules) -> Authorizer:
        self._tokens = TokenEndpoint(self.cloud.pool, rules.issuer, self.cloud.key_set, self.url)
        return Authorizer(rules, self.cloud.key_set)

    def _respond(self, request: Request) -> Answer:
        if request.path.startswith(PREFIX):
            return self._tokens.answer(request)
        page = self._inbox and self._inbox.answer(request)
        if page:
            return page
        answer = self._gateway.answer(request)
        if request.method not in _READING:
            self._events.wake()
        return answer
