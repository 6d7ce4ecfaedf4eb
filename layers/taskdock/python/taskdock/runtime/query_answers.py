"""Answers to task queries: the list, the count, and what they cost."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from taskdock.api.answers.hal import HAL, hal_list
from taskdock.api.answers.task_lists import tasks_text
from taskdock.api.answers.tasks import extended_task_json
from taskdock.domain.query.model import TaskQuery
from taskdock.domain.query.read_specs import ByIds
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.runtime.answers import Answer, JsonText, cost, json_text
from taskdock.runtime.explanations import Stopwatch, explanation, measured, price_of
from taskdock.runtime.lists.named_people import people_at
from taskdock.runtime.query_requests import query_request, searched, window
from taskdock.runtime.read_limits import is_explained
from taskdock.runtime.requests import Request
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.documents import version_of
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.query import query_tasks
from taskdock.use_cases.query.page_reading import tasks_of
from taskdock.use_cases.query.paging import Window
from taskdock.use_cases.query.plan_search import QueryStatistics
from taskdock.use_cases.query.query_tasks import QueryRequest, count_tasks, find_tasks, too_many
from taskdock.use_cases.query.read_budget import ReadBudget
from taskdock.use_cases.tasks.task_family import Lines, ancestors


def list_answer(query: TaskQuery, request: Request, wiring: Wiring) -> Answer:
    """The tasks of the requested window, in the query's order."""
    watch = Stopwatch()
    explained = is_explained(request, wiring)
    asked = query_request(query, request, wiring)
    answer = find_tasks(asked, wiring.store, window(request, query))
    found, returned = answer.found, len(answer.documents)
    content: object
    if explained:
        tasks, found = _shown(answer, asked, wiring.store)
        content = {
            "tasks": tasks,
            **_explained(query, found, returned, (watch, request, wiring)),
        }
    else:
        content, found = tasks_of_answer(answer, asked, wiring.store)
    return Answer(
        200,
        content,
        list_headers(answer, found, query),
        measured(found, returned, watch.milliseconds, wiring.settings.metrics_namespace),
        too_large=too_many(found.matched),
    )


def hal_list_answer(query: TaskQuery, request: Request, wiring: Wiring) -> Answer:
    """The same tasks in HAL, with how many match in all (docs/camunda-behaviour.md, HAL)."""
    watch = Stopwatch()
    asked, part = query_request(query, request, wiring), window(request, query)
    answer = find_tasks(asked, wiring.store, part)
    count, found = total_of(answer, part, asked, wiring.store)
    tasks = answer.tasks
    return Answer(
        200,
        hal_list(tasks, count, people_at(tasks, wiring)),
        list_headers(answer, found, query),
        measured(
            found, len(answer.documents), watch.milliseconds, wiring.settings.metrics_namespace
        ),
        too_large=too_many(count),
        media_type=HAL,
    )


def count_answer(query: TaskQuery, request: Request, wiring: Wiring) -> Answer:
    """How many tasks match."""
    watch = Stopwatch()
    explained = is_explained(request, wiring)
    answer = count_tasks(query_request(query, request, wiring), wiring.store)
    content: dict[str, object] = {"count": answer.count}
    if explained:
        content |= _explained(query, answer.found, 0, (watch, request, wiring))
    headers = cost(answer.found.spent.read_units)
    return Answer(
        200,
        content,
        headers,
        measured(answer.found, 0, watch.milliseconds, wiring.settings.metrics_namespace),
    )


def tasks_of_answer(
    answer: query_tasks.Answer, asked: QueryRequest, store: TaskStore
) -> tuple[JsonText, QueryStatistics]:
    """The tasks as they are shown, and all read units spent."""
    if not _has_extras(asked.query):
        return JsonText(tasks_text(answer.documents)), answer.found
    shown, found = _shown(answer, asked, store)
    return json_text(shown), found


def _has_extras(query: TaskQuery) -> bool:
    extras = query.extras
    return extras.variables or extras.local_variables or extras.comment_and_attachment


def _shown(
    answer: query_tasks.Answer, asked: QueryRequest, store: TaskStore
) -> tuple[list[dict[str, object]], QueryStatistics]:
    """The tasks with the extras that the query asks for, and all read units spent."""
    tasks, extras = answer.tasks, asked.query.extras
    lines, found = lines_above(tasks, answer.found, asked, store, wanted=extras.variables)
    shown = [
        extended_task_json(
            task,
            lines.above(task),
            with_variables=extras.variables,
            with_local_variables=extras.local_variables,
            with_comment_attachment_info=extras.comment_and_attachment,
            version=version_of(document),
        )
        for task, document in zip(tasks, answer.documents, strict=True)
    ]
    return shown, found


def lines_above(
    tasks: Sequence[Task],
    found: QueryStatistics,
    asked: QueryRequest,
    store: TaskStore,
    *,
    wanted: bool,
) -> tuple[Lines, QueryStatistics]:
    """The tasks' ancestors when their variables are wanted, and all read units spent."""
    if not wanted:
        return Lines({}), found
    budget = ReadBudget(asked.limits, found.spent)

    def read(task_ids: Sequence[TaskId]) -> Iterable[Task]:
        return tasks_of(store, ByIds(tuple(task_ids), asked.caller.tenants), budget)

    lines = ancestors(tasks, read, asked.caller.access)
    return lines, replace(found, spent=budget.spent)


def total_of(
    answer: query_tasks.Answer, part: Window, asked: QueryRequest, store: TaskStore
) -> tuple[int, QueryStatistics]:
    """How many tasks match before paging, and all read units spent. When the page was found without
    reading everything, the count is another query with the rest of the budget.
    """
    found = answer.found
    if part.needed > 0 and part.after is None and not found.stopped_early:
        return found.matched, found
    if found.fallback is not None:
        asked = replace(asked, columns=None)
    counted = count_tasks(asked, store, found.spent)
    return counted.count, replace(found, spent=counted.found.spent)


def _explained(
    query: TaskQuery, found: QueryStatistics, returned: int, of: tuple[Stopwatch, Request, Wiring]
) -> dict[str, object]:
    watch, request, wiring = of
    milliseconds = watch.milliseconds
    price = price_of(wiring.settings.prices, found, milliseconds, request.memory_in_mb)
    words = searched(request)
    search = {"search": {"orQueries": words}} if words else {}
    return {**explanation(query, found, returned, milliseconds, price), **search}


def list_headers(
    answer: query_tasks.Answer, found: QueryStatistics, query: TaskQuery
) -> dict[str, str]:
    """What a list cost, and where its next page starts."""
    token = None if answer.next is None else answer.next.token(query.sorting)
    next_page = {} if token is None else {"X-Next-Page-Token": token}
    return {**cost(found.spent.read_units), **next_page}
