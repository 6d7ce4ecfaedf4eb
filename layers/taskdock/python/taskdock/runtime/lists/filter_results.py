"""Answers that run a stored filter: its list, its count, its only result."""

from typing import Final

from taskdock.api.answers.hal import HAL
from taskdock.api.answers.tasks import task_json
from taskdock.api.filters.hal import NO_RESULT, Found, results, single_result, wanted_variables
from taskdock.api.filters.queries import runnable
from taskdock.api.filters.requests import extending_query
from taskdock.api.queries.reading import Strictness
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.filters.extending import extended
from taskdock.domain.filters.stored_filter import StoredFilter
from taskdock.domain.query.model import TaskQuery
from taskdock.domain.variables.scopes import scopes
from taskdock.runtime.answers import NO_CONTENT, Answer, cost
from taskdock.runtime.lists.named_people import linked_to, people_at
from taskdock.runtime.query_answers import lines_above, list_answer, list_headers, total_of
from taskdock.runtime.query_requests import query_request, window, with_search
from taskdock.runtime.requests import JSON, Request
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.query.paging import Window
from taskdock.use_cases.query.query_tasks import count_tasks, find_tasks, too_many
from taskdock.use_cases.query.read_budget import NOTHING, ReadCost

TYPES: Final = (JSON, HAL)
"""What results are shown in."""

_NO_SINGLE_RESULT: Final = "Filter does not returns a valid single result"


def strictness_of(wiring: Wiring) -> Strictness:
    """How queries of filters are read."""
    return Strictness(expressions_enabled=wiring.settings.expressions_enabled)


def query_of(found: StoredFilter, request: Request, wiring: Wiring) -> TaskQuery:
    """The stored query with what the body adds to it; raises `InvalidRequest`."""
    strictness = strictness_of(wiring)
    body = request.json(trailing_junk_allowed=True)
    stored = found.content.query
    if body != {}:
        stored = extended(stored, extending_query(body, strictness))
    return with_search(runnable(stored, strictness), request)


def item_count(
    found: StoredFilter, request: Request, wiring: Wiring, spent: ReadCost = NOTHING
) -> tuple[int, ReadCost]:
    """How many tasks the filter finds for the caller, and all that was spent by now."""
    query = runnable(found.content.query, strictness_of(wiring))
    counted = count_tasks(query_request(query, request, wiring), wiring.store, spent)
    return counted.count, counted.found.spent


def results_answer(found: StoredFilter, request: Request, wiring: Wiring) -> Answer:
    """The page of tasks that the filter finds, in HAL for those who like it best."""
    query = query_of(found, request, wiring)
    if request.accepted(TYPES) != HAL:
        return list_answer(query, request, wiring)
    names = wanted_variables(found.content.properties)
    asked, part = query_request(query, request, wiring), window(request, query)
    answer = find_tasks(asked, wiring.store, part)
    count, statistics = total_of(answer, part, asked, wiring.store)
    tasks, wanted = answer.tasks, names is not None
    lines, statistics = lines_above(tasks, statistics, asked, wiring.store, wanted=wanted)
    shown = [Found(task, scopes(task, lines.above(task))) for task in tasks]
    return Answer(
        200,
        results(shown, count, people_at(tasks, wiring), names),
        list_headers(answer, statistics, query),
        too_large=too_many(count),
        media_type=HAL,
    )


def single_result_answer(found: StoredFilter, request: Request, wiring: Wiring) -> Answer:
    """The one task that the filter finds; raises `InvalidRequest` when it finds several."""
    query, is_hal = query_of(found, request, wiring), request.accepted(TYPES) == HAL
    asked = query_request(query, request, wiring)
    answer = find_tasks(asked, wiring.store, Window(maximum=2))
    headers = cost(answer.found.spent.read_units)
    tasks = answer.tasks
    if len(tasks) > 1:
        raise InvalidRequest(_NO_SINGLE_RESULT)
    if not tasks:
        return Answer(200, NO_RESULT, headers, media_type=HAL) if is_hal else NO_CONTENT
    [task] = tasks
    if not is_hal:
        return Answer(200, task_json(task), headers)
    names = wanted_variables(found.content.properties)
    wanted = names is not None
    lines, _ = lines_above(tasks, answer.found, asked, wiring.store, wanted=wanted)
    single = Found(task, scopes(task, lines.above(task)))
    people, groups = linked_to(task, request, wiring)
    return Answer(200, single_result(single, people, groups, names), headers, media_type=HAL)
