"""A part of the recorded queries over the template's table; `make conformance` asks them all."""

from collections.abc import Callable
from typing import Final

import pytest

from tests.conformance.comparing import query_verdict
from tests.conformance.recordings import queries, world
from tests.conformance.report import disagreements
from tests.conformance.serving import Behind, serving

EVERY: Final = 25


@pytest.mark.usefixtures("dynoxide_endpoint")  # skips where it cannot be had
def test_queries_over_the_table_are_answered_as_recorded(
    record_property: Callable[[str, object], None],
) -> None:
    with serving(world(), Behind.TABLE) as client:
        verdicts = [query_verdict(case, client) for case in queries()[::EVERY]]
    record_property("summary", f"conformance: {len(verdicts)} queries over the table")

    told = disagreements(verdicts)
    assert not told, "\n".join(told)
