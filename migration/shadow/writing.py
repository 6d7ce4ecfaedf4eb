"""Repeats on taskdock what clients have changed on the old server."""

import json
import secrets
from dataclasses import dataclass
from typing import Final

from migration.http_client import Answer
from migration.shadow.exchange import Exchange, Kind, as_json
from migration.shadow.following import Following
from migration.shadow.report import DIFFERENT, REPEATED, UNDONE, Report
from migration.shadow.sides import NotAsked, Sides

_ENDS: Final = ("complete", "submit-form", "bpmnError")
_AFTER: Final = (*_ENDS, "bpmnEscalation", "resolve")
_PASSING: Final = frozenset({429, 500, 502, 503, 504})


@dataclass(slots=True)
class Writing:
    """Repeats writes one by one; called from one thread."""

    sides: Sides
    following: Following
    report: Report

    def repeat(self, exchange: Exchange) -> None:
        """Repeat what the old server has done, and follow what the engine made of it.

        Raises `Trouble` when the old server does not answer while that is found out.
        """
        if exchange.kind is Kind.ELSEWHERE:
            self.following.started(as_json(exchange.answer))
            return
        action = exchange.path.rpartition("/")[2]
        instance = self.following.instance_of(exchange.task_id) if action in _AFTER else None
        if exchange.path == "/task/create":
            self.following.creating(_named(exchange))
        try:
            answer = self._answered(exchange)
        except NotAsked as problem:
            self.report.not_asked(str(problem))
            answer = None
        if answer is None or answer.status >= 400:
            self._undone(exchange, answer)
        else:
            self.report.wrote(REPEATED)
            self._learn(exchange, answer)
        if instance:
            self.following.follow(*instance)

    def _answered(self, exchange: Exchange) -> Answer:
        body = exchange.body
        asked = exchange.json()
        if exchange.path.endswith("/comment") and exchange.method == "PUT":
            body = json.dumps(self.sides.ids.body_there(asked)).encode()
        # A key makes a second try harmless: the first may have been done.
        key = {"Idempotency-Key": secrets.token_hex(16)}
        headers = key if exchange.path.endswith("/create") else {}
        answer = self.sides.taskdock(exchange, body, headers)
        if answer.status in _PASSING:
            answer = self.sides.taskdock(exchange, body, headers)
        return answer

    def _undone(self, exchange: Exchange, answer: Answer | None) -> None:
        self.report.wrote(UNDONE)
        if answer is not None and answer.status not in _PASSING:
            self.report.wrote(DIFFERENT)
            said = answer.body[:300].decode(errors="replace")
            request = f"{exchange.method} {exchange.path}"
            self.report.differed(
                request, exchange.user, [f"{exchange.status} / {answer.status} {said}"]
            )
        self.following.lost(exchange.task_id or _named(exchange))

    def _learn(self, exchange: Exchange, answer: Answer) -> None:
        """Remember ids that differ, and in the journal what is there and what is gone."""
        parts = exchange.path.strip("/").split("/")
        if parts[-1] == "create" and len(parts) > 2:
            old, new = (as_json(text) for text in (exchange.answer, answer.body))
            if isinstance(old, dict) and isinstance(new, dict):
                self.sides.ids.learn(str(old.get("id")), str(new.get("id")))
        elif exchange.path == "/filter/create":
            old, new = (as_json(text) for text in (exchange.answer, answer.body))
            self.sides.ids.learn(str(old["id"]), str(new["id"]))
            self.following.stored(str(old["id"]), str(new["id"]))
        elif exchange.path == "/task/create":
            self.following.created(_named(exchange))
        elif parts[-1] in _ENDS or (exchange.method == "DELETE" and parts[:-1] == ["task"]):
            self.following.ended(exchange.task_id)


def _named(exchange: Exchange) -> str:
    """The id that a created task was given."""
    body = exchange.json()
    if exchange.path != "/task/create" or not isinstance(body, dict):
        return ""
    return str(body.get("id") or "")
