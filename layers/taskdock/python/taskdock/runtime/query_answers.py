"""Answers to task queries: the list, the count, and what they cost."""

from taskdock.domain.query.model import TaskQuery
from taskdock.domain.task import Task
from taskdock.runtime.answers import Answer
from taskdock.runtime.explanations import Stopwatch, explanation, facts, price_of
from taskdock.runtime.query_requests import question, window
from taskdock.runtime.representations import extended_task_json, task_json
from taskdock.runtime.requests import Request
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.query_tasks import Found, count_tasks, find_tasks, too_many


def list_answer(query: TaskQuery, request: Request, wiring: Wiring) -> Answer:
    """The tasks of the requested window, in the query's order."""
    watch = Stopwatch()
    explained = request.flag("explain")
    answer = find_tasks(question(query, request, wiring), wiring.store, window(request, query))
    shown = [_shown(task, query) for task in answer.tasks]
    headers = _headers(answer.found)
    if answer.next is not None:
        token = answer.next.token(query.sorting)
        if token is not None:
            headers["X-Next-Page-Token"] = token
    content: object = shown
    if explained:
        content = {
            "tasks": shown,
            **_explained(query, answer.found, len(shown), (watch, request, wiring)),
        }
    return Answer(
        200,
        content,
        headers,
        facts(answer.found, len(shown), watch.milliseconds),
        too_large=too_many(answer.found.matched),
    )


def count_answer(query: TaskQuery, request: Request, wiring: Wiring) -> Answer:
    """How many tasks match."""
    watch = Stopwatch()
    explained = request.flag("explain")
    answer = count_tasks(question(query, request, wiring), wiring.store)
    content: dict[str, object] = {"count": answer.count}
    if explained:
        content |= _explained(query, answer.found, 0, (watch, request, wiring))
    headers = _headers(answer.found)
    return Answer(200, content, headers, facts(answer.found, 0, watch.milliseconds))


def _shown(task: Task, query: TaskQuery) -> dict[str, object]:
    extras = query.extras
    if not (extras.variables or extras.local_variables or extras.comment_and_attachment):
        return task_json(task)
    return extended_task_json(
        task,
        with_variables=extras.variables,
        with_local_variables=extras.local_variables,
        with_comment_attachment_info=extras.comment_and_attachment,
    )


def _explained(
    query: TaskQuery, found: Found, returned: int, of: tuple[Stopwatch, Request, Wiring]
) -> dict[str, object]:
    watch, request, wiring = of
    milliseconds = watch.milliseconds
    price = price_of(wiring.settings.prices, found, milliseconds, request.memory_in_mb)
    return explanation(query, found, returned, milliseconds, price)


def _headers(found: Found) -> dict[str, str]:
    return {"X-Read-Units": f"{found.spent.read_units:g}"}
