"""Random tasks and random queries of a small vocabulary, so that they often meet."""

from collections.abc import Iterable, Sequence
from random import Random
from typing import Any, Final

from hypothesis import strategies as st
from taskdock.domain.instants import Instant, write
from taskdock.domain.query.criteria import BY_NAME, Kind
from taskdock.domain.tasks.task import Task

from tests.support.builders import CREATED, a_task, to_group, to_user
from tests.unit.query.asking import NOW_TEXT

Strategy = st.SearchStrategy[Any]

WORDS: Final = ["a", "A", "b", "ab", "a_b", "a%", "ß", ""]
PEOPLE: Final = ["demo", "mary", "peter"]
TEAMS: Final = ["sales", "accounting", "support"]
TENANTS: Final = ["t1", "t9"]

INSTANTS: Final = [Instant(CREATED + place) for place in range(5)]
PRIORITIES: Final = [0, 1, 2, 3]

words = st.sampled_from(WORDS)
people = st.sampled_from(PEOPLE)
teams = st.sampled_from(TEAMS)


# Tasks.

_TEXT_FIELDS: Final = (
    *("name", "description", "taskDefinitionKey", "parentTaskId", "service"),
    *("processInstanceId", "processInstanceBusinessKey", "processDefinitionId"),
    *("processDefinitionKey", "processDefinitionName", "executionId", "activityInstanceId"),
    *("caseInstanceId", "caseInstanceBusinessKey", "caseDefinitionId", "caseDefinitionKey"),
    *("caseDefinitionName", "caseExecutionId"),
)
_VARIABLES: Final = [
    *({"type": "Integer", "value": value} for value in (1, 2)),
    *({"type": "Double", "value": value} for value in (1.0, 1.5)),
    *({"type": "String", "value": value} for value in ("a", "A", "1", NOW_TEXT)),
    *({"type": "Boolean", "value": value} for value in (True, False)),
    {"type": "Null", "value": None},
    {"type": "Date", "value": CREATED},
]
_LINKS: Final = [
    *(to_user(each) for each in PEOPLE),
    *(to_group(each) for each in TEAMS),
    *(to_user(each, "participant") for each in PEOPLE),
    *(to_group(each, "participant") for each in TEAMS),
]


def a_random_task(task_id: str, chance: Random) -> Task:
    """A task of that id with random fields."""

    def perhaps(values: Sequence[Any]) -> Any:
        return chance.choice(values) if chance.random() < 0.6 else None

    def variables() -> dict[str, Any]:
        names = chance.sample(["v", "V", "w"], chance.randrange(3))
        return {name: chance.choice(_VARIABLES) for name in names}

    return a_task(
        task_id,
        **{field: perhaps(WORDS) for field in _TEXT_FIELDS},
        created=chance.choice(INSTANTS),
        due=perhaps(INSTANTS),
        followUp=perhaps(INSTANTS),
        lastUpdated=perhaps(INSTANTS),
        priority=chance.choice(PRIORITIES),
        assignee=perhaps([*PEOPLE, None]),
        owner=perhaps(PEOPLE),
        delegationState=perhaps(["PENDING", "RESOLVED"]),
        suspended=perhaps([True, None]),
        tenantId=perhaps([*TENANTS, None]),
        links=chance.choices(_LINKS, k=chance.randrange(4)) or None,
        variables=variables() or None,
        processVariables=variables() or None,
        caseInstanceVariables=variables() or None,
        ended=chance.choice([None] * 9 + [INSTANTS[0]]),
    )


def a_world(count: int, seed: int) -> list[Task]:
    """So many tasks; the same ones of the same seed."""
    chance = Random(seed)
    return [a_random_task(f"t{place:02}", chance) for place in range(count)]


def worlds(at_most: int = 30) -> st.SearchStrategy[list[Task]]:
    """Some tasks. They come of a seed: drawn one by one they would take most of the time."""
    return st.builds(a_world, st.integers(1, at_most), st.integers(0, 2**32))


# Queries.

_dates = st.sampled_from([write(each) for each in INSTANTS])
_OPERANDS: Final[list[object]] = [1, 1.5, "a", "A", "1", NOW_TEXT, write(CREATED)]


def conditions(operators: Iterable[str]) -> Strategy:
    """A variable condition in JSON that is allowed."""
    ranges = {"gt", "gteq", "lt", "lteq"}
    return st.one_of(
        *(
            st.fixed_dictionaries(
                {
                    "name": st.sampled_from(["v", "V", "w"]),
                    "operator": st.just(each),
                    "value": st.sampled_from(
                        _OPERANDS if each in ranges else [*_OPERANDS, True, None]
                    ),
                }
            )
            for each in operators
        )
    )


