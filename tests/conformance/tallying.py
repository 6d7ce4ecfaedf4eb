"""What the recordings cover: counts of cases by kind, by row of the table of differences, by
property."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from json import loads
from typing import Any, Final

from taskdock.api.requests.imports import read_import
from taskdock.domain.query.criteria import CRITERIA, PROPERTIES, Criterion
from taskdock.domain.tasks.task import CANDIDATE, NO_LINKS, Task

from tests.conformance.comparing import Verdict, number_of
from tests.conformance.recordings import QueryCase, World


@dataclass(frozen=True, slots=True)
class Tally:
    """How many cases of a kind agreed."""

    kind: str
    agreed: int
    cases: int
    rows: Sequence[str]
    """Rows of the table of differences that govern some of them."""


def tally(kind: str, verdicts: Sequence[Verdict]) -> Tally:
    """The tally of these verdicts."""
    agreed = sum(not verdict.problems for verdict in verdicts)
    return Tally(kind, agreed, len(verdicts), in_order(verdicts))


def in_order(verdicts: Iterable[Verdict]) -> Sequence[str]:
    """The rows that govern some of the verdicts, by number."""
    return sorted({row for each in verdicts for row in each.rows}, key=number_of)


def by_kind(verdicts: Sequence[Verdict]) -> Iterator[Tally]:
    """A tally for each kind of query."""
    kinds: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        kinds.setdefault(verdict.case.rpartition("-")[0], []).append(verdict)
    for kind, of_kind in sorted(kinds.items(), key=lambda each: -len(each[1])):
        yield tally(kind, of_kind)


@dataclass(frozen=True, slots=True)
class Coverage:
    """In how many cases a property is asked for, and in what company."""

    name: str
    alone: int
    beside_others: int
    in_an_or_query: int
    agreed: int
    cases: int
    nulls: int
    """Tasks whose value for this property is null."""


def coverage(
    cases: Sequence[QueryCase], verdicts: Sequence[Verdict], world: World
) -> Iterator[Coverage]:
    """The coverage of each property that narrows a query, in the order of the criteria."""
    used = [(_used(case), not verdict.problems) for case, verdict in
            zip(cases, verdicts, strict=True)]  # fmt: skip
    tasks = [entry.task for entry in read_import({"tasks": world.entries})]
    for name in _names():
        alone = [agreed for (top, inside), agreed in used if top == {name} and not inside]
        beside = [agreed for (top, inside), agreed in used
                  if name in top and (len(top) > 1 or inside)]  # fmt: skip
        within = [agreed for (top, inside), agreed in used if name in inside]
        all_of_them = [agreed for (top, inside), agreed in used if name in top | inside]
        yield Coverage(
            name,
            len(alone),
            len(beside),
            len(within),
            sum(all_of_them),
            len(all_of_them),
            sum(_is_null(task, PROPERTIES[name].criterion) for task in tasks),
        )


_OURS: Final = frozenset({"service", "serviceIn"})
"""Properties of our own: nothing is recorded of them."""


def _names() -> Iterator[str]:
    """Every criterion, each followed by its expression."""
    for criterion in CRITERIA:
        if criterion.name not in _OURS:
            yield criterion.name
            if criterion.traits.expression:
                yield f"{criterion.name}Expression"


def _name(name: str) -> str:
    """The name itself; of an older name, the newer one."""
    meant = PROPERTIES[name]
    return name if meant.is_expression else meant.criterion.name


def _used(case: QueryCase) -> tuple[set[str], set[str]]:
    """The properties at the top of a query and those inside its orQueries."""
    asked: Mapping[str, Any] = case.body if case.body is not None else case.parameters
    or_queries = asked.get("orQueries") or []
    levels = loads(or_queries) if isinstance(or_queries, str) else or_queries
    top = {_name(name) for name, value in asked.items() if name in PROPERTIES and value is not None}
    inside = {_name(name) for level in levels for name in level if name in PROPERTIES}
    return top, inside


def _is_null(task: Task, criterion: Criterion) -> bool:
    """Whether what the criterion looks at is null."""
    if criterion.traits.candidates:
        return not any(link["type"] == CANDIDATE for link in task.get("links", NO_LINKS))
    if criterion.name == "involvedUser":
        return not {"assignee", "owner", "links"} & task.keys()
    if criterion.name == "updatedAfter":
        return "lastUpdated" not in task
    field = getattr(criterion.comparison, "field", None)
    return field is not None and field not in task
