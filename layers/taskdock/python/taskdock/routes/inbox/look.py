"""What a page of tasks shows, as far as it has changed: one request for all of it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from taskdock.api.answers.errors import error_json, row_of
from taskdock.api.filters.answers import filter_json
from taskdock.api.queries.look import LookedAt, look_request_in
from taskdock.api.queries.reading import read_body
from taskdock.domain.errors import QueryTooExpensive, TaskdockError
from taskdock.runtime.answers import Answer, JsonText, cost, json_text
from taskdock.runtime.lists.filter_results import item_count, strictness_of
from taskdock.runtime.query_answers import tasks_of_answer
from taskdock.runtime.query_requests import query_request
from taskdock.runtime.read_limits import shows_figures
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.filters.manage_filters import Filters
from taskdock.use_cases.query.paging import Window, place_of_token
from taskdock.use_cases.query.query_tasks import count_tasks, find_tasks
from taskdock.use_cases.query.read_budget import NOTHING

ROUTES: Final = Routes()


@dataclass(frozen=True, slots=True)
class _Part:
    """What there is for one part of the page now."""

    content: dict[str, JsonText]
    read_units: float


@ROUTES.post("/v1/look")
def look(request: Request, wiring: Wiring) -> Answer:
    """For each query a status of its own, with its tasks unless the caller has them
    (docs/api.md, What a page shows)."""
    asked = look_request_in(request.json())
    looks = _Looks(request, wiring)
    queries = [looks.part(partial(looks.tasks, each), each.tag) for each in asked.queries]
    filters = looks.part(looks.filters, asked.filters_tag) if asked.filters else json_text(None)
    return Answer(
        200,
        JsonText(f'{{"queries":[{",".join(queries)}],"filters":{filters}}}'),
        cost(looks.read_units),
        {"readUnits": looks.read_units, "unchanged": looks.unchanged, "refused": looks.refused},
        too_large="The tasks are more than one answer holds: ask for fewer.",
    )


class _Looks:
    """The parts of one answer."""

    def __init__(self, request: Request, wiring: Wiring) -> None:
        self._request = request
        self._wiring = wiring
        self._tells_figures = shows_figures(request, wiring)
        self.read_units = 0.0
        self.unchanged = 0
        self.refused = 0

    def part(self, find: Callable[[], _Part], known: str | None) -> JsonText:
        """What was found with 200; 304 where the caller has it; what an error is answered with."""
        try:
            found = find()
        except TaskdockError as error:
            self.refused += 1
            return self._written(row_of(error).status, error.read_units or 0.0, _of(error))
        tag = _tag(found.content)
        if tag == known:
            self.unchanged += 1
            return self._written(304, found.read_units, {"tag": json_text(tag)})
        return self._written(200, found.read_units, {"tag": json_text(tag), **found.content})

    def _written(self, status: int, read_units: float, more: dict[str, JsonText]) -> JsonText:
        self.read_units += read_units
        figure = {"readUnits": json_text(read_units)} if self._tells_figures else {}
        parts = {"status": json_text(status), **figure, **more}
        return JsonText(f"{{{','.join(f'"{name}":{text}' for name, text in parts.items())}}}")

    def tasks(self, wanted: LookedAt) -> _Part:
        """The tasks that a query finds, or how many there are."""
        query = read_body(wanted.query, strictness_of(self._wiring))
        asked = replace(query_request(query, self._request, self._wiring), versions=True)
        if wanted.counts:
            counted = count_tasks(asked, self._wiring.store)
            return _Part({"count": json_text(counted.count)}, counted.found.spent.read_units)
        after = place_of_token(wanted.token, query.sorting) if wanted.token else None
        answer = find_tasks(asked, self._wiring.store, Window(maximum=wanted.maximum, after=after))
        tasks, found = tasks_of_answer(answer, asked, self._wiring.store)
        following = answer.next.token(query.sorting) if answer.next else None
        content = {"tasks": tasks, "nextPageToken": json_text(following)}
        return _Part(content, found.spent.read_units)

    def filters(self) -> _Part:
        """The filters by name, each with the number of its tasks unless that costs too much."""
        found = Filters(self._wiring.filters, self._request.caller).list()
        by_name = sorted(found, key=lambda each: (each.content.name, each.id))
        counts: dict[str, int] = {}
        spent = NOTHING
        try:
            # One budget for all of them, so that a page costs no more than a query may.
            for each in by_name:
                counts[each.id], spent = item_count(each, self._request, self._wiring, spent)
            units = spent.read_units
        except QueryTooExpensive as error:
            units = max(error.read_units or 0.0, spent.read_units)
        shown = [filter_json(each, counts.get(each.id)) for each in by_name]
        return _Part({"filters": json_text(shown)}, units)


def _of(error: TaskdockError) -> dict[str, JsonText]:
    return {"error": json_text(error_json(error))}


def _tag(content: dict[str, JsonText]) -> str:
    """Of the content alone: what it cost to find does not change it."""
    text = json_text([*content.items()])
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]
