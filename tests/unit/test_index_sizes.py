"""The sizes of the indexes: the table's own counts, read seldom, and not needed for an answer."""

from typing import Any, cast

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from taskdock.adapters.dynamodb.index_sizes import REMEMBERED, IndexSizes
from taskdock.domain.query.read_specs import Index


class DescribedTable:
    """A client whose table has these indexes, or fails."""

    def __init__(self, **counts: int) -> None:
        self.counts = counts
        self.failure: Exception | None = None
        self.asked = 0

    def describe_table(self, TableName: str) -> dict[str, Any]:  # noqa: N803 - the client's name
        assert TableName == "tasks"
        self.asked += 1
        if self.failure is not None:
            raise self.failure
        indexes = [{"IndexName": name, "ItemCount": count} for name, count in self.counts.items()]
        return {"Table": {"GlobalSecondaryIndexes": indexes}}


def sizes_of(table: DescribedTable, times: list[float]) -> IndexSizes:
    return IndexSizes(cast("Any", table), "tasks", lambda: times[0])


def test_the_counts_are_those_of_the_indexes_that_plans_know() -> None:
    table = DescribedTable(open=7, by_service=0, of_another_kind=3)
    assert sizes_of(table, [0.0]).known() == {Index.OPEN: 7, Index.SERVICE: 0}


def test_a_table_that_has_not_counted_yet_says_nothing() -> None:
    assert sizes_of(DescribedTable(open=0, by_service=0), [0.0]).known() == {}


def test_the_table_is_asked_again_after_a_while() -> None:
    table, times = DescribedTable(open=7), [0.0]
    sizes = sizes_of(table, times)
    assert sizes.known() == sizes.known()
    table.counts = {"open": 8}
    times[0] = REMEMBERED - 1
    assert sizes.known() == {Index.OPEN: 7}
    times[0] = REMEMBERED
    assert sizes.known() == {Index.OPEN: 8}
    assert table.asked == 2


@pytest.mark.parametrize(
    "failure",
    [
        EndpointConnectionError(endpoint_url="http://localhost"),
        ClientError({"Error": {"Code": "ThrottlingException"}}, "DescribeTable"),
        ClientError({"Error": {"Code": "AccessDeniedException"}}, "DescribeTable"),
    ],
)
def test_a_table_that_cannot_be_asked_is_no_error_and_left_alone(
    failure: Exception,
) -> None:
    table = DescribedTable(open=7)
    table.failure = failure
    sizes = sizes_of(table, [0.0])
    assert sizes.known() == {}
    assert sizes.known() == {}
    assert table.asked == 1


def test_what_was_known_is_forgotten_when_the_table_cannot_be_asked_again() -> None:
    table, times = DescribedTable(open=7), [0.0]
    sizes = sizes_of(table, times)
    assert sizes.known() == {Index.OPEN: 7}
    table.failure = EndpointConnectionError(endpoint_url="http://localhost")
    times[0] = REMEMBERED
    assert sizes.known() == {}
