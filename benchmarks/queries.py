"""The eighteen queries of the benchmark, typical of inboxes and searches."""

from dataclasses import dataclass
from typing import Any, Final

from taskdock.domain import instants

from benchmarks.world import DAY, NOW, TEAMMATE


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of the benchmark."""

    title: str
    path: str
    """The path that the plan has to take, by the criteria its keys serve."""
    body: dict[str, Any]
    parameters: str = ""
    counts: bool = False


def _by(*keys: str) -> dict[str, Any]:
    """Sorting by `name` or `-name`."""
    return {
        "sorting": [
            {"sortBy": key.lstrip("-"), "sortOrder": "desc" if key[0] == "-" else "asc"}
            for key in keys
        ]
    }


def _date(days: float) -> str:
    return instants.write(instants.Instant(NOW + int(days * DAY)))


USER: Final = "user-7"
"""Somebody whose tasks grow with the world."""

THREE_GROUPS: Final = ["group-7", "group-8", "group-9"]

_AMOUNT: Final = {
    "sortBy": "processVariable",
    "sortOrder": "asc",
    "parameters": {"variable": "amount", "type": "Integer"},
}

QUERIES: Final = (
    Asked("my tasks", "assignee", {"assignee": USER}),
    Asked("group inbox, first 20 newest", "candidateGroup",
          {"candidateGroup": "group-7", **_by("-created")}, "maxResults=20"),
    Asked("group inbox, all", "candidateGroup", {"candidateGroup": "group-7"}),
    Asked("group inbox, its count", "candidateGroup", {"candidateGroup": "group-7"}, counts=True),
    Asked("assignee + priority + due, by due date", "assignee",
          {"assignee": TEAMMATE, "minPriority": 50, "dueBefore": _date(60), **_by("dueDate")}),
    Asked("business key", "processInstanceBusinessKey",
          {"processInstanceBusinessKey": "order-100"}),
    Asked("group + process variable range, 50", "candidateGroup",
          {"candidateGroup": "group-7", "processVariables": [
              {"name": "amount", "operator": "gteq", "value": 200},
              {"name": "amount", "operator": "lt", "value": 400}]}, "maxResults=50"),
    Asked("a process variable alone, 50", "all open tasks",
          {"processVariables": [{"name": "amount", "operator": "eq", "value": 500}]},
          "maxResults=50"),
    Asked("nameLike over everything, 50", "all open tasks", {"nameLike": "%customer 77%"},
          "maxResults=50"),
    Asked("assignee or group in one orQuery, 50", "assignee + candidateGroup",
          {"orQueries": [{"assignee": USER, "candidateGroup": "group-7"}]}, "maxResults=50"),
    Asked("overdue, first 20 by due date", "dueBefore", {"dueBefore": _date(0), **_by("dueDate")},
          "maxResults=20"),
    Asked("group inbox by a process variable, 20", "candidateGroup",
          {"candidateGroup": "group-7", "sorting": [_AMOUNT]}, "maxResults=20"),
    Asked("count of everything", "all open tasks", {}, counts=True),
    Asked("first 20 of everything by priority", "all open tasks", _by("-priority"),
          "maxResults=20"),
    Asked("mine or my three groups', by priority, 20", "assignee + candidateGroups",
          {"orQueries": [{"assignee": USER, "candidateGroups": THREE_GROUPS}],
           **_by("-priority")}, "maxResults=20"),
    Asked("follow-up reached, mine", "assignee",
          {"assignee": USER, "followUpBeforeOrNotExistent": _date(0)}),
    Asked("descriptionLike over everything, 50", "all open tasks",
          {"descriptionLike": "%customer 77%"}, "maxResults=50"),
    Asked("unassigned, priority ≥ 90, by creation, 20", "all open tasks",
          {"unassigned": True, "minPriority": 90, **_by("created")}, "maxResults=20"),
)  # fmt: skip
