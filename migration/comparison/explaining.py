"""Shows that a row of the table of differences is why two servers answer a query differently.

The answer that the row demands is worked out from what the old server itself answers to simpler
queries and from the values of its variables. Only when it is the new server's answer, id by id, is
the difference explained.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from migration.comparison.orders import ordered
from migration.comparison.variables import matching, row_of
from migration.old_server import OldServer, Shown

ABSENT: Final = "tasks that are not on both sides"
_PAGE: Final = 500
_FLAGS: Final = frozenset(
    {
        "includeAssignedTasks",
        "variableNamesIgnoreCase",
        "variableValuesIgnoreCase",
        "withCommentAttachmentInfo",
    }
)
_CANDIDATES: Final = frozenset(
    {
        "candidateGroup",
        "candidateGroups",
        "candidateGroupLike",
        "candidateUser",
        "involvedUser",
        "withCandidateGroups",
        "withCandidateUsers",
        "withoutCandidateGroups",
        "withoutCandidateUsers",
    }
)

_MAKES_LINKS_MATTER: Final = _CANDIDATES - {"involvedUser"} | {
    "candidateGroupExpression",
    "candidateGroupsExpression",
    "candidateUserExpression",
}
"""What `includeAssignedTasks` needs beside it: alone it is refused."""

type Body = Mapping[str, Any]


def explanation(
    body: Body,
    servers: tuple[OldServer, OldServer],
    absent: Collection[str],
    counts: tuple[int, int],
) -> str:
    """The rows that were shown to be why; empty when nothing was. Raises `Trouble`.

    `absent` are tasks that only one server has, `counts` what the servers counted.
    """
    old, new = servers
    theirs = [each["id"] for each in whole(new, body)]
    kept = [each for each in theirs if each not in absent]
    listed = [each["id"] for each in whole(old, body)]
    if counts[1] != len(theirs):
        return ""
    if kept == [each for each in listed if each not in absent]:
        return ABSENT if absent and counts[0] == len(listed) else ""
    sought = _Sought(old)
    found = [each["id"] for each in sought.answer(body) if each["id"] not in absent]
    if found != kept or not sought.rows:
        return ""
    rows = ", ".join(sorted(sought.rows, key=lambda row: int(row[1:])))
    return f"{rows}: worked out from the old server's data" + (f"; {ABSENT}" if absent else "")


def whole(server: OldServer, body: Body) -> list[Shown]:
    """All tasks that a server answers, page by page."""
    found: list[Shown] = []
    while True:
        query = {"firstResult": len(found), "maxResults": _PAGE}
        page = server.listed("POST", "/task", query=query, body=body)
        found += page
        if len(page) < _PAGE:
            return found


class _Sought:
    """Works out an answer, and remembers which rows made it another than the old server's."""

    def __init__(self, old: OldServer) -> None:
        self.rows: set[str] = set()
        self._old = old

    def answer(self, body: Body) -> list[Shown]:
        """The tasks in the order that the rows demand."""
        tops = {name: value for name, value in body.items() if name not in ("orQueries", "sorting")}
        inner = list(body.get("orQueries") or ())
        apart = self._candidates_apart([tops, *inner])
        rest = {k: v for k, v in tops.items() if k in _FLAGS or not self._is_special(k, v, apart)}
        plain = [each for each in inner if not self._is_special_level(each, apart)]
        base = whole(self._old, {**self._likes(rest), "orQueries": [*map(self._likes, plain)]})
        kept = {each["id"]: each for each in base}
        for name, value in _atoms(tops):
            if name not in _FLAGS and self._is_special(name, value, apart):
                kept = _both(kept, self._of(name, value, tops))
        for level in inner:
            if self._is_special_level(level, apart):
                found: dict[str, Shown] = {}
                for name, value in _atoms(level):
                    found |= {} if name in _FLAGS else self._of(name, value, level)
                kept = _both(kept, found)
        return self._in_order(body, kept)

    def _in_order(self, body: Body, kept: Mapping[str, Shown]) -> list[Shown]:
        tasks, rows = ordered(
            kept,
            body["sorting"],
            self._old,
            lambda orders: whole(self._old, {"sorting": orders}),
        )
        self.rows |= rows
        return tasks

    def _candidates_apart(self, levels: Sequence[Body]) -> bool:
        """Whether candidate filters are independent conditions here and one link's there (D8)."""
        if sum(name in _CANDIDATES for level in levels for name in level) < 2:
            return False
        self.rows.add("D8")
        return True

    def _is_special(self, name: str, value: Any, apart: bool) -> bool:
        if name in _CANDIDATES:
            return apart
        return name.endswith("Variables") and any(row_of(each) for each in value or ())

    def _is_special_level(self, level: Body, apart: bool) -> bool:
        return any(self._is_special(name, value, apart) for name, value in level.items())

    def _of(self, name: str, value: Any, level: Body) -> dict[str, Shown]:
        """The tasks that meet one condition of a level, whatever else the level says."""
        flags = {flag: level[flag] for flag in _FLAGS if flag in level}
        if name.endswith("Variables"):
            row = row_of(value[0])
            if row:
                self.rows.add(row)
                ids = matching(self._old, name, value[0], flags)
                return {each["id"]: each for each in whole(self._old, {}) if each["id"] in ids}
        found = whole(self._old, self._likes({name: value, **flags}))
        return {each["id"]: each for each in found}

    def _likes(self, level: Body) -> dict[str, Any]:
        """The level with patterns that say what they mean on the old server (D5)."""
        changed = dict(level)
        if _MAKES_LINKS_MATTER.isdisjoint(changed):
            changed.pop("includeAssignedTasks", None)
        for name, value in level.items():
            if name.endswith("Like") and isinstance(value, str) and "%" not in value:
                changed[name] = f"%{value}%"
                self.rows.add("D5")
            if name.endswith("Variables"):
                changed[name] = [self._like_condition(each) for each in value or ()]
        return changed

    def _like_condition(self, condition: Body) -> Body:
        value = condition.get("value")
        if condition.get("operator") not in ("like", "notLike") or "%" in str(value):
            return condition
        self.rows.add("D5")
        return {**condition, "value": f"%{value}%"}


def _atoms(level: Body) -> Iterator[tuple[str, Any]]:
    """The conditions of a level one by one."""
    for name, value in level.items():
        if name.endswith("Variables"):
            for each in value or ():
                yield name, [each]
        else:
            yield name, value


def _both(one: Mapping[str, Shown], two: Collection[str]) -> dict[str, Shown]:
    return {key: task for key, task in one.items() if key in two}
