"""What a restricted caller may see, as a part of the query: the planner finds paths for it."""

from typing import Final

from taskdock.domain.access import Access
from taskdock.domain.query.comparisons import Decides, Fields, Predicate
from taskdock.domain.query.criteria import BY_NAME, Criterion, Kind
from taskdock.domain.query.model import Filter, Level
from taskdock.domain.query.operands import CandidateUser, Switches
from taskdock.domain.tasks.task import NO_LINKS, Task


class _Linked:
    """The user is the owner or in a link of any type."""

    fields: Final = frozenset(("owner", "links"))
    decides: Final = Decides.ONE
    presence: Final[Fields] = frozenset()

    def predicate(self, operand: str, _switches: Switches, /) -> Predicate:
        def test(task: Task) -> bool:
            return task.get("owner") == operand or any(
                link["userId"] == operand for link in task.get("links", NO_LINKS)
            )

        return test


LINKED: Final = Criterion("linked", Kind.TEXT, _Linked())
"""Owners, and people in links that make nobody a candidate. No request can ask for it: its path
leaves out candidates, who have inboxes."""


def participation(access: Access) -> Level | None:
    """The orQuery that a task meets when the caller takes part in it; None for a caller who sees
    all tasks of the tenants.
    """
    person = access.participant
    if person is None:
        return None
    return Level(
        (
            Filter(BY_NAME["assignee"], person.user),
            Filter(BY_NAME["candidateUser"], CandidateUser(person.user, person.groups)),
            Filter(LINKED, person.user),
        ),
        Switches(include_assigned=True),
    )
