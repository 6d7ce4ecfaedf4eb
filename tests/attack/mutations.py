"""Requests that are nearly right: one of each kind, changed at random."""

import json
from collections import Counter
from collections.abc import Mapping
from random import Random
from typing import Any, Final
from urllib.parse import quote

from tests.attack.operations import every_request
from tests.attack.tokens import VALUES
from tests.attack.world import Answer, Attacked

NASTY: Final[tuple[Any, ...]] = (
    None, True, -1, 0, 2**31, 2**63, -(2**63), 1e308, 1e-320, 10**400, "", " ", "\0", "\ud800",
    "ä" * 300, "x" * 5_000, "%", "_", "${1+1}", "${", "#{now()}", "../..", "'; --", "<script>",
    "9999-12-31T23:59:59.999+0000", "0000-00-00", [], {}, [[]], [None], [[[[[[[[]]]]]]]],
    {"": None},
    {"a": {"b": {"c": {}}}}, "tenant:t9", "javascript:alert(1)", "NaN", "\u202e", "=cmd()",
)  # fmt: skip
PARAMETERS: Final = (
    "firstResult", "maxResults", "explain", "assignee", "candidateGroup", "sortBy", "sortOrder",
    "dueBefore", "processVariables", "taskIdIn", "nameLike", "unassigned", "deserializeValues",
    "withVariablesInReturn", "limit", "offset", "tenantIdIn", "finishedAfter", "priority",
)  # fmt: skip
HEADERS: Final[tuple[Mapping[str, str], ...]] = (
    {"Content-Type": "text/plain"}, {"Content-Type": "application/json; charset=utf-16"},
    {"Content-Type": "multipart/form-data"}, {"Accept": "text/html"}, {"Accept": "*/*;q=x"},
    {"Accept": "application/hal+json"}, {"If-Match": "*"}, {"If-Match": '"99999999999999999999"'},
    {"Idempotency-Key": "k"}, {"Idempotency-Key": "x" * 300}, {"X-Max-Read-Units": "-1"},
    {"X-Max-Read-Units": "nan"}, {"X-Max-Read-Units": "0"}, {"Accept-Encoding": "gzip;q=0, br"},
    {"Content-Encoding": "gzip"}, {"X-HTTP-Method-Override": "DELETE"}, {"Origin": "null"},
)  # fmt: skip

RESTORED: Final = 10
"""After so many requests, what they changed or removed is there again."""


def attack(world: Attacked, number: int, seed: int) -> tuple[Counter[int], list[str]]:
    """Statuses, and the answers that are faults: a 5xx, or a body that is not what it says."""
    dice = Random(seed)
    requests = [each[1:] for each in every_request(VALUES)]
    attackers = [world.as_user(name) for name in ("victor", "mary", "john")]
    statuses: Counter[int] = Counter()
    faults = []
    for count in range(number):
        if count % RESTORED == 0:
            world.restore()
        method, target, body, headers = mutated(dice, *dice.choice(requests))
        answer = dice.choice(attackers).ask(method, target, body, headers)
        statuses[answer.status] += 1
        wrong = _fault(answer)
        if wrong:
            faults.append(f"{method} {target} {str(body)[:300]} {headers}: {wrong}")
    return statuses, faults


def mutated(
    dice: Random, method: str, target: str, body: Any, headers: Mapping[str, str]
) -> tuple[str, str, Any, Mapping[str, str]]:
    """The request with one to three changes."""
    for _ in range(dice.randint(1, 3)):
        match dice.randrange(7):
            case 0:
                method = dice.choice(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"])
            case 1 if dice.random() < 0.5:
                parts = target.split("/")
                parts[dice.randrange(1, len(parts))] = quoted(dice)
                target = "/".join(parts)
            case 2:
                mark = "&" if "?" in target else "?"
                target = f"{target}{mark}{dice.choice(PARAMETERS)}={quoted(dice)}"
            case 3:
                headers = {**headers, **dice.choice(HEADERS)}
            case 4 if isinstance(body, dict):
                body = {
                    **body,
                    dice.choice([*body, "type", "links", "sorting", "variables"]): dice.choice(
                        NASTY
                    ),
                }
            case 5 if isinstance(body, dict):
                content = bytearray(json.dumps(body).encode() or b"{}")
                content[dice.randrange(len(content))] = dice.randrange(256)
                body = bytes(content[: dice.randint(1, len(content))])
            case _:
                body = dice.choice(NASTY) if method in ("POST", "PUT", "PATCH") else body
    return method, target[:9_000], body, headers


def quoted(dice: Random) -> str:
    """A value for an address."""
    nasty = dice.choice(NASTY)
    text = nasty if isinstance(nasty, str) else json.dumps(nasty)
    return quote(text.encode(errors="surrogatepass"), safe="")


def _fault(answer: Answer) -> str | None:
    if answer.status >= 500:
        return f"{answer.status} {answer.body[:200]!r}"
    if "json" in answer.kind and answer.body:
        try:
            json.loads(answer.body)
        except ValueError:
            return f"{answer.status}, and no JSON: {answer.body[:200]!r}"
    elif answer.body and not answer.kind:
        return f"{answer.status}, and a body without a type: {answer.body[:200]!r}"
    return None
