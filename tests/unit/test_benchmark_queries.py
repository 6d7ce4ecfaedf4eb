"""The queries that are measured take the paths that the measurements are published for."""

from urllib.parse import parse_qs

import pytest
from taskdock.api.queries.reading import read_body
from taskdock.domain.expressions.expression import Scope
from taskdock.domain.query.binding import bind
from taskdock.domain.query.planning import plan
from taskdock.runtime.explanations import path_name

from benchmarks.queries import QUERIES, Asked
from benchmarks.world import NOW


@pytest.mark.parametrize("asked", QUERIES, ids=lambda asked: asked.title)
def test_the_plan_takes_the_promised_path(asked: Asked) -> None:
    query = bind(read_body(asked.body), Scope(NOW, "demo", ()), lambda _: ())
    maximum = parse_qs(asked.parameters).get("maxResults")
    wanted = int(maximum[0]) + 1 if maximum else None
    assert path_name(plan(query, wanted)) == asked.path


def test_each_has_a_title_of_its_own() -> None:
    assert len({asked.title for asked in QUERIES}) == len(QUERIES) == 18
