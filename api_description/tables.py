"""The tables of docs/api.md, each made from what the code itself goes by."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from taskdock.adapters.dynamodb.table_writes import TRANSACTION_BYTES, TRANSACTION_ITEMS
from taskdock.adapters.dynamodb.task_items import DOCUMENT_LIMIT, RECORD_LIMIT
from taskdock.api.answers.errors import TABLE
from taskdock.api.filters.requests import SIZE_LIMIT as FILTER_LIMIT
from taskdock.api.history.queries import PROPERTY_NAMES as HISTORY_PROPERTY_NAMES
from taskdock.api.queries.reading import PROPERTY_NAMES
from taskdock.api.queries.values import LIST_LIMIT
from taskdock.api.requests.forms import SIZE_LIMIT as FORM_SCHEMA_LIMIT
from taskdock.api.requests.offset_pages import LARGEST
from taskdock.domain.expressions.functions import FUNCTIONS
from taskdock.domain.expressions.grammar import MAX_DEPTH
from taskdock.domain.expressions.methods import METHOD_ARITIES
from taskdock.domain.expressions.values import MAX_STRING
from taskdock.domain.identifiers import LONGEST_NAME
from taskdock.domain.query.criteria import CRITERIA, SUPERSEDED, Criterion, Kind
from taskdock.domain.query.sorting import PLAIN_SORTS, VARIABLE_SORTS, VARIABLE_TYPES
from taskdock.routes.imports import BODY_LIMIT as IMPORT_LIMIT
from taskdock.routes.service_task_lists import DEFAULT_LIMIT, LARGEST_LIMIT
from taskdock.routes.task_attachments import BODY_LIMIT as FORM_LIMIT
from taskdock.runtime.answers import LARGEST_PAYLOAD
from taskdock.runtime.requests import BODY_LIMIT
from taskdock.use_cases.tasks.change_each import MOST_TASKS
from taskdock.use_cases.tasks.task_family import DEEPEST

from api_description.comparison_words import meaning
from api_description.openapi import about_error
from api_description.operations import Operation, Parameter
from api_description.routes import DescribedRoute
from api_description.task_query import EXTRAS, SWITCHES
from local.template import Template

_KINDS: Final[Mapping[Kind, str]] = {
    Kind.TEXT: "text",
    Kind.TEXTS: "list of texts",
    Kind.GROUPS: "list of texts, not empty",
    Kind.INTEGER: "integer",
    Kind.INSTANT: "date",
    Kind.FLAG: "flag",
    Kind.DELEGATION_STATE: "`PENDING` or `RESOLVED`",
    Kind.TASK_VARIABLES: "variables",
    Kind.PROCESS_VARIABLES: "variables",
    Kind.CASE_VARIABLES: "variables",
}

_FILTER_HEAD: Final = (
    "Property",
    "Value",
    "Matches tasks…",
    "A null",
    "Expression twin",
    "Beside",
)

_SETTINGS: Final = ("API", "Tasks")
"""The template's groups of parameters that change what callers see."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '\\|') for cell in row)} |" for row in lines)


def tables(routes: Sequence[DescribedRoute], template: Template) -> Mapping[str, str]:
    """The generated parts of docs/api.md by the names of their places."""
    return {
        "routes": table(("Call", "Scope", "What", "Takes", "Answers", "Refuses"), _routes(routes)),
        "errors": table(("Status", "`type`", "`code`", "When"), _errors()),
        "filters": table(
            ("Property", "Value", "Matches tasks…", "A null", "Expression twin", "Beside"),
            _filters(),
        ),
        "switches": table(("Property", "What it changes"), _named(SWITCHES)),
        "extras": table(("Property", "What it adds"), _named(EXTRAS)),
        "sorting": table(("Where", "`sortBy`"), _sorts()),
        "expressions": table(("Part", "What there is"), _expressions()),
        "limits": table(("What", "Limit", "Beyond it"), _limits()),
        "settings": table(("Parameter", "Default", "What it sets"), _settings(template)),
    }


def _routes(routes: Sequence[DescribedRoute]) -> Iterator[Sequence[str]]:
    for each in routes:
        operation = each.operation
        refused = sorted({TABLE[error].status for error in operation.all_refusals})
        yield (
            f"`{operation.route}`",
            ", ".join(f"`{scope}`" for scope in each.route.scopes) or "none, and no token",
            operation.title,
            _takes(operation),
            "; ".join(f"{answer.status}: {answer.about}" for answer in operation.answers),
            " ".join(map(str, refused)),
        )


def _takes(operation: Operation) -> str:
    query = [each for each in operation.parameters if each.where == "query"]
    headers = [each for each in operation.parameters if each.where == "header"]
    asked = _QUERIES.get(operation.path, frozenset())
    own = [each for each in query if each.name not in asked]
    parts = ["the query's properties"] if len(own) < len(query) else []
    parts += [f"`?{name}`" for name in _names(own)]
    parts += [f"`{name}:`" for name in _names(headers)]
    if operation.body is not None:
        media_types = " or ".join(operation.body.content)
        parts.append(f"{media_types}: {operation.body.about}")
    return "; ".join(parts)


