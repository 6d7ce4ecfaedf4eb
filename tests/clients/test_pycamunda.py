"""pycamunda, a Python client, finds, changes and completes tasks.

It sends a JSON body with every request, with GET and DELETE too.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pycamunda
import pycamunda.task
import pytest
import requests

from local.service import LocalService
from tests.support.index_delay import settle

type Do = Callable[..., Any]
"""Makes one of the client's calls: its class, then what that is made of."""

pytestmark = pytest.mark.parametrize("base_path", [""], indirect=True, ids=["at the root"])


@pytest.fixture
def do(service: LocalService, url: str) -> Iterator[Do]:
    """The client's calls as demo."""
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {service.token('demo')}"

        def do(request: Callable[..., Any], *values: Any, **more: Any) -> Any:
            made = request(url, *values, **more)
            made.session = session
            if "List" in request.__name__ or "Count" in request.__name__:
                settle()
            return made()

        yield do


def test_tasks_are_created_found_in_order_and_in_pages(do: Do, task_id: str) -> None:
    due = datetime(2030, 5, 1, 12, tzinfo=UTC)
    for number in range(3):
        name, priority = f"{task_id} {number}", 10 * number
        do(pycamunda.task.Create, f"{task_id}-{number}", name=name, priority=priority, due=due)
    query = {"name_like": f"{task_id}%", "sort_by": "priority", "ascending": False}

    found = do(pycamunda.task.GetList, **query, min_priority=10, due_before=due.replace(hour=13))
    [last] = do(pycamunda.task.GetList, **query, first_result=2, max_results=5)

    assert [task.priority for task in found] == [20, 10]
    assert (last.id_, last.due) == (f"{task_id}-0", due)
    assert do(pycamunda.task.GetList, **query, due_after=due) == ()


def test_a_task_is_claimed_delegated_resolved_and_completed(do: Do, task_id: str) -> None:
    do(pycamunda.task.Create, task_id, name="Answer the letter")

    do(pycamunda.task.Claim, task_id, "demo")
    with pytest.raises(pycamunda.NoSuccess, match="already claimed by someone else"):
        do(pycamunda.task.Claim, task_id, "mary")
    do(pycamunda.task.Delegate, task_id, "mary")
    delegated = do(pycamunda.task.Get, task_id)
    do(pycamunda.task.Resolve, task_id)
    resolved = do(pycamunda.task.Get, task_id)
    do(pycamunda.task.Unclaim, task_id)
    do(pycamunda.task.SetAssignee, task_id, "mary")
    assigned = do(pycamunda.task.Get, task_id)
    do(pycamunda.task.Complete, task_id)

    assert (delegated.assignee, delegated.owner) == ("mary", "demo")
    assert (delegated.delegation_state, resolved.delegation_state) == ("PENDING", "RESOLVED")
    assert (resolved.assignee, assigned.assignee) == ("demo", "mary")
    with pytest.raises(pycamunda.NotFound, match=f"No matching task with id {task_id}"):
        do(pycamunda.task.Get, task_id)


def test_local_variables_are_changed_and_removed(do: Do, task_id: str) -> None:
    do(pycamunda.task.Create, task_id, name="Weigh it")
    modify = pycamunda.task.LocalVariablesModify

    def setting(url: str) -> Any:
        made = modify(url, task_id, deletions=[])
        made.add_variable("weight", 12)
        made.add_variable("customer", "ACME", type_="String")
        return made

    do(setting)
    weight = do(pycamunda.task.LocalVariablesGet, task_id, "weight")
    do(modify, task_id, deletions=["customer"])
    left = do(pycamunda.task.LocalVariablesGetList, task_id)
    do(pycamunda.task.LocalVariablesDelete, task_id, "weight")

    assert (weight.value, weight.type_) == (12, "Integer")
    assert [*left] == ["weight"]
    assert do(pycamunda.task.LocalVariablesGetList, task_id) == {}


def test_bytes_are_uploaded_without_saying_so(do: Do, task_id: str) -> None:
    do(pycamunda.task.Create, task_id, name="Scan it")
    scan = bytes(range(256))

    do(pycamunda.task.LocalVariablesUpdate, task_id, "scan", scan, "Bytes")

    assert do(pycamunda.task.LocalVariablesGet, task_id, "scan", binary=True) == scan


def test_links_and_comments_are_stored_and_tasks_of_a_group_counted(do: Do, task_id: str) -> None:
    do(pycamunda.task.Create, task_id, name="Discuss it")
    group = f"group-of-{task_id}"

    do(pycamunda.task.IdentityLinksAdd, task_id, "candidate", group_id=group)
    counts = do(pycamunda.task.GetCountByCandidateGroup)
    do(pycamunda.task.IdentityLinksDelete, task_id, "candidate", group_id=group)
    comment = do(pycamunda.task.CommentCreate, task_id, "Who?")

    assert pycamunda.task.CountByCandidateGroup(group, 1) in counts
    assert do(pycamunda.task.IdentityLinksGetList, task_id) == ()
    assert do(pycamunda.task.CommentGet, task_id, comment.id_) == comment
    assert do(pycamunda.task.CommentGetList, task_id) == (comment,)
