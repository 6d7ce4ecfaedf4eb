"""Identity links: a test per sentence of docs/camunda-behaviour.md, Identity links."""

import pytest
from taskdock.domain.errors import BadUserRequest, InvalidRequest
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.identity_links import (
    requested_link,
    shown_links,
    with_link,
    without_link,
)
from taskdock.domain.tasks.task import IdentityLink, Task, TaskId

NOW = Instant(1_800_000_000_000)


def link(kind: str | None, *, user: str | None = None, group: str | None = None) -> IdentityLink:
    return {"type": kind, "userId": user, "groupId": group}


def a_task_with(
    *links: IdentityLink, assignee: str | None = None, owner: str | None = None
) -> Task:
    task: Task = {"id": TaskId("t1"), "priority": 0, "created": Instant(0), "state": "created"}
    if links:
        task = {**task, "links": list(links)}
    if assignee:
        task = {**task, "assignee": assignee}
    if owner:
        task = {**task, "owner": owner}
    return task


@pytest.mark.parametrize(
    ("kind", "user", "group", "message"),
    [
        ("candidate", "a", "b", "Identity Link requires userId or groupId, but not both."),
        ("candidate", None, None, "Identity Link requires userId or groupId."),
        (None, "a", None, "Identity Link requires a type."),
    ],
)
def test_a_link_names_a_type_and_one_of_user_and_group(
    kind: str | None, user: str | None, group: str | None, message: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        requested_link(kind, user, group)
    assert refused.value.message == message


def test_links_are_shown_in_the_order_they_came_then_assignee_then_owner() -> None:
    task = a_task_with(assignee="mary", owner="john")
    for kind, user, group in (
        ("candidate", "peter", None),
        ("candidate", None, "sales"),
        ("participant", "kermit", None),
    ):
        task = with_link(task, requested_link(kind, user, group), NOW)
    assert shown_links(task) == [
        link("candidate", user="peter"),
        link("candidate", group="sales"),
        link("participant", user="kermit"),
        link("assignee", user="mary"),
        link("owner", user="john"),
    ]


def test_a_task_without_people_shows_no_links() -> None:
    assert shown_links(a_task_with()) == []


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("candidate", [link("candidate", group="sales")]),
        ("assignee", [link("assignee", user="mary")]),
        ("owner", []),
        ("Candidate", []),
        ("", []),
    ],
)
def test_links_of_one_type_are_those_of_exactly_that_name(
    kind: str, shown: list[IdentityLink]
) -> None:
    task = a_task_with(link("candidate", group="sales"), link("watcher", user="a"), assignee="mary")
    assert shown_links(task, kind) == shown


def test_the_same_link_may_be_there_twice() -> None:
    same = link("candidate", group="sales")
    assert shown_links(with_link(a_task_with(same), same, NOW)) == [same, same]


def test_a_link_of_type_assignee_or_owner_sets_the_field() -> None:
    task = with_link(a_task_with(), link("assignee", user="fozzie"), NOW)
    task = with_link(task, link("owner", user="gonzo_"), NOW)
    assert (task["assignee"], task["owner"]) == ("fozzie", "gonzo_")
    assert "links" not in task


def test_a_group_cannot_be_an_assignee() -> None:
    with pytest.raises(BadUserRequest, match="cannot use ASSIGNEE together with a groupId"):
        with_link(a_task_with(assignee="mary"), link("assignee", group="sales"), NOW)


def test_a_group_as_owner_clears_the_owner() -> None:
    assert "owner" not in with_link(a_task_with(owner="john"), link("owner", group="sales"), NOW)


def test_removing_a_link_removes_all_that_are_the_same_and_no_other() -> None:
    same, other = link("candidate", group="sales"), link("watcher", group="sales")
    task = without_link(a_task_with(same, other, same), same, NOW)
    assert task["links"] == [other]


def test_removing_the_last_link_leaves_none() -> None:
    same = link("candidate", user="a")
    assert "links" not in without_link(a_task_with(same), same, NOW)


def test_removing_a_link_that_is_not_there_changes_no_link() -> None:
    there = link("candidate", user="a")
    task = without_link(a_task_with(there), link("candidate", user="nobody"), NOW)
    assert task["links"] == [there]


@pytest.mark.parametrize("kind", ["assignee", "owner"])
def test_removing_the_assignee_or_owner_clears_it_whatever_user_is_named(kind: str) -> None:
    task = a_task_with(assignee="mary", owner="mary")
    assert kind not in without_link(task, link(kind, user="somebody else"), NOW)


@pytest.mark.parametrize("kind", ["assignee", "owner"])
def test_a_group_cannot_be_removed_as_assignee_or_owner(kind: str) -> None:
    with pytest.raises(BadUserRequest, match=f"cannot use type '{kind}' together with a groupId"):
        without_link(a_task_with(), link(kind, group="sales"), NOW)
