"""Preparing a table for another authorization."""

from typing import Any

import pytest
from taskdock.adapters.dynamodb.layout import WrongLayout, check_layout
from taskdock.adapters.dynamodb.switching import switch_authorization
from taskdock.adapters.dynamodb.task_store import DynamoDbTaskStore
from taskdock.domain.access import Authorization
from taskdock.use_cases.ports import Changes, Put

from tests.support.builders import CREATED, a_task, to_group, to_user
from tests.support.tables import ENDED_TASK_DAYS, Table

OPEN, PARTICIPANTS = Authorization.OPEN, Authorization.PARTICIPANTS

TASKS = (
    a_task("alone", owner="ann"),
    a_task("offered", owner="ann", tenantId="t1", links=[to_group("sales"), to_user("bob", "x")]),
    a_task("assigned", assignee="cem", links=[to_user("bob"), to_user("bob", "x")]),
    a_task("plain"),
    a_task("ended", owner="ann", ended=CREATED),
)


def filled(table: Table, authorization: Authorization) -> None:
    store = DynamoDbTaskStore(
        table.client, table.name, ended_task_days=ENDED_TASK_DAYS, authorization=authorization
    )
    for task in TASKS:
        store.commit(Changes([Put(task)]))


def by_key(table: Table) -> dict[tuple[str, str], Any]:
    return {(item["PK"]["S"], item["SK"]["S"]): item for item in table.items()}


@pytest.mark.parametrize(("before", "after"), [(OPEN, PARTICIPANTS), (PARTICIPANTS, OPEN)])
def test_a_table_is_as_if_it_had_always_been_kept_so(
    dynoxide_table: Table, before: Authorization, after: Authorization
) -> None:
    filled(dynoxide_table, after)
    expected = by_key(dynoxide_table)
    for item in dynoxide_table.items():
        key = {name: item[name] for name in ("PK", "SK")}
        dynoxide_table.client.delete_item(TableName=dynoxide_table.name, Key=key)
    filled(dynoxide_table, before)
    assert by_key(dynoxide_table) != expected

    for _ in range(2):  # it can be done again
        number = switch_authorization(dynoxide_table.client, dynoxide_table.name, after)

    assert number == 4
    assert by_key(dynoxide_table) == expected


def test_the_table_says_which_authorization_it_is_kept_for(dynoxide_table: Table) -> None:
    table = dynoxide_table
    with pytest.raises(WrongLayout, match="make authorization MODE=participants"):
        check_layout(table.client, table.name, PARTICIPANTS)

    switch_authorization(table.client, table.name, PARTICIPANTS)

    check_layout(table.client, table.name, PARTICIPANTS)
    with pytest.raises(WrongLayout, match="is kept for Authorization=participants"):
        check_layout(table.client, table.name, OPEN)
