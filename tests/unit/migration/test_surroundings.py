"""Filters, forms and people are brought over beside the tasks."""

import csv
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from migration.filters import FilterCounts, copy_filters
from migration.forms import Forms
from migration.http_client import Answer, Connection, Sent, Unreachable
from migration.journal import Journal
from migration.old_server import OldServer
from migration.people import COLUMNS, people, write_people
from tests.support.old_camunda import NEW, OLD, TwoServers, said, shown

MINE = {"id": "f1", "resourceType": "Task", "name": "Mine", "owner": "ann", "query": {}}
LATE = {**MINE, "id": "f2", "name": "Late", "query": {"dueBefore": "x"}, "properties": {"color": 1}}


def old(servers: TwoServers) -> OldServer:
    return OldServer(Connection(OLD, {}, servers, lambda _seconds: None))


def copied(servers: TwoServers, folder: Path) -> FilterCounts:
    target = Connection(NEW, {}, servers, lambda _seconds: None)
    with Journal(folder) as journal:
        return copy_filters(old(servers), target, journal)


def with_filters(*shown_ones: dict[str, Any]) -> TwoServers:
    servers = TwoServers()
    servers.around = {"/filter": list(shown_ones)}
    return servers


def test_filters_are_copied_once_and_again_when_they_change(tmp_path: Path) -> None:
    servers = with_filters(MINE, LATE)
    assert copied(servers, tmp_path) == FilterCounts(2, 2)
    assert copied(servers, tmp_path) == FilterCounts(2, 0)
    servers.around["/filter"] = [{**MINE, "query": {"assignee": "ann"}}, LATE]
    assert copied(servers, tmp_path) == FilterCounts(2, 1)
    assert [each["query"] for each in servers.filters.values()] == [
        {"assignee": "ann"},
        {"dueBefore": "x"},
    ]


def test_a_filter_that_the_target_refuses_is_left_and_holds_no_other(tmp_path: Path) -> None:
    servers = with_filters({**MINE, "query": {"bad": 1}}, LATE)
    assert copied(servers, tmp_path) == FilterCounts(2, 1)
    with Journal(tmp_path) as journal:
        [left] = journal.lefts()
    assert (left.what, left.address) == ("filter Mine", f"{OLD}/filter/f1")
    assert "nothing can run this" in left.why


@pytest.mark.parametrize("problem", [KeyboardInterrupt(), Unreachable("no answer in time")])
def test_a_filter_whose_answer_was_lost_is_not_made_twice(
    tmp_path: Path, problem: BaseException
) -> None:
    servers = with_filters(MINE)
    lost: list[Sent] = []

    def lose(request: Sent) -> Answer | None:
        if "/filter/create" not in request.url or lost:
            return None
        lost.append(request)
        servers._new(request, "/filter/create")
        raise problem

    servers.faults = lose
    if isinstance(problem, KeyboardInterrupt):
        with pytest.raises(KeyboardInterrupt):
            copied(servers, tmp_path)
    copied(servers, tmp_path)
    assert len(servers.filters) == 1
    with Journal(tmp_path) as journal:
        assert [each.id for each in journal.state.filters.values()] == ["filter-0"]


def test_a_filter_that_is_gone_from_the_target_is_made_anew(tmp_path: Path) -> None:
    servers = with_filters(MINE)
    copied(servers, tmp_path)
    servers.filters.clear()
    servers.around["/filter"] = [{**MINE, "name": "Yours"}]
    copied(servers, tmp_path)
    assert [each["name"] for each in servers.filters.values()] == ["Yours"]


def test_a_server_without_filters_forms_and_people_is_none_of_it(tmp_path: Path) -> None:
    servers = TwoServers()
    assert copied(servers, tmp_path) == FilterCounts()
    assert people(old(servers)) == {}
    assert Forms().write(old(servers), tmp_path) == []


def test_forms_are_saved_once_each_and_others_are_named(tmp_path: Path) -> None:
    servers = TwoServers()
    reference = {"key": "order", "binding": "version", "version": 2}
    forms = Forms()
    forms.meet(
        [
            shown("a", formKey="embedded:deployment:form.html"),
            shown("b", formKey="embedded:deployment:form.html"),
            shown("c", camundaFormRef=reference),
            shown("d", formKey="embedded:app:page.html"),
        ]
    )

    def deployed(request: Sent) -> Answer | None:
        if "deployed-form" not in request.url:
            return None
        return said({"message": "elsewhere"}, 400) if "/d/" in request.url else Answer(200, b"<f>")

    servers.faults = deployed
    index = forms.write(old(servers), tmp_path)
    saved = {each["form"]: each["file"] for each in index if "file" in each}
    assert saved.keys() == {"embedded:deployment:form.html", "order 2 version"}
    assert {(tmp_path / file).read_text() for file in saved.values()} == {"<f>"}
    [other] = [each for each in index if "why" in each]
    assert other["form"] == "embedded:app:page.html"
    assert "elsewhere" in other["why"]


def a_pool() -> TwoServers:
    servers = TwoServers()
    ann = {"id": "ann", "firstName": "Ann", "lastName": "Lee", "email": "ann@example.org"}
    bob = {"id": "bob's", "firstName": "Bob", "lastName": None, "email": None}

    def asked(request: Sent) -> Answer | None:
        path = request.url.removeprefix(OLD)
        answers = {
            "/user": [ann, bob],
            "/group": [{"id": "sales"}],
            "/tenant": [{"id": "t1"}],
            "/user?memberOfGroup=sales": [ann, bob],
            "/user?memberOfTenant=t1": [ann],
        }
        return said(answers[path]) if path in answers else None

    servers.faults = asked
    return servers


def test_people_come_as_files_for_the_pool(tmp_path: Path) -> None:
    paths = write_people(tmp_path, people(old(a_pool())))

    with (tmp_path / "users.csv").open() as file:
        [row] = csv.DictReader(file)
    assert [*row] == [*COLUMNS]
    assert (row["cognito:username"], row["name"], row["email_verified"]) == (
        "ann",
        "Ann Lee",
        "TRUE",
    )
    commands = (tmp_path / "groups.sh").read_text()
    assert "admin-create-user --user-pool-id \"$USER_POOL_ID\" --username 'bob'\"'\"'s'" in commands
    assert "--group-name tenant:t1" in commands
    assert "--username ann --group-name sales" in commands
    assert json.loads((tmp_path / "users.json").read_text())["ann"] == {
        "groups": ["sales"],
        "tenants": ["t1"],
        "firstName": "Ann",
        "lastName": "Lee",
        "email": "ann@example.org",
    }
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
