"""Compares an answer with the recorded one; describes the differences in words."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Event
from typing import Any, Final
from urllib.parse import urlencode

from tests.conformance.client import Client, Reply
from tests.conformance.recordings import NOT_RECORDED, ErrorCase, QueryCase, Scenario, Step

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000")
_UNORDERED: Final = ({"type", "userId", "groupId"}, {"type", "value", "valueInfo"})
"""Keys of what is listed in no order: identity links and variables."""

_PAUSE: Final = 0.2
"""Seconds between two tries."""

_LOG: Final = "/history/user-operation"
_OF_THE_LOG: Final = (
    "taskId", "userId", "timestamp", "operationId", "operationType", "entityType", "property",
    "orgValue", "newValue", "category", "annotation",
)  # fmt: skip
"""What most steps record of an entry of the operation log; the other keys are null there."""


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
    said = reply.message if expected.status >= 400 else reply.body.decode()
    for words in expected.mentions:
        if words not in said:
            yield f"message: expected {words!r} in {said!r}"


def scenario_verdict(scenario: Scenario, client: Client, patience: int = 1) -> Verdict:
    """What the service says to each step, one after the other.

    What the reader of the stream writes is asked for up to `patience` times, since it comes later.
    """
    captured: dict[str, str] = {}
    problems: list[str] = []
    for number, step in enumerate(scenario.steps, 1):
        target = _filled(step.path + (f"?{step.query}" if step.query else ""), captured)
        for tries_left in reversed(range(patience if _is_written_later(step) else 1)):
            reply = client.send(
                step.caller, step.method, target, step.body, step.content_type, step.accept
            )
            found = [*_step_problems(reply, step)]
            if not found or not tries_left:
                break
            Event().wait(_PAUSE)
        problems += (f"step {number} {step.method} {target}: {problem}" for problem in found)
        for name, field in step.capture.items():
            captured[name] = (
                str(reply.json.get(field)) if isinstance(reply.json, dict) else "nothing"
            )
    rows = {row for step in scenario.steps for row in step.rows}
    return Verdict(scenario.name, tuple(sorted(rows, key=number_of)), tuple(problems))


def _is_written_later(step: Step) -> bool:
    return any(name in step.path for name in (_LOG, "/history/variable-instance"))


def _filled(target: str, captured: Mapping[str, str]) -> str:
    for name, value in captured.items():
        target = target.replace(f"{{{name}}}", value)
    return target


def _step_problems(reply: Reply, step: Step) -> Iterator[str]:
    yield from _refusal_problems(reply, step)
    if not reply.content_type.startswith(step.answer_type):
        yield f"content type: expected {step.answer_type}, got {reply.content_type}"
    if step.answer is NOT_RECORDED:
        return
    answer = _recorded_keys(step, reply.json)
    if step.is_unordered and isinstance(answer, list):
        recorded = _in_one_order(step.answer, step.answer)
        yield from difference("answer", recorded, _in_one_order(answer, step.answer))
    else:
        yield from difference("answer", step.answer, answer)


def _recorded_keys(step: Step, answer: Any) -> Any:
    """The answer without the keys that the recording leaves out: of tasks, often all but the id."""
    if not isinstance(answer, list) or not isinstance(step.answer, list):
        return answer
    if _LOG in step.path and step.answer and step.answer[0].keys() == set(_OF_THE_LOG):
        return [{key: each.get(key) for key in _OF_THE_LOG} for each in answer]
    if step.answer and all(each == {"id": each.get("id")} for each in step.answer):
        return [{"id": each.get("id")} for each in answer]
    return answer


def _in_one_order(values: list[Any], expected: list[Any]) -> list[Any]:
    """The values sorted by what is the same each time."""
    changing = {
        name
        for each in expected
        if isinstance(each, dict)
        for name, value in each.items()
        if value in ("<id>", "<date>", "<any>", "<number>")
    } | {"links"}

    def key(value: Any) -> str:
        kept = value
        if isinstance(value, dict):
            kept = {name: each for name, each in value.items() if name not in changing}
        return json.dumps(kept, sort_keys=True)

    return sorted(values, key=key)


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
    if expected == "<any>":
        return []
    if expected == "<number>" and isinstance(actual, int):
        return []
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
