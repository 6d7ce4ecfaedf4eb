"""What the template deploys, as far as it runs locally: functions, the API's routes, the stream."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from local.settings import REPOSITORY, CannotStart
from local.template import Node, Template

DEFAULT_STAGE: Final = "$default"

OF_THE_API: Final = {"ALLOWED_ORIGINS": "AllowedOrigins"}
"""Shell variables for parameters that no function's environment has."""


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function: a folder with a handler in it."""

    logical_id: str
    module: str
    """Dotted name of the handler's module, from the repository's top."""
    handler: str
    timeout: float
    """Seconds."""
    memory: int
    """Megabytes."""
    environment: Mapping[str, str]

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.module.split(".")[-2]


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path of the API, and its function."""

    method: str
    path: str
    function: Function
    secured: bool
    scopes: tuple[str, ...]
    """A token needs one of these; none when empty."""

    @property
    def key(self) -> str:
        """What API Gateway calls the route: `GET /task/{id}`."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class TokenRules:
    """What the JWT authorizer requires of a token."""

    header: str
    """Lower-case name of the request header that carries it."""
    issuer: str
    audience: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cors:
    """The API's CORS settings."""

    origins: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    max_age: int | None = None


@dataclass(frozen=True, slots=True)
class Api:
    """The HTTP API."""

    stage: str
    routes: tuple[Route, ...]
    tokens: TokenRules
    cors: Cors | None

    @property
    def base_path(self) -> str:
        """The prefix of every route's path: a named stage, or nothing."""
        return "" if self.stage == DEFAULT_STAGE else f"/{self.stage}"


@dataclass(frozen=True, slots=True)
class StreamMapping:
    """How a function reads the table's stream."""

    function: Function
    batch_size: int
    patterns: tuple[Mapping[str, Any], ...]
    """A record is delivered when any of these matches it; every record when there are none."""
    attempts: int
    """Number of tries of a batch."""
    bisects: bool
    failure_queue: str | None
    """ARN of the queue for failed records."""
    longest_age: float = math.inf
    """Seconds after which a failing record is no longer retried."""


@dataclass(frozen=True, slots=True)
class QueueMapping:
    """How a function reads a queue."""

    function: Function
    queue: str
    """The queue's ARN."""
    batch_size: int


def set_parameters_from_shell(template: Template, shell: Mapping[str, str]) -> None:
    """Let shell variables set the parameters that the functions' environment is made of.

    `MAX_READ_UNITS=50 make run` sets the parameter that the template gives that variable.
    Raises `CannotStart` for a value that the template does not allow.
    """
    values: dict[str, str] = {}
    for name, parameter in OF_THE_API.items():
        if name in shell and parameter in template.section("Parameters"):
            _check_allowed(template.section("Parameters")[parameter], name, shell[name])
            values[parameter] = shell[name]
    for properties in _functions(template).values():
        for name, node in properties["Environment"]["Variables"].items():
            parameter = str(node.get("Ref")) if isinstance(node, dict) else ""
            if name in shell and parameter in template.section("Parameters"):
                _check_allowed(template.section("Parameters")[parameter], name, shell[name])
                values[parameter] = shell[name]
    template.set_parameters(values)


def _check_allowed(parameter: Mapping[str, Node], name: str, value: str) -> None:
    allowed = [str(each) for each in parameter.get("AllowedValues", [value])]
    if value not in allowed:
        raise CannotStart(f"{name} is {value!r}; it can be {' or '.join(allowed)}")
    pattern = parameter.get("AllowedPattern", "")
    if pattern and not re.fullmatch(pattern, value):
        raise CannotStart(f"{name} is {value!r}; it must match {pattern}")
    if parameter["Type"] == "Number" and not re.fullmatch(r"-?[0-9]+", value):
        raise CannotStart(f"{name} is {value!r}; it must be a number")


def functions_of(template: Template, local_variables: Mapping[str, str]) -> Mapping[str, Function]:
    """Logical id -> function, its environment resolved and with these variables on top."""
    return {
        name: _function(template, name, node, local_variables)
        for name, node in _functions(template).items()
    }


def api_of(template: Template, functions: Mapping[str, Function]) -> Api:
    """The template's one HTTP API, whose default authorizer reads tokens."""
    [(api_id, properties)] = template.resources("AWS::Serverless::HttpApi").items()
    auth = properties.get("Auth", {})
    default_authorizer = auth["DefaultAuthorizer"]
    routes = [
        _route(template, event, functions[name], default_authorizer)
        for name, event in _events(template, "HttpApi")
        if event["ApiId"] == {"Ref": api_id}
    ]
    cors = template.resolve(properties.get("CorsConfiguration"))
    return Api(
        stage=template.resolve(properties.get("StageName", DEFAULT_STAGE)),
        routes=tuple(routes),
        tokens=_token_rules(template, auth["Authorizers"][default_authorizer]),
        cors=_cors(cors) if cors else None,
    )


