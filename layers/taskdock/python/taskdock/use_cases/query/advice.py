"""What to say of a query that goes beyond its budget: what would make it cheaper."""

from dataclasses import replace
from typing import Final

from taskdock.domain.query.planning import Plan
from taskdock.use_cases.query.read_budget import Limits

_HELPFUL: Final = (
    "assignee, candidateUser, candidateGroup, processInstanceId, processInstanceBusinessKey, "
    "service, taskDefinitionKey or a range of dueDate or created dates"
)


def advised(limits: Limits, chosen: Plan) -> Limits:
    """The limits with advice for the message when the plan goes beyond them, unless they have some
    already."""
    if limits.advice:
        return limits
    names = dict.fromkeys(each.criterion.name for each in chosen.serves)
    served = f"only {', '.join(names)}" if names else "nothing"
    return replace(
        limits,
        advice=f"An index serves {served} of it; add a filter such as {_HELPFUL}.",
    )
