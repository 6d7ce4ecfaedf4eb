"""docs/limits.md says what the code goes by, and reckons rightly."""

import math
import re
from typing import Any, Final

import pytest
from taskdock.adapters.cognito_directory import _REMEMBERED_SECONDS
from taskdock.adapters.dynamodb.keys import _LONGEST_VALUE
from taskdock.adapters.dynamodb.table_writes import (
    _THROTTLED_TRIES,
    TRANSACTION_BYTES,
    TRANSACTION_ITEMS,
)
from taskdock.adapters.dynamodb.task_items import DOCUMENT_LIMIT, RECORD_LIMIT, task_items
from taskdock.adapters.event_bus import MAX_BYTES, MAX_ENTRIES
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.events.detection import MAX_ITEMS_BYTES
from taskdock.domain.query.read_specs import OPEN_SHARDS
from taskdock.routes.imports import BODY_LIMIT as IMPORT_LIMIT
from taskdock.routes.task_attachments import BODY_LIMIT as FORM_LIMIT
from taskdock.runtime.answers import LARGEST_PAYLOAD
from taskdock.runtime.read_limits import _GATEWAY_WAITS, _TO_ANSWER
from taskdock.runtime.requests import BODY_LIMIT
from taskdock.runtime.settings import Settings
from taskdock.use_cases.query.paging import _TOKEN_LIMIT
from taskdock.use_cases.query.query_tasks import MOST_TASKS
from taskdock.use_cases.services.known_services import REMEMBERED as SERVICES_REMEMBERED
from taskdock.use_cases.services.programs import REMEMBERED as PROGRAMS_REMEMBERED
from taskdock.use_cases.tasks.conflicts import TRIES
from taskdock.use_cases.tasks.task_family import DEEPEST

from local.gateway import LARGEST_BODY, LARGEST_HEAD, PATIENCE
from local.settings import REPOSITORY
from local.template import Template
from tests.support.builders import a_task, noise
from tests.support.deployed_routes import deployed_routes
from tests.support.documents import table_of

PAGE: Final = REPOSITORY / "docs" / "limits.md"

QUOTA: Final = 40_000
NEW_TABLE: Final = 4_000
"""Write units that a table takes in a second, at most and at first."""

WRITES: Final = 1_000
READS: Final = 3_000
"""Units that a partition gives in a second."""


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def parameter(name: str) -> int:
    template = Template.load(REPOSITORY / "template.yaml")
    return int(template.section("Parameters")[name]["Default"])


def words() -> dict[str, str]:
    """What the page says of each number that the code has, too."""
    minute, half_a_day = 60, 12
    assert minute * 1000 == SERVICES_REMEMBERED == PROGRAMS_REMEMBERED
    assert minute == _REMEMBERED_SECONDS
    assert half_a_day * 3600 == record_age()
    return {
        "budget": f"`MaxReadUnits` ({Settings().max_read_units:,})",
        "candidates": f"at most {TRANSACTION_ITEMS} candidates",
        "transaction": f"at most {TRANSACTION_ITEMS} items and {TRANSACTION_BYTES:,} bytes",
        "throttled": f"tried {_in_words(_THROTTLED_TRIES)} times",
        "conflicts": f"tried {TRIES} times",
        "document": f"{DOCUMENT_LIMIT:,} bytes of JSON",
        "record": f"metadata: {RECORD_LIMIT:,} bytes",
        "key": f"values over {_LONGEST_VALUE} bytes",
        "ancestors": f"at most {DEEPEST} ancestors",
        "shards": f"over {OPEN_SHARDS} shards: {OPEN_SHARDS * WRITES:,} changes a second",
        "time": f"{_GATEWAY_WAITS - _TO_ANSWER:g} seconds of the function's {_GATEWAY_WAITS:g}",
        "tasks": f"sort and page | {MOST_TASKS:,} |",
        "answer": f"{LARGEST_PAYLOAD:,} bytes, as Lambda returns it",
        "body": f"{BODY_LIMIT:,} bytes; an import {IMPORT_LIMIT:,}, a form",
        "form": f"with an attachment {FORM_LIMIT:,}: 413",
        "gateway body": f"{LARGEST_BODY // 1024**2} MB, fixed: 413",
        "gateway head": f"headers together | {LARGEST_HEAD:,} bytes",
        "gateway time": f"{PATIENCE:g} seconds, fixed: 503",
        "token": f"at most {_TOKEN_LIMIT:,} characters",
        "rate": f"`RequestsPerSecond` ({parameter('RequestsPerSecond')})",
        "burst": f"`RequestBurst` ({parameter('RequestBurst'):,})",
        "reserved": f"`StreamReaderConcurrency` ({parameter('StreamReaderConcurrency')})",
        "remembered": f"{minute} seconds for services and programs",
        "groups": f"remembered for {minute} seconds",
        "age": f"until a record is {half_a_day} hours old",
        "events": f"{MAX_ENTRIES} events a call",
        "event": f"an event | {MAX_BYTES // 1000} KB",
        "items": f"left out beyond {MAX_ITEMS_BYTES:,} bytes",
    }


