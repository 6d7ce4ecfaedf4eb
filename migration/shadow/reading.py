"""Asks taskdock what a client has read, and says how the answers compare."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from migration.comparison.asking import compared
from migration.comparison.queries import Query
from migration.http_client import Answer, Trouble
from migration.shadow.answers import are_the_same_tasks, places
from migration.shadow.exchange import Exchange, as_body, as_json
from migration.shadow.report import DIFFERENT, EXPLAINED, LATE, REFUSED, SAME, UNDECIDED, Report
from migration.shadow.sides import NotAsked, Sides

PAUSES: Final = (0.5, 1.0, 2.0, 4.0)
"""Seconds before both are asked again, and again: what is late is the same by then."""

TIES: Final = "D15: the old server may have tasks with equal sort keys in any order"


@dataclass(frozen=True, slots=True)
class Recheck:
    """A read that differed, and when it is to be asked again."""

    first: Exchange
    found: Sequence[str]
    """Where the first answers differed."""
    at: float
    tries: int = 1
    """How often its answers were compared."""


@dataclass(slots=True)
class Reading:
    """Compares reads; each method may be called from several threads."""

    sides: Sides
    report: Report
    spare: timedelta
    """How far apart times may be of what was done through the proxy."""
    clock: Callable[[], float] = time.monotonic

    def compare(self, exchange: Exchange, again: Recheck | None = None) -> Recheck | None:
        """Ask taskdock; what is to be asked again when the answers differ.

        `again` says that this read was compared before: beyond the last pause, a difference is one.
        """
        if exchange.status == 401:
            self.report.not_asked("the old server refused the sign-in")
            return None
        try:
            answer = self.sides.taskdock(exchange, exchange.body, {})
            found = self._differ(exchange, answer)
            if again is None and exchange.status >= 400 and 400 <= answer.status < 500:
                self.report.read(REFUSED)
            elif not found:
                self._same(exchange, again)
            elif again and (why := self._explained(exchange, answer)):
                self.report.read(EXPLAINED, why)
            elif again is None:
                return Recheck(exchange, found, self.clock() + PAUSES[0])
            elif again.tries < len(PAUSES):
                at = self.clock() + PAUSES[again.tries]
                return replace(again, at=at, tries=again.tries + 1)
            else:
                self.report.read(DIFFERENT)
                self._say(exchange, found)
        except NotAsked as problem:
            self.report.not_asked(str(problem))
        except Trouble as problem:
            self.report.not_asked("asked again in vain")
            self.report.differed(exchange.route, exchange.user, [str(problem)])
        return None

    def asked_again(self, again: Recheck) -> Exchange | None:
        """What the old server answers now; None where it does not, which is noted.

        taskdock is to be asked after all writes that the old server did before this answer.
        """
        try:
            now = self.sides.old_answer(again.first)
        except Trouble as problem:
            self.report.not_asked("asked again in vain")
            self.report.differed(again.first.route, again.first.user, [str(problem)])
            return None
        return replace(again.first, status=now.status, answer=now.body)

    def _same(self, exchange: Exchange, again: Recheck | None) -> None:
        """Count answers that are the same, perhaps only now."""
        if again is None:
            self.report.read(SAME)
        elif exchange.answer == again.first.answer:
            self.report.read(LATE)
        else:
            self.report.read(UNDECIDED)
            self._say(again.first, [f"at first: {each}" for each in again.found])

    def _say(self, exchange: Exchange, found: Sequence[str]) -> None:
        question = f"?{exchange.query}" if exchange.query else ""
        body = exchange.body[:500].decode(errors="replace")
        request = f"{exchange.method} {exchange.path}{question} {body}".strip()
        self.report.differed(request, exchange.user, found)

    def _differ(self, exchange: Exchange, answer: Answer) -> list[str]:
        if exchange.status != answer.status:
            said = answer.body[:200].decode(errors="replace")
            return [f"status: {exchange.status} / {answer.status} {said}"]
        if "json" not in exchange.answer_type:
            return [] if exchange.answer == answer.body else ["the bytes of the answer"]
        if exchange.answer == answer.body:
            return []
        old, new = (as_json(text) for text in (exchange.answer, answer.body))
        return places(exchange.path, old, self.sides.ids.here(new), self.spare)

    def _explained(self, exchange: Exchange, answer: Answer) -> str:
        """The row that was shown to be why, for a list or a count of tasks; else empty."""
        if exchange.path not in ("/task", "/task/count"):
            return ""
        if exchange.method == "GET":
            body = as_body(exchange.query)
        else:
            body = as_json(exchange.body or b"{}")
        if not isinstance(body, dict):
            return ""
        found = compared(Query("shadow", body), self.sides.servers(exchange), ())
        if found is not None:
            return found.why
        return TIES if self._may_have_ties(exchange, body, answer) else ""

    def _may_have_ties(self, exchange: Exchange, body: dict[str, Any], answer: Answer) -> bool:
        """Whether the answers are alike but for the order, or the page, of what the order ties.

        Both have answered the same with ties broken.
        """
        if any(each.get("sortBy") == "id" for each in body.get("sorting") or ()):
            return False
        old, new = (as_json(text) for text in (exchange.answer, answer.body))
        if not isinstance(old, list) or not isinstance(new, list) or len(old) != len(new):
            return False
        if not are_the_same_tasks(old, new):
            return "maxResults" in exchange.query
        shown = {each["id"]: each for each in self.sides.ids.here(new)}
        return not places(exchange.path, old, [shown[each["id"]] for each in old], self.spare)
