"""A search in words, as a shorthand for orQueries (docs/api.md, Searching in words).

Camunda 7 has none. What the words become is a query like any other, and can be sent instead.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from taskdock.domain.errors import InvalidRequest
from taskdock.domain.identifiers import is_identifier

LONGEST_SEARCH: Final = 200
"""Characters of a search, and of the names of variables with it."""
MOST_WORDS: Final = 10
MOST_VARIABLES: Final = 10

_WORD: Final = re.compile(r'"([^"]*)"|(\S+)')
_WHOLE_NUMBER: Final = re.compile(r"-?[0-9]{1,15}")
_SPECIAL: Final = re.compile(r"[\\%_]")
_LIKE: Final = (
    "nameLike",
    "descriptionLike",
    "processInstanceBusinessKeyLike",
    "caseInstanceBusinessKeyLike",
    "assigneeLike",
)


def or_queries_of(parameters: Mapping[str, str]) -> list[dict[str, Any]]:
    """An orQuery for each word of `search`; none without words.

    Each word has to be found in name, description, business key or assignee, in one of the
    variables that `searchVariables` names, or be the task's id; case does not matter. Words in
    quotation marks belong together. Raises `InvalidRequest` for more than there may be.
    """
    variables = _variables(parameters.get("searchVariables", ""))
    return [_or_query(word, variables) for word in _words(parameters.get("search", ""))]


def _words(text: str) -> list[str]:
    _check_length("search", text)
    words = [quoted.strip() or plain for quoted, plain in _WORD.findall(text)]
    found = list(dict.fromkeys(filter(None, words)))
    if len(found) > MOST_WORDS:
        raise InvalidRequest(f"search: at most {MOST_WORDS} words, got {len(found)}")
    return found


def _variables(text: str) -> list[str]:
    _check_length("searchVariables", text)
    names = list(dict.fromkeys(filter(None, map(str.strip, text.split(",")))))
    if len(names) > MOST_VARIABLES:
        raise InvalidRequest(f"searchVariables: at most {MOST_VARIABLES} names, got {len(names)}")
    return names


def _check_length(name: str, text: str) -> None:
    if len(text) > LONGEST_SEARCH:
        raise InvalidRequest(f"{name}: at most {LONGEST_SEARCH} characters, got {len(text)}")


def _or_query(word: str, variables: list[str]) -> dict[str, Any]:
    pattern = f"%{_SPECIAL.sub(lambda found: '\\' + found[0], word)}%"
    query: dict[str, Any] = dict.fromkeys(_LIKE, pattern)
    query["likePatternIgnoreCase"] = True
    if is_identifier(word):
        query["taskId"] = word
    conditions = list(_conditions(word, pattern, variables))
    if conditions:
        query |= {"taskVariables": conditions, "processVariables": conditions}
    return query


def _conditions(word: str, pattern: str, variables: list[str]) -> Iterator[dict[str, Any]]:
    for name in variables:
        yield {"name": name, "operator": "like", "value": pattern}
        if _WHOLE_NUMBER.fullmatch(word):
            yield {"name": name, "operator": "eq", "value": int(word)}
