"""How the service API shows services and their tasks."""

import json
from typing import Any

from taskdock.api.answers.service_tasks import (
    list_resource_json,
    service_href,
    service_json,
    service_task_json,
    services_json,
    task_href,
)
from taskdock.domain.instants import Instant
from taskdock.domain.services.lists import ListName
from taskdock.use_cases.ports import Service

from tests.support.builders import CREATED, MINUTE, a_task

HREF = "/v1/services/operator-p4/tasks/t1"
EMPTY: dict[str, Any] = {"metadata": {}, "embedded": {"listItems": []}}
PRINTER = Service("printer", "Print connector", "Prints", ("print",))


def test_a_new_task_is_shown_as_the_page_shows_it() -> None:
    task = a_task(
        "t1",
        name="My Task",
        service="operator-p4",
        owner="demo",
        variables={
            "description": {"type": "String", "value": "Print task"},
            "Printer": {"type": "String", "value": "LocalPrinter"},
        },
        input=[{"href": "/v1/services/repo/1"}],
    )

    shown = service_task_json(task, "")

    assert json.dumps(shown) == json.dumps(
        {
            "tid": "t1",
            "name": "My Task",
            "service": "operator-p4",
            "type": None,
            "owner": "demo",
            "state": "created",
            "created": "2026-01-23T12:42:42.000+0000",
            "lastUpdated": None,
            "metadata": {"description": "Print task", "Printer": "LocalPrinter"},
            "lists": {
                "input": {
                    "metadata": {},
                    "embedded": {
                        "listItems": [{"index": 0, "href": "/v1/services/repo/1", "metadata": {}}]
                    },
                },
                "output": EMPTY,
            },
            "href": HREF,
            "links": {"self": {"href": HREF}},
        }
    )


def test_a_task_without_a_state_is_shown_as_created_or_completed() -> None:
    without: Any = {name: value for name, value in a_task("t1").items() if name != "state"}
    ended: Any = {**without, "ended": CREATED}

    assert service_task_json(without, "")["state"] == "created"
    assert service_task_json(ended, "")["state"] == "completed"


def test_whatever_says_more_than_nothing_is_shown_too() -> None:
    task = a_task(
        "t1",
        service="operator-p4",
        groups=["sales"],
        users=["john"],
        assignee="mary",
        priority=0,
        due=CREATED,
        followUp=CREATED,
        tenantId="t1",
        parentTaskId="p",
        formKey="form-1",
        state="failed",
        ended=CREATED,
        endReason="no paper",
    )

    shown = service_task_json(task, "")

    moment = "2026-01-23T12:42:42.000+0000"
    assert list(shown)[list(shown).index("links") + 1 :] == [
        *("assignee", "candidateUsers", "candidateGroups", "priority", "due", "followUp"),
        *("parentTaskId", "tenantId", "formKey", "ended", "endReason"),
    ]
    assert (shown["assignee"], shown["priority"], shown["due"]) == ("mary", 0, moment)
    assert (shown["candidateUsers"], shown["candidateGroups"]) == (["john"], ["sales"])
    assert (shown["ended"], shown["endReason"]) == (moment, "no paper")


def test_items_are_left_out_of_lists_that_are_not_embedded() -> None:
    task = a_task(input=[{"href": "a"}], inputMetadata={"x": 1}, output=[{"href": "b"}])

    lists = service_task_json(task, "", [ListName.OUTPUT])["lists"]

    assert lists["input"] == {"metadata": {"x": 1}}
    assert lists["output"]["embedded"]["listItems"][0]["href"] == "b"


def test_a_list_is_a_resource_of_its_own() -> None:
    task = a_task("t1", service="operator-p4", output=[{"href": "b"}])

    shown = list_resource_json(task, ListName.OUTPUT, "/base")

    href = f"/base{HREF}/output"
    assert shown == {
        "metadata": {},
        "embedded": {"listItems": [{"index": 0, "href": "b", "metadata": {}}]},
        "href": href,
        "links": {"self": {"href": href}},
    }


def test_metadata_are_shown_as_they_were_given() -> None:
    task = a_task(
        variables={
            "nested": {"type": "Json", "value": '{"a":[1,null]}'},
            "huge": {"type": "Json", "value": str(2**70)},
            "nothing": {"type": "Null", "value": None},
        }
    )

    metadata = service_task_json(task, "")["metadata"]

    assert metadata == {"nested": {"a": [1, None]}, "huge": 2**70, "nothing": None}


def test_items_have_indexes_and_lists_metadata() -> None:
    task = a_task(
        output=[{"href": "a", "metadata": {"x": 1}}, {"href": "b"}], outputMetadata={"y": 2}
    )

    assert service_task_json(task, "")["lists"]["output"] == {
        "metadata": {"y": 2},
        "embedded": {
            "listItems": [
                {"index": 0, "href": "a", "metadata": {"x": 1}},
                {"index": 1, "href": "b", "metadata": {}},
            ]
        },
    }


def test_an_ended_task_says_when_and_why() -> None:
    ended = Instant(CREATED + MINUTE)
    task = a_task(state="failed", ended=ended, endReason="paper jam", lastUpdated=ended)

    shown = service_task_json(task, "")

    assert shown["state"] == "failed"
    assert shown["ended"] == shown["lastUpdated"] == "2026-01-23T12:43:42.000+0000"
    assert shown["endReason"] == "paper jam"


def test_addresses_start_with_the_context_path() -> None:
    task = a_task("t1", service="operator-p4")

    assert task_href(task, "/engine-rest") == f"/engine-rest{HREF}"
    assert service_task_json(task, "/engine-rest")["href"] == f"/engine-rest{HREF}"
    assert service_href(PRINTER, "/engine-rest") == "/engine-rest/v1/services/printer"


def test_a_service_is_shown_with_its_address() -> None:
    assert service_json(PRINTER, "") == {
        "sid": "printer",
        "name": "Print connector",
        "description": "Prints",
        "types": ["print"],
        "href": "/v1/services/printer",
        "links": {"self": {"href": "/v1/services/printer"}},
    }


def test_services_are_a_collection_with_an_address_of_its_own() -> None:
    assert services_json([PRINTER], "") == {
        "embedded": {"services": [service_json(PRINTER, "")]},
        "links": {"self": {"href": "/v1/services"}},
    }
