"""Columns as they are deployed: made by their function, asked by the handler of queries."""

import json
import time
from collections.abc import Iterator
from io import StringIO

import pytest
from taskdock.adapters.dynamodb.changes import change_keeping
from taskdock.adapters.dynamodb.changes.change_keeping import ChangeKeeping
from taskdock.adapters.dynamodb.changes.writer_clock import WriterClock
from taskdock.domain.errors import TemporarilyUnavailable
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import TaskId
from taskdock.runtime.logging import logger
from taskdock.runtime.settings import Settings
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.columns import columns
from taskdock.use_cases.erasure.erase_task import erase_task

from functions.compact_columns.handler import handler
from local.restore import Restore
from tests.support.builders import a_task
from tests.support.column_places import Context, Place, a_column_place
from tests.support.http_events import sample
from tests.support.object_stores import names_in
from tests.support.set_clock import SetClock
from tests.support.tables import Table, new_table


@pytest.fixture
def place(dynoxide_table: Table, moto_endpoint: str) -> Iterator[Place]:
    with a_column_place(dynoxide_table, moto_endpoint) as found:
        yield found


def test_queries_read_columns_that_the_function_has_made(place: Place) -> None:
    place.put(*(a_task(f"{at:03}", name=f"n{at}") for at in range(300)), a_task("x", tenantId="t1"))

    assert handler(sample("compact_columns", "anew"), Context()) == {"outcome": "made"}
    assert handler(sample("compact_columns", "up_to_date"), Context()) == {"outcome": "made"}
    answer = place.ask({"nameLike": "n29%"})

    assert [each["id"] for each in answer["tasks"]] == ["029", *(f"{at}" for at in range(290, 300))]
    assert answer["plan"]["path"] == "columns"
    assert answer["columns"]["rows"] == 301
    assert answer["read"]["items"] == 11


def test_what_changed_since_is_found(place: Place) -> None:
    place.put(*(a_task(f"{at:03}", name=f"n{at}") for at in range(100)))
    handler({"tenant": None}, Context())
    place.put(a_task("new", name="n1new"), a_task("001", name="other"))

    answer = place.ask({"nameLike": "n1%"})

    assert [each["id"] for each in answer["tasks"]] == [
        *(f"{at:03}" for at in range(10, 20)),
        "new",
    ]


def test_a_bucket_that_lost_its_objects_leaves_it_to_the_indexes(place: Place) -> None:
    place.put(*(a_task(f"{at:03}", name=f"n{at}") for at in range(100)))
    handler({"tenant": None}, Context())
    for name in names_in(place.s3, place.bucket):
        place.s3.delete_object(Bucket=place.bucket, Key=name)

    answer = place.ask({"nameLike": "n1%"})

    assert len(answer["tasks"]) == 11
    assert answer["columns"] == {"unusable": "object gone"}
    assert answer["plan"]["path"] == "all open tasks"


