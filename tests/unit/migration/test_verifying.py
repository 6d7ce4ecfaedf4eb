"""A verification finds every difference, and explains only what it can."""

from pathlib import Path
from typing import Any

import pytest

from migration.comparison.markdown import as_markdown
from migration.comparison.parts import Difference
from migration.comparison.queries import Query, at_random, of_file, with_ties_broken
from migration.comparison.verifying import ENDED, LISTED, Verification, is_listed
from migration.http_client import Connection, Sent, Trouble
from migration.journal import Left, Moved, State
from migration.old_server import Facts, OldServer
from tests.support.old_camunda import OLD, TwoServers, said, shown


def server(transport: TwoServers) -> OldServer:
    return OldServer(Connection(OLD, {}, transport, lambda _seconds: None))


def compare(one: TwoServers, two: TwoServers, state: State | None = None) -> dict[str, Any]:
    run = Verification(server(one), server(two), state or State())
    return run([Query("all", {"sorting": [{"sortBy": "created", "sortOrder": "asc"}]})], 5, 1)


def found(report: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(each["task"], each["what"], each["why"]) for each in report["differences"]]


def three(**facts: Any) -> TwoServers:
    return TwoServers(*(shown(f"t{number}", number, **facts) for number in range(3)))


def test_equal_servers_have_no_differences() -> None:
    report = compare(three(), three())
    assert (report["tasks"], report["queries"], report["differences"]) == (3, 6, [])
    assert "**0 differences without an explanation**" in as_markdown(report)


@pytest.mark.parametrize(
    ("name", "value"), [("name", "other"), ("due", None), ("priority", 51), ("suspended", True)]
)
def test_a_field_that_differs_is_named(name: str, value: Any) -> None:
    one, two = three(due="2026-01-01T00:00:00.000+0000"), three(due="2026-01-01T00:00:00.000+0000")
    two.tasks["t1"] = {**two.tasks["t1"], name: value}
    assert ("t1", name, "") in found(compare(one, two))


def test_a_link_and_a_variable_that_are_missing_are_named() -> None:
    one, two = three(), three()
    one.links["t1"] = [{"type": "candidate", "userId": None, "groupId": "sales"}]
    row = {"id": "v", "name": "amount", "type": "Long", "value": 5, "valueInfo": {}}
    one.variables = [{**row, "taskId": "t1"}]
    assert {what for _, what, _ in found(compare(one, two))} == {
        "identity-links sales candidate None",
        "variables amount",
        "localVariables amount",
    }


def test_tasks_without_variables_of_their_own_are_not_asked_for_them_one_by_one() -> None:
    one, two = three(), three()
    asked = list[str]()

    def note(request: Sent) -> None:
        asked.append(request.url)

    two.faults = note
    assert compare(one, two)["differences"] == []
    assert not any("localVariables" in url for url in asked)
    one.variables = [{"id": "v", "name": "n", "type": "Long", "value": 5, "taskId": "t1"}]
    assert ("t1", "localVariables n", "") in found(compare(one, two))


def test_the_content_of_attachments_is_compared() -> None:
    one, two = three(hasAttachment=True), three(hasAttachment=True)
    for servers, content in ((one, b"one"), (two, b"two")):
        servers.attachments["t0"] = [{"id": "a", "name": "a"}]
        servers.contents = {"a": content}
    assert [what for _, what, _ in found(compare(one, two))] == ["attachment a"]


def test_a_missing_task_is_a_difference_unless_it_is_listed_as_not_moved() -> None:
    one, two = three(), three()
    del two.tasks["t1"]
    assert ("t1", "task", "") in found(compare(one, two))
    state = State(refused={"t1": Left("task t1", "", "")})
    report = compare(one, two, state)
    assert ("t1", "task", LISTED) in found(report)
    assert report["notExplained"] == 0


def test_a_task_that_only_the_target_has_is_a_difference_when_it_was_copied() -> None:
    one, two = three(), three()
    two.tasks["new"] = shown("new", 9)
    assert ("new", "task", "") in found(compare(one, two))
    moved = State(moved={"new": Moved("")})
    assert ("new", "task", "") in found(compare(one, two, moved))
    moved.ended.add("new")
    assert ("new", "task", ENDED) in found(compare(one, two, moved))


