"""Compares an answer with the recorded one; describes the differences in words."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from tests.conformance.client import Client, Reply
from tests.conformance.recordings import NOT_RECORDED, ErrorCase, QueryCase, Scenario, Step

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000")
_UNORDERED: Final = ({"type", "userId", "groupId"}, {"type", "value", "valueInfo"})
"""Keys of what is listed in no order: identity links and variables."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one case."""

    case: str
    rows: tuple[str, ...]
    problems: tuple[str, ...]
    """What differs from the recording; nothing when both agree."""


def query_verdict(case: QueryCase, client: Client) -> Verdict:
    """The list and the count that the service gives."""
    listed = _asked(case, case.path, client)
    counted = _asked(case, f"{case.path}/count", client)
    problems = []
    if listed.status != 200:
        problems.append(f"list: {listed.status} {listed.message}")
    else:
        problems += difference("ids", case.ids, [task["id"] for task in listed.json])
    if counted.json != {"count": case.count}:
        problems.append(f"count: expected {case.count}, got {_short(counted.json)}")
    return Verdict(case.name, case.rows, tuple(problems))


def _asked(case: QueryCase, path: str, client: Client) -> Reply:
    query = f"?{urlencode(case.parameters)}" if case.parameters else ""
    body = None if case.body is None else json.dumps(case.body).encode()
    return client.send(case.caller, case.method, path + query, body)


def error_verdict(case: ErrorCase, client: Client) -> Verdict:
    """How the service takes a request that is wrong, or looks so."""
    query = f"?{case.query_string}" if case.query_string else ""
    body = None if case.body is None else case.body.encode()
    reply = client.send(case.caller, case.method, case.path + query, body, case.content_type)
    problems = tuple(_refusal_problems(reply, case))
    return Verdict(case.name, case.rows, problems)


def _refusal_problems(reply: Reply, expected: ErrorCase | Step) -> Iterator[str]:
    if reply.status != expected.status:
        yield f"status: expected {expected.status}, got {reply.status} {reply.message}"
    if expected.type is not None and reply.type != expected.type:
        yield f"type: expected {expected.type}, got {reply.type}"
    for words in expected.mentions:
        if words not in reply.message:
            yield f"message: expected {words!r} in {reply.message!r}"


def scenario_verdict(scenario: Scenario, client: Client) -> Verdict:
    """What the service says to each step, one after the other."""
    captured: dict[str, str] = {}
    problems: list[str] = []
    for number, step in enumerate(scenario.steps, 1):
        path = step.path.format(**captured) + (f"?{step.query}" if step.query else "")
        body = None if step.body is None else json.dumps(step.body).encode()
        reply = client.send(step.caller, step.method, path, body)
        found = [*_refusal_problems(reply, step)]
        if step.answer is not NOT_RECORDED:
            found += difference("answer", step.answer, reply.json)
        problems += (f"step {number} {step.method} {path}: {problem}" for problem in found)
        for name, field in step.capture.items():
            captured[name] = str(reply.json[field]) if isinstance(reply.json, dict) else "nothing"
    rows = {row for step in scenario.steps for row in step.rows}
    return Verdict(scenario.name, tuple(sorted(rows, key=number_of)), tuple(problems))


def number_of(row: str) -> int:
    """The number in the name of a row of the table of differences."""
    return int(row.removeprefix("D"))


def difference(where: str, expected: Any, actual: Any) -> list[str]:
    """The differences in words; `<id>` and `<date>` in the recording match any such text."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return _object_difference(where, expected, actual)
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        pairs = zip(_sorted(expected), _sorted(actual), strict=True)
        return [
            problem
            for place, (one, other) in enumerate(pairs)
            for problem in difference(f"{where}[{place}]", one, other)
        ]
    if expected == "<id>" and isinstance(actual, str) and actual:
        return []
    if expected == "<date>" and isinstance(actual, str) and _DATE.fullmatch(actual):
        return []
    if expected == actual and type(expected) is type(actual):
        return []
    return [f"{where}: expected {_short(expected)}, got {_short(actual)}"]


def _object_difference(
    where: str, expected: Mapping[str, Any], actual: Mapping[str, Any]
) -> list[str]:
    shown = {key: value for key, value in actual.items() if key != "links"}
    problems = [f"{where}.{key}: missing" for key in expected.keys() - shown.keys()]
    problems += [f"{where}.{key}: not expected" for key in shown.keys() - expected.keys()]
    for key in sorted(expected.keys() & shown.keys()):
        problems += difference(f"{where}.{key}", expected[key], shown[key])
    return problems


def _sorted(values: list[Any]) -> list[Any]:
    """Identity links and variables in one order; everything else as it came."""
    if all(isinstance(each, dict) and each.keys() in _UNORDERED for each in values):
        return sorted(values, key=lambda each: json.dumps(each, sort_keys=True))
    return values


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else f"{text[:300]}…"