def record_age() -> int:
    """Seconds after which every reader of the stream gives a record up."""
    template = Template.load(REPOSITORY / "template.yaml")
    [age] = {
        event["Properties"]["MaximumRecordAgeInSeconds"]
        for function in template.resources("AWS::Serverless::Function").values()
        for event in function["Events"].values()
        if event["Type"] == "DynamoDB"
    }
    seconds: int = age
    return seconds


def _in_words(number: int) -> str:
    return ("no", "one", "two", "three", "four", "five", "six")[number]


@pytest.mark.parametrize("what", words())
def test_a_number_is_the_codes_own(page: str, what: str) -> None:
    assert words()[what] in page


def test_the_rates_are_what_a_partition_gives_by_the_size_of_an_entry() -> None:
    told = table_of(PAGE, "<!-- rates -->", "<!-- /rates -->")
    figures = [row for row in told if row[0].endswith("KB")]

    assert len(figures) >= 5
    for size, index, shards, task in figures:
        units = math.ceil(float(re.sub(r"[^0-9.]", "", size)))
        rates = [int(cell.replace(",", "")) for cell in (index, shards, task)]
        assert rates == [
            WRITES // units,
            OPEN_SHARDS * (WRITES // units),
            WRITES // (2 * units),
        ], size


def test_the_changes_a_second_are_those_of_what_changes_cost() -> None:
    """docs/costs.md has what was measured; when that changes, docs/limits.md has to follow."""
    costs = REPOSITORY / "docs" / "costs.md"
    measured = {
        name: int(own) + int(history)
        for name, own, history, _ in table_of(costs, "## History", "The figures")
        if name != "**together**"
    }
    told = table_of(PAGE, "<!-- changes -->", "<!-- /changes -->")

    assert len(told) >= 4
    assert told == [
        [name, str(units), f"{NEW_TABLE // units:,}", f"{QUOTA // units:,}"]
        for name, units in measured.items()
    ]


def test_as_many_variables_and_copies_fit_as_the_page_says(page: str) -> None:
    """In the largest document there may be; more of either is refused."""

    def items_of(number: int) -> int:
        value = {"type": "String", "value": "x" * 50}
        variables = {f"variable{each:05}": value for each in range(number)}
        return len(task_items(a_task(variables=variables), 1, 90))

    assert "some 3,200 variables of 50 characters" in page
    assert items_of(3_200) == 1
    with pytest.raises(InvalidRequest):
        items_of(3_300)

    largest = a_task(variables={"a": {"type": "String", "value": noise(DOCUMENT_LIMIT - 600)}})
    [item] = task_items(largest, 1, 90)
    copy = len(item["doc"]["B"])
    assert "17 copies of the largest document" in page
    assert 17 * copy <= TRANSACTION_BYTES < 18 * copy


def test_one_partition_serves_the_default_budget_within_a_second() -> None:
    assert parameter("MaxReadUnits") == Settings().max_read_units < READS


def test_the_table_has_as_many_indexes_and_readers_as_it_says(
    page: str, template: Template, functions: dict[str, Any]
) -> None:
    [table] = template.resources("AWS::DynamoDB::Table").values()
    readers = [
        name
        for name, function in functions.items()
        if any(event["Type"] == "DynamoDB" for event in function["Events"].values())
    ]

    assert f"| indexes | 20 | {len(table['GlobalSecondaryIndexes'])} |" in page
    assert len(readers) == 2, "a third reader throttles the others"


def test_the_audience_leaves_room_for_programs(page: str, template: Template) -> None:
    clients = len(template.resources("AWS::Cognito::UserPoolClient"))

    assert f"four clients and `ProgramClientIds`, which leaves {50 - clients}" in page
    assert clients == 4


def test_the_api_has_no_more_routes_than_it_may() -> None:
    assert len(deployed_routes()) <= 300


def test_every_limit_of_aws_has_a_source(page: str) -> None:
    """Each chapter about what AWS gives names the page that says so."""
    chapters = re.split(r"^## ", page, flags=re.MULTILINE)[1:]
    own = {"Keys that grow hot", "Beyond a partition's limit", "Queries"}
    for chapter in chapters:
        title = chapter.partition("\n")[0]
        assert title in own or "https://docs.aws.amazon.com/" in chapter, title


def test_every_alarm_that_the_page_names_is_there(page: str, template: Template) -> None:
    named = set(re.findall(r"`(\w+Alarm)`", page))

    assert len(named) >= 5
    assert named <= set(template.resources("AWS::CloudWatch::Alarm"))
