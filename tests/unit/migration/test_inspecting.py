"""An inspection says what a copy would do, and changes nothing."""

from pathlib import Path
from typing import Any

import pytest

from migration.http_client import Connection, Sent, Trouble
from migration.inspection.inspecting import inspected
from migration.inspection.markdown import as_markdown
from migration.old_server import OldServer
from migration.report_files import write_report
from tests.support.old_camunda import OLD, TwoServers, said, shown

BPMN = "<bpmn:userTask><camunda:taskListener/></bpmn:userTask><bpmn:scriptTask/>"
DEFINITION = {"key": "order", "name": "Order", "version": 3, "tenantId": None}


def report_on(servers: TwoServers, user: str = "") -> dict[str, Any]:
    connection = Connection(OLD, {}, servers, lambda _seconds: None)
    return inspected(OldServer(connection), user, lambda _done, _total: None)


def verdict(report: dict[str, Any], kind: str) -> tuple[int, str]:
    [found] = [each for each in report["verdicts"] if each["kind"] == kind]
    return found["count"], found["verdict"]


def a_world() -> TwoServers:
    servers = TwoServers(
        shown("own", tenantId="t1"),
        shown("step", processInstanceId="p", processDefinitionId="order:3", executionId="p"),
        shown("files", hasAttachment=True, suspended=True),
    )
    info = {
        "objectTypeName": "org.Order",
        "serializationDataFormat": "application/x-java-serialized-object",
    }
    java = {"type": "Object", "value": "rO0=", "valueInfo": info}
    number = {"type": "Long", "value": 5, "valueInfo": {}}
    servers.variables = [
        {"id": "v1", "name": "order", "taskId": "own", **java},
        {"id": "v2", "name": "amount", "taskId": "own", **number},
    ]
    servers.attachments["files"] = [{"id": "small", "name": "s"}, {"id": "huge", "name": "h"}]
    servers.contents = {"small": b"abc", "huge": bytes(50_000_000)}
    servers.around = {
        "/process-instance": [{"id": "p", "businessKey": "B"}],
        "/process-definition/order%3A3": DEFINITION,
        "/process-definition/order%3A3/xml": {"bpmn20Xml": BPMN},
        "/tenant": [{"id": "t1"}, {"id": "t2"}],
        "/job/count": {"count": 4},
    }
    return servers


def test_each_kind_of_thing_gets_its_count_and_verdict() -> None:
    report = report_on(a_world())
    assert report["tasks"]["kinds"] == {"standalone": 2, "process": 1}
    assert verdict(report, "standalone tasks") == (2, "moves")
    assert verdict(report, "tasks of processes") == (1, "moves in part")
    assert verdict(report, "variables that are serialized Java objects") == (1, "does not move")
    assert verdict(report, "variables") == (1, "moves")
    assert verdict(report, "attachments over 4.4 MB") == (1, "does not move")
    assert verdict(report, "jobs and timers") == (4, "does not move")
    assert verdict(report, "suspended tasks") == (1, "moves")
    [definition] = report["definitions"]
    assert definition["runs"] == {"task listeners": 1, "scripts": 1}
    assert {each["what"] for each in report["notMoved"]} == {"variable order", "attachment h"}


def test_names_over_the_limits_are_told_before_the_target_refuses_them() -> None:
    servers = TwoServers(shown("t", assignee="n" * 4000), shown("i" * 65), shown("l"))
    servers.links["l"] = [{"type": "candidate", "userId": None, "groupId": "g" * 300}]
    report = report_on(servers)
    assert verdict(report, "tasks over a limit") == (3, "does not move")
    assert {each["why"] for each in report["notMoved"]} == {
        "assignee: 4000 characters, over 255",
        "its id has 65 characters, over 64",
        "candidate link: 300 characters, over 255",
    }


def test_it_says_which_tenants_tasks_it_cannot_see() -> None:
    servers = a_world()

    def own(request: Sent) -> Any:
        return said([{"id": "t1"}]) if "userMember=ann" in request.url else None

    servers.faults = own
    report = report_on(servers, "ann")
    assert report["tenantsUnseen"] == ["t2"]
    assert "**Tasks of these tenants were not seen**" in as_markdown(report)


def test_it_only_reads() -> None:
    servers, sent = a_world(), list[Sent]()
    servers.faults = sent.append
    report_on(servers)
    reads = {"/task", "/variable-instance", "/process-instance", "/history/task"}
    posted = {each.url.partition("?")[0] for each in sent if each.method != "GET"}
    assert posted <= {OLD + path for path in reads}


def test_the_page_has_every_verdict_and_place(tmp_path: Path) -> None:
    report = report_on(a_world())
    page = as_markdown(report)
    assert "| standalone tasks | 2 | moves |" in page
    assert f"{OLD}/task/files/attachment/huge/data" in page
    assert [path.name for path in write_report(tmp_path, "inspection", report, page)] == [
        "inspection.json",
        "inspection.md",
    ]


def test_a_report_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Trouble, match=r"inspection\.json: File exists"):
        write_report(tmp_path / "file", "inspection", {}, "")