def test_a_part_that_is_listed_as_not_moved_is_explained() -> None:
    one, two = three(), three()
    row = {"id": "v", "name": "order", "type": "Long", "value": 5, "valueInfo": {}}
    one.variables = [{**row, "taskId": "t1"}]
    state = State(moved={"t1": Moved("", (Left("variable order", "", ""),))})
    report = compare(one, two, state)
    assert (report["notExplained"], report["explained"]) == (0, 2)


def test_what_is_listed_explains_itself_alone() -> None:
    huge = Left("attachment huge", f"{OLD}/task/t/attachment/a1/data", "more than 4400000 bytes")
    moved = Moved("", (huge, Left("variable order form", "", "")))
    listed = [
        Difference("t", "attachment a1", "{}", "null"),
        Difference("t", "attachment", "true", "false"),
        Difference("t", "variables order form", "{}", "null"),
    ]
    others = [
        Difference("t", "attachment a2", "{}", "null"),
        Difference("t", "variables form", "{}", "null"),
        Difference("t", "variables order form", "{}", "{1}"),
        Difference("t", "comment a1", "{}", "null"),
    ]
    assert all(is_listed(each, moved) for each in listed)
    assert not any(is_listed(each, moved) for each in others)
    assert not is_listed(listed[1], Moved(""))


def test_links_that_are_there_twice_are_counted() -> None:
    link = {"type": "candidate", "userId": None, "groupId": "sales"}
    one, two = three(), three()
    one.links["t1"], two.links["t1"] = [link, link], [link]
    assert ("t1", "identity-links sales candidate None", "") in found(compare(one, two))


def test_an_order_of_ids_that_differs_is_a_difference() -> None:
    one, two = three(), three()
    two.tasks["t0"] = {**two.tasks["t0"], "created": "2026-01-02T00:00:00.000+0000"}
    assert any(what.startswith("all: ") and not why for _, what, why in found(compare(one, two)))


def test_a_refusal_by_one_side_alone_is_a_difference() -> None:
    one, two = three(), three()

    def refuse(request: Sent) -> Any:
        return said({}, 400) if request.url.endswith("/count") and request.body == b"{}" else None

    two.faults = refuse
    [found] = compare(one, two)["differences"]
    assert found["new"].startswith("status 400: POST")


def test_random_queries_are_the_same_for_a_seed_and_never_empty() -> None:
    facts = [Facts(shown(f"t{n}", n, assignee="ann", name="Pay it")) for n in range(9)]
    bodies = [query.body for query in at_random(facts, 200, 3)]
    assert bodies == [query.body for query in at_random(facts, 200, 3)]
    assert all(len(body) > 1 for body in bodies)
    assert len({str(body) for body in bodies}) > 50


def test_ties_are_broken_once() -> None:
    by_id = {"sortBy": "id", "sortOrder": "desc"}
    assert with_ties_broken({"sorting": [by_id]}) == {"sorting": [by_id]}
    assert with_ties_broken({})["sorting"] == [{"sortBy": "id", "sortOrder": "asc"}]


def test_a_file_of_queries_is_read_and_a_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "queries.jsonl"
    path.write_text('{"assignee": "ann"}\n')
    assert [*of_file(path)] == [Query("queries.jsonl:1", {"assignee": "ann"})]
    path.write_text("{}\n[]\n")
    with pytest.raises(Trouble, match=r"queries\.jsonl:2: expected the body of a query"):
        [*of_file(path)]
    with pytest.raises(Trouble, match="No such file"):
        [*of_file(tmp_path / "none")]


def test_a_task_that_ends_meanwhile_is_no_difference() -> None:
    one, two = three(), three()

    def end(request: Sent) -> Any:
        if "/task/t1/identity-links" in request.url:
            one.tasks.pop("t1", None)
            two.tasks.pop("t1", None)
        return None

    one.faults = end
    report = compare(one, two)
    assert report["differences"] == []