def streams_of(template: Template, functions: Mapping[str, Function]) -> tuple[StreamMapping, ...]:
    """The functions that read the table's stream."""
    return tuple(
        _stream_mapping(template.resolve(event), functions[name])
        for name, event in _events(template, "DynamoDB")
    )


def queues_read_by(
    template: Template, functions: Mapping[str, Function]
) -> tuple[QueueMapping, ...]:
    """The functions that read queues."""
    return tuple(
        QueueMapping(
            functions[name], template.resolve(event["Queue"]), int(event.get("BatchSize", 10))
        )
        for name, event in _events(template, "SQS")
    )


def learn_addresses(template: Template, url: str) -> None:
    """Give the template the API's address, for functions that use the API from outside."""
    for api_id in template.resources("AWS::Serverless::HttpApi"):
        template.learn(api_id, "local", ApiEndpoint=url)


def _functions(template: Template) -> dict[str, dict[str, Node]]:
    """Logical id -> properties, the template's globals folded in."""
    shared = template.section("Globals").get("Function", {})
    shared_variables = shared.get("Environment", {}).get("Variables", {})
    folded = {}
    for name, properties in template.resources("AWS::Serverless::Function").items():
        own_variables = properties.get("Environment", {}).get("Variables", {})
        folded[name] = {
            **shared,
            **properties,
            "Environment": {"Variables": {**shared_variables, **own_variables}},
        }
    return folded


def _function(
    template: Template,
    logical_id: str,
    properties: Mapping[str, Node],
    local_variables: Mapping[str, str],
) -> Function:
    file, _, handler = properties["Handler"].rpartition(".")
    folder = (template.folder / properties["CodeUri"]).resolve()
    if not folder.joinpath(f"{file}.py").is_file():
        raise CannotStart(f"{logical_id}: there is no {folder / file}.py")
    variables = template.resolve(properties["Environment"]["Variables"])
    return Function(
        logical_id=logical_id,
        module=".".join((*folder.relative_to(REPOSITORY).parts, file)),
        handler=handler,
        timeout=float(template.resolve(properties.get("Timeout", 3))),
        memory=int(template.resolve(properties.get("MemorySize", 128))),
        environment={
            **{name: _text(value) for name, value in variables.items()},
            **local_variables,
        },
    )


def _text(value: Node) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _events(template: Template, kind: str) -> Iterator[tuple[str, Mapping[str, Node]]]:
    """The events of a kind: the function's logical id and the event's properties."""
    for name, properties in template.resources("AWS::Serverless::Function").items():
        for event in properties.get("Events", {}).values():
            if event["Type"] == kind:
                yield name, event["Properties"]


def _route(
    template: Template, event: Mapping[str, Node], function: Function, default_authorizer: str
) -> Route:
    auth = event.get("Auth", {})
    authorizer = auth.get("Authorizer", default_authorizer)
    return Route(
        method=event["Method"].upper(),
        path=event["Path"],
        function=function,
        secured=authorizer != "NONE",
        scopes=tuple(template.resolve(auth.get("AuthorizationScopes", []))),
    )


def _token_rules(template: Template, authorizer: Mapping[str, Node]) -> TokenRules:
    resolved = template.resolve(authorizer)
    return TokenRules(
        header=resolved["IdentitySource"].removeprefix("$request.header.").lower(),
        issuer=resolved["JwtConfiguration"]["issuer"],
        audience=tuple(resolved["JwtConfiguration"]["audience"]),
    )


def _cors(configuration: Mapping[str, Node]) -> Cors:
    return Cors(
        origins=tuple(configuration.get("AllowOrigins", ())),
        methods=tuple(configuration.get("AllowMethods", ())),
        headers=tuple(configuration.get("AllowHeaders", ())),
        exposed=tuple(configuration.get("ExposeHeaders", ())),
        max_age=configuration.get("MaxAge"),
    )


def _stream_mapping(event: Mapping[str, Node], function: Function) -> StreamMapping:
    filters = event.get("FilterCriteria", {}).get("Filters", [])
    on_failure = event.get("DestinationConfig", {}).get("OnFailure", {})
    return StreamMapping(
        function=function,
        batch_size=int(event.get("BatchSize", 100)),
        patterns=tuple(json.loads(each["Pattern"]) for each in filters),
        attempts=1 + int(event.get("MaximumRetryAttempts", 10)),
        bisects=bool(event.get("BisectBatchOnFunctionError", False)),
        failure_queue=cast(str | None, on_failure.get("Destination")),
        longest_age=float(event.get("MaximumRecordAgeInSeconds", math.inf)),
    )
