"""Everything that is recorded, asked of a running service."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.conformance.client import Client
from tests.conformance.comparing import (
    Verdict,
    error_verdict,
    query_verdict,
    scenario_verdict,
)
from tests.conformance.recordings import errors, queries, scenarios, tasklist, world
from tests.conformance.report import (
    TASK_LISTS,
    disagreements,
    error_section,
    page,
    property_section,
    query_section,
    scenario_section,
)
from tests.conformance.tallying import Tally, by_kind, tally


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of every case."""

    queries: Sequence[Verdict]
    errors: Sequence[Verdict]
    scenarios: Sequence[Verdict]
    task_lists: Sequence[Verdict]

    def tallies(self) -> Iterator[Tally]:
        """A line for each kind of query, for errors and for scenarios."""
        for each in by_kind(self.queries):
            yield Tally(f"query: {each.kind}", each.agreed, each.cases, each.rows)
        yield tally("all queries, list and count", self.queries)
        yield tally("errors", self.errors)
        yield tally("scenarios", self.scenarios)
        yield tally("task lists", self.task_lists)

    def disagreements(self) -> list[str]:
        """Every case that disagrees, with what differs."""
        return disagreements([*self.queries, *self.errors, *self.scenarios, *self.task_lists])

    def page(self) -> str:
        """The page with the result."""
        return page(
            [
                query_section(self.queries),
                property_section(queries(), self.queries, world()),
                error_section(self.errors),
                scenario_section(scenarios(), self.scenarios),
                scenario_section(tasklist(), self.task_lists, TASK_LISTS),
            ]
        )


def compared(
    client: Client, report_progress: Callable[[int], None] = lambda _asked: None
) -> Comparison:
    """The comparison of everything; `report_progress` gets the number of queries asked so far.

    Scenarios come last: they change the world.
    """
    verdicts: list[Verdict] = []
    for asked, case in enumerate(queries(), 1):
        verdicts.append(query_verdict(case, client))
        if asked % 250 == 0:
            report_progress(asked)
    return Comparison(
        verdicts,
        [error_verdict(case, client) for case in errors()],
        [scenario_verdict(scenario, client) for scenario in scenarios()],
        [scenario_verdict(scenario, client, patience=50) for scenario in tasklist()],
    )
