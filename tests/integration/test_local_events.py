"""The reader of the local table's stream goes on, whatever was asked before, in moto too, which
takes back what a refused transaction has streamed."""

import json
from time import monotonic

from tests.support.http import bearer, call
from tests.support.local_service import in_memory

PATIENCE = 15.0
"""Seconds in which the reader has come to a change; it looks every second."""


def test_a_create_that_is_repeated_under_its_key_does_not_stop_the_reader() -> None:
    with in_memory() as service:
        headers = {**bearer(service.token("demo")), "Content-Type": "application/json"}

        def log_of(task: str) -> set[str]:
            """What the reader has written into a task's log."""
            url = f"{service.url}/history/user-operation?taskId={task}"
            entries = call("GET", url, headers=headers).json()
            return {each["operationType"] for each in entries}

        link = json.dumps({"groupId": "sales", "type": "candidate"}).encode()
        for number in range(2):
            task = json.dumps({"id": f"t{number}", "name": "n"}).encode()
            under = {**headers, "Idempotency-Key": f"key-{number}"}
            for _ in range(2):
                assert call("POST", f"{service.url}/task/create", task, under).status == 204
            links = f"{service.url}/task/t{number}/identity-links"
            assert call("POST", links, link, headers).status == 204
            end = monotonic() + PATIENCE
            while log_of(f"t{number}") != {"Create", "AddGroupLink"}:
                assert monotonic() < end, "the reader has stopped"
