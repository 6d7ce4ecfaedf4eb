"""How criteria for people and groups compare: by the links of a task.

Each candidate filter is a condition of its own on the task's links (docs/api.md, D8), and sees
unassigned tasks only unless its level includes assigned ones
(docs/camunda-behaviour.md, Candidates).
"""

from collections.abc import Callable
from typing import Any, Final

from taskdock.domain.query.comparisons import Decides, Fields, Predicate
from taskdock.domain.query.like import like
from taskdock.domain.query.operands import CandidateUser, Operand, Switches
from taskdock.domain.tasks.task import CANDIDATE, NO_LINKS, IdentityLink, Task

LinkTest = Callable[[IdentityLink], bool]

_ON_OFFER: Final = frozenset(("links", "assignee"))
_ASSIGNED: Final = frozenset(("assignee",))


class HasCandidate:
    """Some candidate link fits; `fits` makes the test of a link from the operand."""

    fields: Final = _ON_OFFER
    decides: Final = Decides.ONE
    presence: Final = _ASSIGNED

    def __init__(self, fits: Callable[[Any, Switches], LinkTest]) -> None:
        self.fits: Final = fits

    def predicate(self, operand: Operand, switches: Switches, /) -> Predicate:
        fits = self.fits(operand, switches)

        def test(task: Task) -> bool:
            return any(
                link["type"] == CANDIDATE and fits(link) for link in task.get("links", NO_LINKS)
            )

        return _on_offer(test, switches)


class LacksCandidate:
    """No candidate link has the part: `userId` or `groupId`."""

    fields: Final = _ON_OFFER
    decides: Final = Decides.EACH
    presence: Final = _ASSIGNED

    def __init__(self, part: str) -> None:
        self.part: Final = part

    def predicate(self, operand: bool, switches: Switches, /) -> Predicate:
        fits = any_link_with(self.part)(operand, switches)

        def test(task: Task) -> bool:
            return not any(
                link["type"] == CANDIDATE and fits(link) for link in task.get("links", NO_LINKS)
            )

        return _on_offer(test, switches)


def user_link(operand: CandidateUser, _switches: Switches) -> LinkTest:
    """A link to the user or to one of the user's groups."""
    user, groups = operand.user, operand.groups
    return lambda link: link["userId"] == user or link["groupId"] in groups


def group_link(operand: str, _switches: Switches) -> LinkTest:
    """A link to the group."""
    return lambda link: link["groupId"] == operand


def groups_link(operand: tuple[str, ...], _switches: Switches) -> LinkTest:
    """A link to one of the groups."""
    groups = frozenset(operand)
    return lambda link: link["groupId"] in groups


def group_like_link(operand: str, switches: Switches) -> LinkTest:
    """A link to a group LIKE the pattern."""
    test = like(operand, ignoring_case=switches.like_ignores_case)

    def fits(link: IdentityLink) -> bool:
        group = link["groupId"]
        return group is not None and test(group)

    return fits


def any_link_with(part: str) -> Callable[[bool, Switches], LinkTest]:
    """Any link that has a user (`userId`) or a group (`groupId`)."""
    if part == "userId":
        return lambda _operand, _switches: lambda link: link["userId"] is not None
    return lambda _operand, _switches: lambda link: link["groupId"] is not None


class Involves:
    """The user is assignee, owner or in a link of any type; groups do not count
    (docs/camunda-behaviour.md, Candidates)."""

    fields: Final = frozenset(("assignee", "owner", "links"))
    decides: Final = Decides.ONE
    presence: Final[Fields] = frozenset()

    def predicate(self, operand: str, _switches: Switches, /) -> Predicate:
        def test(task: Task) -> bool:
            return (
                task.get("assignee") == operand
                or task.get("owner") == operand
                or any(link["userId"] == operand for link in task.get("links", NO_LINKS))
            )

        return test


def _on_offer(test: Predicate, switches: Switches) -> Predicate:
    """`test`, on unassigned tasks only unless the level includes assigned ones."""
    if switches.include_assigned:
        return test
    return lambda task: task.get("assignee") is None and test(task)


USER_LINK: Final = HasCandidate(user_link)
GROUP_LINK: Final = HasCandidate(group_link)
GROUPS_LINK: Final = HasCandidate(groups_link)
GROUP_LIKE_LINK: Final = HasCandidate(group_like_link)
ANY_GROUP_LINK: Final = HasCandidate(any_link_with("groupId"))
ANY_USER_LINK: Final = HasCandidate(any_link_with("userId"))
NO_GROUP_LINK: Final = LacksCandidate("groupId")
NO_USER_LINK: Final = LacksCandidate("userId")
