"""How a query extends a stored one (docs/camunda-behaviour.md, Stored filters).

Both are JSON in the form in which filters keep them, so the result can be checked and run as any
query: conflicts that only the combination makes are found there.
"""

from typing import Any, Final

from taskdock.domain.filters.stored_filter import StoredQuery

VARIABLE_LISTS: Final = ("taskVariables", "processVariables", "caseInstanceVariables")
"""The conditions on variables of a query, by kind."""

CASE_FLAGS: Final = ("variableNamesIgnoreCase", "variableValuesIgnoreCase", "likePatternIgnoreCase")
"""What changes the meaning of conditions beside it."""

_JOINED: Final = ("orQueries", "sorting", *VARIABLE_LISTS)


def extended(stored: StoredQuery, given: StoredQuery) -> StoredQuery:
    """The stored query with what the given one adds.

    A property of the given query replaces the stored one. Of variables, conditions on a name that
    the given query has in its list of the same kind are replaced, the others stay. The stored sort
    orders come first. All orQueries have to hold.
    """
    given, apart = _with_conditions_apart(stored, given)
    result = {**stored, **{name: given[name] for name in given if name not in _JOINED}}
    for kind in VARIABLE_LISTS:
        named = {each["name"] for each in (*given.get(kind, ()), *apart.get(kind, ()))}
        kept = [each for each in stored.get(kind, ()) if each["name"] not in named]
        result[kind] = [*kept, *given.get(kind, ())]
    alone = [
        {kind: [condition], **{flag: apart[flag] for flag in CASE_FLAGS if flag in apart}}
        for kind in VARIABLE_LISTS
        for condition in apart.get(kind, ())
    ]
    result["orQueries"] = [*stored.get("orQueries", ()), *given.get("orQueries", ()), *alone]
    result["sorting"] = [*stored.get("sorting", ()), *given.get("sorting", ())]
    return result


def _with_conditions_apart(
    stored: StoredQuery, given: StoredQuery
) -> tuple[StoredQuery, StoredQuery]:
    """The given query, and those of its conditions that its own flags about case apply to.

    Flags rule the conditions of their own query alone. Where both agree, nothing is set apart; an
    orQuery of a single condition, with its flags, says the same as the condition itself.
    """
    if all(stored.get(flag) == given.get(flag) for flag in CASE_FLAGS):
        return given, {}
    apart: dict[str, Any] = {
        name: given[name] for name in (*VARIABLE_LISTS, *CASE_FLAGS) if name in given
    }
    return {name: given[name] for name in given if name not in apart}, apart