def test_why_columns_were_of_no_use_is_a_line_of_the_log_and_a_metric(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", log)
    place.put(*(a_task(f"{at:03}", name=f"n{at}") for at in range(100)))
    handler({"tenant": None}, Context())
    for name in names_in(place.s3, place.bucket):
        place.s3.delete_object(Bucket=place.bucket, Key=name)
    place.ask({"nameLike": "n1%"})

    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    [told] = [each for each in lines if each["message"] == "columns unusable"]
    assert (told["level"], told["reason"]) == ("WARNING", "object gone")
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    [counted] = [each for each in printed if "columnsUnusable" in each]
    assert counted["columnsUnusable"] == [1.0]
    [described] = counted["_aws"]["CloudWatchMetrics"]
    assert described["Namespace"] == "taskdock"
    assert {"Name": "columnsUnusable", "Unit": "Count"} in described["Metrics"]


def test_changes_that_are_switched_off_and_on_again_end_in_new_columns(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found() -> list[str]:
        return [each["id"] for each in place.ask({"nameLike": "n%"})["tasks"]]

    place.put(*(a_task(f"{at:03}", name=f"n{at}") for at in range(30)))
    handler({"tenant": None}, Context())
    clock = SetClock.real()
    off = ChangeKeeping(place.table.client, place.table.name, clock=clock, is_on=False)
    place.put(a_task("new", name="n-new"), a_task("001", name="other"), keeping=off)
    expected = [f"{at:03}" for at in range(30) if at != 1] + ["new"]
    assert place.ask({})["columns"] == {"unusable": "changes not kept"}
    assert found() == expected
    assert handler({"tenant": None}, Context()) == {"outcome": "off"}

    on = ChangeKeeping(place.table.client, place.table.name, clock=clock, is_on=True)
    place.put(a_task("newer", name="n-newer"), keeping=on)
    assert place.ask({})["columns"] == {"unusable": "changes not kept"}
    assert found() == [*expected, "newer"]
    assert handler({"tenant": None}, Context()) == {"outcome": "off"}

    monkeypatch.setattr(change_keeping, "GRACE", 0)  # as if ten minutes had passed
    assert place.ask({})["columns"] == {"unusable": "changes not kept"}
    assert handler({"tenant": None}, Context()) == {"outcome": "made"}
    assert place.ask({})["plan"]["path"] == "columns"
    assert found() == [*expected, "newer"]


def test_a_table_that_is_restored_is_not_answered_from_columns_of_another_state(
    place: Place, dynoxide_endpoint: str
) -> None:
    tasks = [a_task(f"{at:03}", name=f"n{at}") for at in range(30)]
    place.put(*tasks)
    handler({"tenant": None}, Context())
    with new_table(dynoxide_endpoint) as backup:
        for item in place.table.items():
            backup.client.put_item(TableName=backup.name, Item=item)
        store = place.table.store(keeping=place.table.keeping(SetClock.real()))
        erase_task(store, TaskId("001"))
        place.put(a_task("002", name="changed"))
        handler({"tenant": None}, Context())
        head = place.head()
        restored = Restore(backup.client, backup.name, place.table.name)(
            replace=True, dry_run=False
        )

    assert (restored.missing, restored.different) == (1, 1)
    assert place.head() == head
    answer = place.ask({"nameLike": "n%"})
    assert [each["id"] for each in answer["tasks"]] == [task["id"] for task in tasks]
    assert answer["columns"] == {"unusable": "changes not kept"}


@pytest.mark.parametrize("ahead", [3600.0, -3600.0])
def test_a_compactor_whose_clock_is_an_hour_wrong_makes_nothing(
    place: Place, ahead: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.put(*(a_task(f"{at:03}", name=f"n{at}") for at in range(30)))
    handler({"tenant": None}, Context())
    place.put(a_task("new", name="n-new"))
    before = place.head(), names_in(place.s3, place.bucket)

    clocks = (lambda: time.time() + ahead), time.monotonic
    monkeypatch.setattr(WriterClock.__init__, "__defaults__", clocks)
    columns_there = Wiring(Settings.from_environment()).columns
    assert columns_there is not None
    with pytest.raises(TemporarilyUnavailable, match="The clock of this instance is 3"):
        columns_there.compactor.compact(None, lambda: 900.0)

    assert (place.head(), names_in(place.s3, place.bucket)) == before
    answer = place.ask({"nameLike": "n%"})
    assert (answer["plan"]["path"], len(answer["tasks"])) == ("columns", 31)


def test_a_bit_that_flipped_is_told_by_its_checksum(place: Place) -> None:
    place.put(*(a_task(f"{at:03}", name=f"n{at}") for at in range(100)))
    handler({"tenant": None}, Context())
    [segment] = set(names_in(place.s3, place.bucket)) - {place.head()["manifest"]["S"]}
    content = place.s3.get_object(Bucket=place.bucket, Key=segment)["Body"].read()
    flipped = bytes(each ^ 64 for each in content)
    place.s3.put_object(Bucket=place.bucket, Key=segment, Body=flipped)

    answer = place.ask({"nameLike": "n1%"})

    assert (len(answer["tasks"]), answer["columns"]) == (11, {"unusable": "object changed"})
    assert handler({"tenant": None, "anew": True}, Context()) == {"outcome": "made"}
    assert place.ask({"nameLike": "n1%"})["plan"]["path"] == "columns"


def test_half_of_the_days_of_ended_tasks_is_the_longest_age() -> None:
    day = 24 * 60 * 60 * 1000

    assert columns.longest_age(10) == Instant(5 * day)
    assert columns.longest_age(3650) == 30 * day
