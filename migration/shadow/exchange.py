"""What a client asked the old server and what that answered; which of it taskdock is asked too."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

SEGMENTS: Final = frozenset(
    {
        "authorization",
        "case-definition",
        "case-execution",
        "case-instance",
        "execution",
        "filter",
        "group",
        "identity",
        "process-definition",
        "process-instance",
        "task",
        "tenant",
        "user",
        "variable-instance",
    }
)
"""First segments of paths that taskdock has; the history is not copied, so it is not asked."""

_QUESTIONS: Final = re.compile(
    r"/(?:task|filter|variable-instance|process-instance|case-instance|group|user)"
    r"(?:/count|/[^/]+/(?:list|count|singleResult))?$"
)
_ENGINE: Final = re.compile(r"^/engine/[^/]+(?=/)")
_NAMES: Final = re.compile(
    r"/(?:count|list|create|report|candidate-group-count|claim|unclaim|complete|submit-form|delegate"
    r"|resolve|assignee|identity-links|delete|comment|attachment|data|variables|localVariables|form"
    r"|form-variables|rendered-form|deployed-form|bpmnError|bpmnEscalation|groups|profile|verify"
    r"|singleResult|key|start|submit|startForm|xml|diagram|members|password-policy|check)$"
)


class Kind(StrEnum):
    """What a request is for taskdock."""

    READ = "read"
    WRITE = "write"
    ELSEWHERE = "elsewhere"
    """Only the old server has it, such as the start of a process."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer; `path` is below the address of the REST API and of its engine."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    """Of the request: what it accepts and which type it has, names in lower case."""
    user: str
    """Who signed in; empty when nobody did."""
    authorization: str
    body: bytes
    status: int
    answer: bytes
    answer_type: str

    @property
    def kind(self) -> Kind:
        """Whether taskdock is asked, and whether the request changes something."""
        segment = self.path.strip("/").partition("/")[0]
        is_question = self.method in ("GET", "HEAD") or (
            self.method == "POST" and _QUESTIONS.fullmatch(self.path) is not None
        )
        if segment not in SEGMENTS or self.method in ("HEAD", "OPTIONS"):
            return Kind.ELSEWHERE
        if is_question:
            return Kind.READ
        return Kind.WRITE if segment in ("task", "filter") else Kind.ELSEWHERE

    @property
    def changes(self) -> bool:
        """Whether the old server may have changed something."""
        if not 200 <= self.status < 300 or self.method in ("GET", "HEAD", "OPTIONS"):
            return False
        return self.kind is not Kind.READ

    @property
    def route(self) -> str:
        """The method and the path with `*` for ids and names."""
        parts = [each for each in self.path.split("/") if each]
        shown = [
            each if place == 0 or _NAMES.fullmatch(f"/{each}") else "*"
            for place, each in enumerate(parts)
        ]
        return f"{self.method} /{'/'.join(shown)}"

    @property
    def task_id(self) -> str:
        """The task that the path names; empty when it names none."""
        parts = self.path.strip("/").split("/")
        is_of_task = len(parts) > 1 and parts[0] == "task"
        return parts[1] if is_of_task and parts[1] not in ("count", "create", "report") else ""

    def json(self) -> Any:
        """The request's body; None when it is no JSON."""
        return as_json(self.body)


def as_json(text: bytes) -> Any:
    """What a text says as JSON; None when it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def below(path: str, base: str) -> str | None:
    """The path below the address of the REST API; None for another one."""
    if path != base and not path.startswith(f"{base}/"):
        return None
    return _ENGINE.sub("", path[len(base) :]) or "/"


_LISTS: Final = re.compile(r"(?:In|NotIn)$|^candidateGroups$")
_NUMBERS: Final = frozenset({"priority", "minPriority", "maxPriority"})


def as_body(query: str) -> dict[str, Any] | None:
    """The body of `POST /task` that asks as a query string does; None when none is sure to."""
    body: dict[str, Any] = {}
    pairs = parse_qsl(query, keep_blank_values=True)
    order: dict[str, str] = {}
    for name, value in pairs:
        if name in ("firstResult", "maxResults"):
            continue
        if name in ("sortBy", "sortOrder"):
            order[name] = value
        elif name.endswith("Variables") or name in body:
            return None
        elif _LISTS.search(name):
            body[name] = value.split(",")
        elif name in _NUMBERS:
            body[name] = int(value) if value.lstrip("-").isdigit() else value
        else:
            body[name] = {"true": True, "false": False}.get(value, value)
    if order:
        body["sorting"] = [{"sortOrder": "asc", **order}]
    return body


def without_page(query: str) -> str:
    """The query string without what names a page."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([each for each in pairs if each[0] not in ("firstResult", "maxResults")])