_COMMON: Final = ("eq", "neq", "gt", "gteq", "lt", "lteq", "like")
_SPECIAL: Final[dict[str, Strategy]] = {
    "taskId": st.sampled_from(["t00", "t01", "t99"]),
    "taskIdIn": st.lists(st.sampled_from(["t00", "t01", "t02", "t99"]), min_size=1, max_size=4),
    "tenantIdIn": st.lists(st.sampled_from(TENANTS), min_size=1, max_size=2),
    "candidateGroup": teams,
    "candidateGroupLike": st.sampled_from(["s", "%s", "acc_"]),
    **dict.fromkeys(["assignee", "owner", "involvedUser", "candidateUser"], people),
    **dict.fromkeys(["assigneeIn", "assigneeNotIn"], st.lists(people, min_size=1, max_size=3)),
    "assigneeLike": st.sampled_from(["m", "d%", "_"]),
}
_BY_KIND: Final[dict[Kind, Strategy]] = {
    Kind.TEXT: words,
    Kind.TEXTS: st.lists(words, min_size=1, max_size=3),
    Kind.GROUPS: st.lists(teams, min_size=1, max_size=3),
    Kind.INTEGER: st.sampled_from(PRIORITIES),
    Kind.INSTANT: _dates,
    Kind.FLAG: st.just(True),
    Kind.DELEGATION_STATE: st.sampled_from(["PENDING", "resolved"]),
    Kind.TASK_VARIABLES: st.lists(conditions(_COMMON), min_size=1, max_size=2),
    Kind.CASE_VARIABLES: st.lists(conditions(_COMMON), min_size=1, max_size=2),
    Kind.PROCESS_VARIABLES: st.lists(conditions((*_COMMON, "notLike")), min_size=1, max_size=2),
}

FILTERS: Final[dict[str, Strategy]] = {
    name: _SPECIAL.get(name, _BY_KIND[criterion.kind]) for name, criterion in BY_NAME.items()
}
"""Every criterion with values for it."""

TOP_ONLY: Final = frozenset(name for name, row in BY_NAME.items() if row.traits.top_only)
SWITCHES: Final = ("likePatternIgnoreCase", "variableNamesIgnoreCase", "variableValuesIgnoreCase")

_INDEXED: Final = [
    *("assignee", "candidateUser", "candidateGroup", "candidateGroups", "createdAfter"),
    *("createdBefore", "dueBefore", "dueAfter", "service", "taskDefinitionKeyIn", "taskIdIn"),
]


@st.composite
def levels(draw: st.DrawFn, *, inside: bool, at_most: int = 3) -> dict[str, Any]:
    """Filters and switches of a top level or of an orQuery, without conflicts."""
    names = st.sampled_from(sorted(FILTERS.keys() - (TOP_ONLY if inside else set())))
    level: dict[str, Any] = {}
    for name in draw(st.lists(names | st.sampled_from(_INDEXED), max_size=at_most, unique=True)):
        if inside or not _conflicts(name, level):
            level[name] = draw(FILTERS[name])
    for switch in SWITCHES:
        if draw(st.integers(0, 4)) == 0:
            level[switch] = True
    if any(BY_NAME[name].traits.candidates for name in level if name in BY_NAME):
        level |= draw(st.sampled_from([{}, {"includeAssignedTasks": True}]))
    return level


def _conflicts(name: str, level: Iterable[str]) -> bool:
    return any(
        other in BY_NAME[name].traits.conflicts or name in BY_NAME[other].traits.conflicts
        for other in level
    )


_ENTRIES: Final[list[dict[str, Any]]] = [
    *({"sortBy": name} for name in ("created", "dueDate", "priority", "name", "assignee")),
    {"sortBy": "nameCaseInsensitive"},
    *(
        {"sortBy": scope, "parameters": {"variable": "v", "type": kind}}
        for scope in ("taskVariable", "processVariable")
        for kind in ("Integer", "String")
    ),
]


@st.composite
def sort_orders(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Entries of `sorting`; those that an index delivers come often."""
    entries = st.sampled_from([*_ENTRIES, *_ENTRIES[:2] * 4])
    return [
        {
            **draw(entries),
            "sortOrder": draw(st.sampled_from(["asc", "desc"])),
            "nulls": draw(st.sampled_from([None, "first", "last"])),
        }
        for _ in range(draw(st.integers(0, 2)))
    ]


@st.composite
def queries(draw: st.DrawFn) -> dict[str, Any]:
    """A whole JSON body."""
    return {
        **draw(levels(inside=False)),
        "orQueries": draw(st.lists(levels(inside=True), max_size=2)),
        "sorting": draw(sort_orders()),
    }
