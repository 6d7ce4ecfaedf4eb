"""One service task over HTTP: shown, changed, started, ended, deleted."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from taskdock.domain.services.actions import Action
from taskdock.domain.tasks.task import Task, TaskId, is_deleted
from taskdock.use_cases.ports import Changes, Put

from functions.manage_task.handler import create_app
from tests.support.builders import CREATED, to_group
from tests.support.http_events import Context, Reply, http_event, reply, sample
from tests.support.in_memory_wiring import InMemoryWiring
from tests.support.service_tasks import a_service_task, an_item

TID = "cf5bfb0d-7861-499e-ad29-704f3ba1943c"
PATH = {"sid": "operator-p4", "tid": TID}
TASK = "/v1/services/{sid}/tasks/{tid}"
ENDED = {"state": "completed", "ended": CREATED, "endReason": "completed"}


def a_wiring(*tasks: Task) -> InMemoryWiring:
    """A store with these tasks, or with one that has just been created."""
    wiring = InMemoryWiring()
    given = tasks or (a_service_task(TID, input=[an_item("a")]),)
    wiring.memory.commit(Changes([Put(task) for task in given]))
    return wiring


def send(wiring: InMemoryWiring, event: dict[str, Any]) -> Reply:
    return reply(create_app(lambda: wiring)(event, Context()))


def ask(
    wiring: InMemoryWiring,
    method: str,
    body: object = None,
    *,
    below: str = "",
    path: Mapping[str, str] = PATH,
    **headers: str,
) -> Reply:
    declared = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None:
        declared = {"content-type": "application/json", **declared}
    text = None if body is None else json.dumps(body)
    return send(wiring, http_event(f"{method} {TASK}{below}", path, body=text, headers=declared))


def act(wiring: InMemoryWiring, action: str, **more: str) -> Reply:
    return ask(wiring, "POST", {"action": action, **more}, below="/action")


def stored(wiring: InMemoryWiring, tid: str = TID) -> dict[str, Any]:
    found = wiring.memory.get(TaskId(tid))
    assert found is not None
    return dict(found.task)


def version(wiring: InMemoryWiring, tid: str = TID) -> int:
    found = wiring.memory.get(TaskId(tid))
    assert found is not None
    return found.version


class TestShowing:
    def test_the_sample_is_answered_in_the_service_apis_form(self) -> None:
        answer = send(a_wiring(), sample("manage_task", "show_service_task"))

        assert (answer.status, answer.headers["etag"]) == (200, '"1"')
        assert answer.json["tid"] == TID
        assert answer.json["href"] == f"/v1/services/operator-p4/tasks/{TID}"

    def test_a_task_that_has_ended_is_still_shown(self) -> None:
        wiring = a_wiring(a_service_task(TID, **ENDED))

        assert ask(wiring, "GET").json["state"] == "completed"

    @pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
    @pytest.mark.parametrize(
        ("sid", "tid"),
        [("operator-p5", TID), ("operator-p4", "nope"), ("ä", TID), ("operator-p4", "a b")],
    )
    def test_a_task_is_found_under_its_own_service_only(
        self, method: str, sid: str, tid: str
    ) -> None:
        wiring = a_wiring()
        body = {"name": "x"} if method in ("PUT", "PATCH") else None

        answer = ask(wiring, method, body, path={"sid": sid, "tid": tid})

        assert (answer.status, answer.json["message"]) == (404, f"No matching task with id {tid}")
        assert version(wiring) == 1

    @pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
    def test_a_task_of_another_tenant_is_a_404(self, method: str) -> None:
        wiring = a_wiring(a_service_task(TID, tenantId="t9"))
        body = {"name": "x"} if method in ("PUT", "PATCH") else None

        assert ask(wiring, method, body).status == 404
        assert version(wiring) == 1


class TestChanging:
    def test_a_put_replaces_what_the_sample_says(self) -> None:
        wiring = a_wiring(a_service_task(TID, formKey="f", input=[an_item("a")]))

        answer = send(wiring, sample("manage_task", "replace_service_task"))

        assert (answer.status, answer.headers["etag"]) == (200, '"2"')
        assert answer.json["metadata"] == {"Printer": "LocalPrinter", "copies": 2}
        task = stored(wiring)
        assert (task["taskDefinitionKey"], task["owner"], task["assignee"], task["priority"]) == (
            *("print", "mary", "john"),
            70,
        )
        assert task["links"] == [to_group("accounting")]
        assert "formKey" not in task
        assert task["input"] == [an_item("a")]

    def test_a_patch_merges_what_the_sample_says(self) -> None:
        metadata = {
            "Printer": {"type": "String", "value": "LocalPrinter"},
            "pages": {"type": "Integer", "value": 7},
        }
        wiring = a_wiring(a_service_task(TID, owner="demo", variables=metadata))

        answer = send(wiring, sample("manage_task", "patch_service_task"))

        assert (answer.status, answer.headers["etag"]) == (200, '"2"')
        assert answer.json["metadata"] == {"pages": 7, "copies": 3}
        assert (answer.json["owner"], answer.json["priority"]) == ("demo", 90)

    def test_plain_json_is_a_merge_patch_too_and_nothing_else_is(self) -> None:
        wiring = a_wiring()
        assert ask(wiring, "PATCH", {"name": "Other"}).json["name"] == "Other"
        assert ask(wiring, "PATCH", {"name": "x"}, content_type="text/plain").status == 415
        merge = "application/merge-patch+json"
        assert ask(wiring, "PUT", {"name": "x"}, content_type=merge).status == 415

    def test_a_change_that_changes_nothing_makes_no_version(self) -> None:
        wiring = a_wiring()

        answer = ask(wiring, "PATCH", {"name": "My Task"})

        assert (answer.status, answer.headers["etag"], version(wiring)) == (200, '"1"', 1)

    def test_a_mistake_is_named_and_nothing_is_changed(self) -> None:
        wiring = a_wiring()

        answer = ask(wiring, "PUT", {"metadata": {}})

        assert (answer.status, answer.json["message"]) == (400, "name: is missing")
        assert version(wiring) == 1

    def test_an_ended_task_cannot_be_changed(self) -> None:
        answer = ask(a_wiring(a_service_task(TID, **ENDED)), "PATCH", {"name": "Other"})

        assert (answer.status, answer.json["type"]) == (409, "StateConflictException")
        assert "it is completed" in answer.json["message"]


class TestExpectations:
    WRITES = (
        pytest.param("PUT", "", {"name": "Other"}, id="put"),
        pytest.param("PATCH", "", {"name": "Other"}, id="patch"),
        pytest.param("DELETE", "", None, id="delete"),
        pytest.param("POST", "/action", {"action": "start"}, id="action"),
    )

    @pytest.mark.parametrize(("method", "below", "body"), WRITES)
    def test_a_write_that_expects_another_version_is_refused(
        self, method: str, below: str, body: object
    ) -> None:
        wiring = a_wiring()
        for tag in ('"2"', 'W/"1"', '"x"'):
            answer = ask(wiring, method, body, below=below, if_match=tag)
            assert (answer.status, answer.json["type"]) == (412, "PreconditionFailedException")
            assert answer.json["message"] == f"Task '{TID}' is not as expected: its version is 1."
        assert version(wiring) == 1

    @pytest.mark.parametrize(("method", "below", "body"), WRITES)
    @pytest.mark.parametrize("tag", ['"1"', "*"])
    def test_a_write_that_expects_this_version_is_done(
        self, method: str, below: str, body: object, tag: str
    ) -> None:
        answer = ask(a_wiring(), method, body, below=below, if_match=tag)
        assert answer.status in (200, 204)

    def test_what_is_no_entity_tag_is_a_400(self) -> None:
        assert ask(a_wiring(), "PATCH", {}, if_match="1").status == 400


class TestDeleting:
    def test_the_sample_deletes_the_task_and_says_nothing(self) -> None:
        wiring = a_wiring()

        answer = send(wiring, sample("manage_task", "delete_service_task"))

        assert (answer.status, answer.text) == (204, "")
        assert stored(wiring)["deleted"]
        assert send(wiring, sample("manage_task", "delete_service_task")).status == 404

    def test_an_ended_task_can_be_deleted(self) -> None:
        wiring = a_wiring(a_service_task(TID, **ENDED))
        ended = stored(wiring)["ended"]
        assert ask(wiring, "DELETE").status == 204
        assert (stored(wiring)["deleted"], stored(wiring)["ended"]) == (True, ended)
        assert ask(wiring, "GET").status == 404

    def test_open_sub_tasks_go_along_and_others_stay(self) -> None:
        wiring = a_wiring(
            a_service_task(TID),
            a_service_task("child", parentTaskId=TID),
            a_service_task("grandchild", parentTaskId="child", service=None),
            a_service_task("theirs", parentTaskId=TID, tenantId="t9"),
            a_service_task("other"),
        )

        assert ask(wiring, "DELETE").status == 204

        left = wiring.memory.get_many([TaskId(t) for t in (TID, "child", "grandchild", "theirs")])
        assert [each for each, kept in left.items() if not is_deleted(kept.task)] == ["theirs"]
        assert wiring.memory.get(TaskId("other"))


class TestActing:
    def test_the_samples_start_and_complete_a_task_and_say_nothing(self) -> None:
        wiring = a_wiring()

        started = send(wiring, sample("manage_task", "start_service_task"))
        state = stored(wiring)["state"]
        completed = send(wiring, sample("manage_task", "complete_service_task"))

        assert (started.status, started.text, started.headers["etag"]) == (204, "", '"2"')
        assert state == "started"
        assert (completed.status, completed.text, completed.headers["etag"]) == (204, "", '"3"')
        assert (stored(wiring)["state"], stored(wiring)["ended"]) == ("completed", CREATED)

    def test_the_sample_of_a_failure_says_why(self) -> None:
        wiring = a_wiring()
        act(wiring, "start")

        assert send(wiring, sample("manage_task", "fail_service_task")).status == 204
        assert stored(wiring)["endReason"] == "The printer is out of paper."

    @pytest.mark.parametrize("start_first", [True, False])
    def test_a_task_is_canceled_before_or_after_its_start(self, start_first: bool) -> None:
        wiring = a_wiring()
        if start_first:
            act(wiring, "start")

        assert act(wiring, "cancel").status == 204
        assert stored(wiring)["state"] == "canceled"

    @pytest.mark.parametrize(
        ("state", "refused"),
        [
            ("created", {"complete", "fail"}),
            ("started", {"start"}),
            ("completed", set(Action)),
            ("failed", set(Action)),
            ("canceled", set(Action)),
        ],
    )
    def test_what_the_state_does_not_allow_is_a_409_that_names_it(
        self, state: str, refused: set[str]
    ) -> None:
        end = {} if state in ("created", "started") else {"ended": CREATED}
        for action in refused:
            wiring = a_wiring(a_service_task(TID, state=state, **end))
            answer = act(wiring, action)
            assert (answer.status, answer.json["type"]) == (409, "StateConflictException")
            assert f"it is {state}" in answer.json["message"]
            assert version(wiring) == 1

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            ({}, "action: is missing"),
            ({"action": "stop"}, "action: expected one of start, complete, fail, cancel"),
            ({"action": 1}, "action: expected a string"),
            ({"action": "cancel", "reason": "x"}, "reason: only goes with the action fail"),
            ({"action": "fail", "reason": ""}, "reason: must not be blank"),
            ({"action": "start", "when": "now"}, "unknown properties: when"),
            ([], "the body: expected an object"),
        ],
    )
    def test_a_mistake_is_named(self, body: object, message: str) -> None:
        answer = ask(a_wiring(), "POST", body, below="/action")

        assert answer.status == 400
        assert answer.json["message"].startswith(message)

    @pytest.mark.parametrize(("tid", "sid"), [("nope", "operator-p4"), (TID, "operator-p5")])
    def test_a_task_that_is_not_the_services_is_a_404(self, tid: str, sid: str) -> None:
        path = {"sid": sid, "tid": tid}
        answer = ask(a_wiring(), "POST", {"action": "start"}, below="/action", path=path)
        assert answer.status == 404

    def test_sub_tasks_end_with_their_parent_and_not_before(self) -> None:
        child = a_service_task("child", parentTaskId=TID, suspended=True)
        wiring = a_wiring(a_service_task(TID), child)

        act(wiring, "start")
        assert version(wiring, "child") == 1
        act(wiring, "complete")
        assert (stored(wiring, "child")["state"], version(wiring, "child")) == ("completed", 2)


def test_strangers_and_those_who_read_no_json_see_nothing() -> None:
    stranger, reader = (sample("manage_task", "show_service_task") for _ in range(2))
    del stranger["requestContext"]["authorizer"]
    reader["headers"]["accept"] = "text/html"

    assert send(a_wiring(), stranger).status == 401
    assert send(a_wiring(), reader).status == 406