_QUERIES: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(("/task", "/task/count"), PROPERTY_NAMES),
    **dict.fromkeys(("/history/task", "/history/task/count"), HISTORY_PROPERTY_NAMES),
}
"""The properties of queries, which have tables of their own."""


def _names(parameters: Iterable[Parameter]) -> list[str]:
    return [each.name for each in parameters]


def _errors() -> Iterator[Sequence[str]]:
    for error, row in TABLE.items():
        code = "null" if row.code is None else str(row.code)
        yield str(row.status), f"`{row.type}`", code, about_error(error)


def _filters() -> Iterator[Sequence[str]]:
    for row in CRITERIA:
        means = meaning(row)
        alias = f", or `{row.traits.alias}`" if row.traits.alias else ""
        twin = f"`{row.name}Expression`" if row.traits.expression else ""
        beside = "; ".join(_beside(row))
        yield f"`{row.name}`{alias}", _KINDS[row.kind], means.matches, means.null, twin, beside


def _beside(row: Criterion) -> Iterator[str]:
    """What may not stand beside the filter, what silences it, and where it may not stand."""
    against = [*row.traits.conflicts]
    against += [each.name for each in CRITERIA if row.name in each.traits.conflicts]
    if against:
        yield f"400 beside {', '.join(f'`{name}`' for name in against)} at the top level"
    if row.name in SUPERSEDED:
        yield f"`{SUPERSEDED[row.name]}` silences it"
    if row.traits.top_only:
        yield "400 inside an orQuery"


def _named(words: Mapping[str, str]) -> Iterator[Sequence[str]]:
    return ((f"`{name}`", what) for name, what in words.items())


def _sorts() -> Iterator[Sequence[str]]:
    yield "anywhere", _listed(PLAIN_SORTS)
    yield "in `sorting`, with `parameters`", _listed(VARIABLE_SORTS)
    yield "`parameters.type`", _listed(VARIABLE_TYPES)


def _expressions() -> Iterator[Sequence[str]]:
    yield "functions", ", ".join(f"`{name}()`" for name in FUNCTIONS)
    yield "methods", _listed(sorted(METHOD_ARITIES))
    yield "limits", f"{MAX_STRING} characters of any text, {MAX_DEPTH} levels of nesting"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _limits() -> Iterator[Sequence[str]]:
    yield "body of a request", _size(BODY_LIMIT), "413"
    yield "body of an import", _size(IMPORT_LIMIT), "413"
    yield "form with an attachment", _size(FORM_LIMIT), "413"
    yield "a task with its variables and lists", _size(DOCUMENT_LIMIT), "400"
    yield "a comment, or the metadata of an attachment", _size(RECORD_LIMIT), "400"
    yield "a filter with its query and its properties", _size(FILTER_LIMIT), "400"
    yield (
        "tasks that one request changes",
        f"a transaction of {TRANSACTION_ITEMS} items and {TRANSACTION_BYTES / 1e6:.0f} MB",
        "422",
    )
    yield "a form", f"{FORM_SCHEMA_LIMIT // 1024} KiB", "400"
    yield "tasks of a change of many, each by a write of its own", f"{MOST_TASKS}", "400"
    yield "ancestors of a task", f"{DEEPEST}", "400"
    yield "elements of any list in a query", f"{LIST_LIMIT:,}", "400"
    yield "orQueries within each other", "1", "400"
    yield "`firstResult`, `maxResults`", f"{LARGEST:,}", "400"
    yield (
        "`limit` of a page of services' tasks",
        f"{LARGEST_LIMIT:,}, else {DEFAULT_LIMIT}",
        "400",
    )
    yield "names of users, groups, tenants and types", f"{LONGEST_NAME} characters", "400"
    yield "ids that callers give", "64 characters of `A-Z a-z 0-9 _ . : -`", "400"
    yield "an answer, as a function may return it", _size(LARGEST_PAYLOAD), "422"


def _size(number: int) -> str:
    for unit, divisor in (("MiB", 1024 * 1024), ("KiB", 1024)):
        if number % divisor == 0:
            return f"{number // divisor} {unit}"
    return f"{number:,} bytes"


def _settings(template: Template) -> Iterator[Sequence[str]]:
    groups = template.section("Metadata")["AWS::CloudFormation::Interface"]["ParameterGroups"]
    for group in groups:
        if group["Label"]["default"] not in _SETTINGS:
            continue
        for name in group["Parameters"]:
            parameter = template.section("Parameters")[name]
            default = f"`{parameter['Default']}`" if parameter["Default"] != "" else "empty"
            yield f"`{name}`", default, " ".join(parameter["Description"].split())
