"""The number of the table's layout: new tables get it, others are refused and left as they are."""

from typing import Any, cast

import pytest
from botocore.exceptions import ClientError
from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.layout import LAYOUT, WrongLayout, check_layout
from taskdock.adapters.dynamodb.task_items import attributes

from local.settings import CannotStart
from local.table import ensure_layout
from tests.support.tables import Table


def layout_of(table: Table) -> Any:
    key = attributes(keys.LAYOUT)
    return table.client.get_item(TableName=table.name, Key=key).get("Item", {}).get("layout")


@pytest.fixture
def unnumbered(dynoxide_table: Table) -> Table:
    """A table as a deployment makes it, without any item."""
    dynoxide_table.client.delete_item(TableName=dynoxide_table.name, Key=attributes(keys.LAYOUT))
    return dynoxide_table


def put(table: Table, **item: Any) -> None:
    table.client.put_item(TableName=table.name, Item=attributes(item))


def test_an_empty_table_gets_the_number_once(unnumbered: Table) -> None:
    for _ in range(2):
        check_layout(unnumbered.client, unnumbered.name)
        assert layout_of(unnumbered) == {"N": str(LAYOUT)}


def test_a_table_with_tasks_and_no_number_is_refused_and_left_as_it_is(unnumbered: Table) -> None:
    put(unnumbered, PK="TASK#t1", SK="TASK", version=1)
    before = unnumbered.items()

    with pytest.raises(WrongLayout, match=f"no number of a layout.*keeps layout {LAYOUT}"):
        check_layout(unnumbered.client, unnumbered.name)

    assert (unnumbered.items(), layout_of(unnumbered)) == (before, None)


@pytest.mark.parametrize("number", [1, LAYOUT + 1])
def test_another_layout_is_refused_and_left_as_it_is(dynoxide_table: Table, number: int) -> None:
    put(dynoxide_table, **keys.LAYOUT, layout=number)

    with pytest.raises(WrongLayout, match=f"has layout {number}"):
        check_layout(dynoxide_table.client, dynoxide_table.name)

    assert layout_of(dynoxide_table) == {"N": str(number)}


def test_the_local_service_says_what_to_remove(dynoxide_table: Table) -> None:
    put(dynoxide_table, **keys.LAYOUT, layout=1)
    client = dynoxide_table.client
    described = client.describe_table(TableName=dynoxide_table.name)["Table"]

    with pytest.raises(CannotStart, match=r"layout 1.*rm -r \.local/tasks\.db"):
        ensure_layout(client, dynoxide_table.name, cast("Any", described))


def test_the_local_service_knows_no_other_authorizations(dynoxide_table: Table) -> None:
    client = dynoxide_table.client
    described: Any = client.describe_table(TableName=dynoxide_table.name)["Table"]

    with pytest.raises(CannotStart, match="AUTHORIZATION: expected open or participants, got 'x'"):
        ensure_layout(client, dynoxide_table.name, described, "x")
    with pytest.raises(CannotStart, match="kept for Authorization=open"):
        ensure_layout(client, dynoxide_table.name, described, "participants")


def test_a_function_that_may_only_read_takes_a_new_table_as_it_is(unnumbered: Table) -> None:
    class ReadOnly:
        def __getattr__(self, name: str) -> Any:
            return getattr(unnumbered.client, name)

        def put_item(self, **_: Any) -> None:
            answer: Any = {
                "Error": {"Code": "AccessDeniedException"},
                "ResponseMetadata": {"HTTPStatusCode": 400},
            }
            raise ClientError(answer, "PutItem")

    check_layout(cast("Any", ReadOnly()), unnumbered.name)

    assert layout_of(unnumbered) is None
