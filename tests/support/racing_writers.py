"""Writers that change the same task at the same time, in processes of their own."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from threading import Barrier

from taskdock.domain.tasks.task import Task, TaskId, changed
from taskdock.use_cases.ports import Changes, Put, StoredTask, TaskStore, VersionConflict

from tests.support.builders import to_group
from tests.support.tables import Table, dynamodb_client


def race(table: Table, task_id: TaskId, *, processes: int, threads: int, rounds: int) -> set[str]:
    """Let `processes` times `threads` writers change the task; the marks whose commit succeeded.

    Each writes `rounds` marks: a variable of that name, and itself as the only candidate group. A
    writer with a conflict does not retry.
    """
    context = get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        written = pool.map(
            _write_in_threads,
            [table.endpoint] * processes,
            [table.name] * processes,
            [task_id] * processes,
            [[f"p{number}t{thread}" for thread in range(threads)] for number in range(processes)],
            [rounds] * processes,
        )
        return {mark for marks in written for mark in marks}


def _write_in_threads(
    endpoint: str, table_name: str, task_id: TaskId, writers: list[str], rounds: int
) -> list[str]:
    store = Table(dynamodb_client(endpoint), table_name, endpoint).store()
    all_have_read = Barrier(len(writers))
    with ThreadPoolExecutor(len(writers)) as threads:
        marks = threads.map(
            lambda writer: _write(store, task_id, writer, rounds, all_have_read), writers
        )
        return [mark for written in marks for mark in written]


def _write(
    store: TaskStore, task_id: TaskId, writer: str, rounds: int, all_have_read: Barrier
) -> list[str]:
    written = []
    for number in range(rounds):
        mark = f"{writer}r{number}"
        before = store.get(task_id)
        assert before is not None
        if number == 0:
            all_have_read.wait(30)  # of those who wait here one can win
        try:
            store.commit(Changes([Put(_marked(before, mark, writer), before)]))
        except VersionConflict as lost:
            assert not lost.gone
        else:
            written.append(mark)
    return written


def _marked(before: StoredTask, mark: str, writer: str) -> Task:
    variables = {**before.task.get("variables", {}), mark: {"type": "Null", "value": None}}
    return changed(
        before.task, variables=variables, links=[to_group("sales"), to_group(f"of {writer}")]
    )
