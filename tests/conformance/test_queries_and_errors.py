"""Every recorded query and refusal, sent through the gateway to the functions."""

from collections.abc import Callable, Iterator

import pytest

from tests.conformance.client import Client
from tests.conformance.comparing import error_verdict, query_verdict
from tests.conformance.recordings import errors, queries, world
from tests.conformance.report import (
    ERRORS,
    PROPERTIES,
    QUERIES,
    disagreements,
    error_section,
    property_section,
    query_section,
    section_on_page,
)
from tests.conformance.serving import Behind, serving


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """A client of a service that keeps tasks in memory."""
    with serving(world(), Behind.MEMORY) as client:
        yield client


def test_every_query_is_answered_as_recorded(
    client: Client, record_property: Callable[[str, object], None]
) -> None:
    verdicts = [query_verdict(case, client) for case in queries()]
    record_property("summary", f"conformance: {len(verdicts)} queries, list and count")

    told = disagreements(verdicts)
    assert not told, "\n".join(told)
    assert section_on_page(QUERIES) == query_section(verdicts)
    assert section_on_page(PROPERTIES) == property_section(queries(), verdicts, world())


def test_every_refusal_is_as_recorded(
    client: Client, record_property: Callable[[str, object], None]
) -> None:
    verdicts = [error_verdict(case, client) for case in errors()]
    record_property("summary", f"conformance: {len(verdicts)} errors")

    told = disagreements(verdicts)
    assert not told, "\n".join(told)
    assert section_on_page(ERRORS) == error_section(verdicts)
