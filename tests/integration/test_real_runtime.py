"""The functions in the real Lambda runtime: each answers its sample events, as its role allows.

One story on one table: a service is registered, tasks are created for it, shown, found, brought
in from elsewhere, changed, worked on and deleted, and the service has to stay because of one.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final

import pytest
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.ports import Changes, Put

from local.optional_parts import load_with_every_part
from local.settings import REPOSITORY
from tests.house_rules.test_functions import in_camel_case
from tests.support.builders import a_task
from tests.support.deployed_functions import NOWHERE, functions_on, runtimes
from tests.support.http_events import Reply, http_event, reply, sample
from tests.support.object_stores import a_bucket, s3_client
from tests.support.permissions import resources, statements
from tests.support.recorded_table import Call, recorded
from tests.support.tables import new_table
from tests.support.user_pools import a_user_pool, cognito_client

VERDICT: Final = {"type": "String", "value": "fine", "valueInfo": {}}

STORY: Final[Sequence[tuple[str, str, int, dict[str, Any] | list[str]]]] = (
    ("administer", "register_service", 201, {"sid": "operator-p4", "types": ["print"]}),
    ("directory", "show_service", 200, {"name": "Print connector"}),
    ("directory", "list_services", 200, {}),
    ("administer", "register_form", 201, {"key": "approve-order", "version": 1}),
    ("directory", "show_form", 200, {"key": "approve-order", "version": 1}),
    ("directory", "show_identity_provider", 200, {}),
    ("directory", "show_caller", 200, {"id": "demo", "program": False}),
    ("create_task", "service_task", 201, {"name": "My Task", "state": "created"}),
    ("create_task", "standalone_task", 204, {}),
    ("manage_task", "show_task", 200, {"id": "invoice-4711", "assignee": "mary"}),
    ("query_tasks", "post", 200, ["cf5bfb0d-7861-499e-ad29-704f3ba1943c"]),
    ("query_tasks", "get", 200, ["invoice-4711"]),
    ("query_tasks", "count_post", 200, {"count": 2}),
    ("query_tasks", "count_get", 200, {"count": 0}),
    ("manage_task", "show_in_hal", 200, {"id": "invoice-4711", "name": "Approve invoice"}),
    ("manage_task", "replace", 204, {}),
    ("manage_task", "change_many", 200, {"notReached": []}),
    ("manage_task", "claim", 204, {}),
    ("manage_task", "unclaim", 204, {}),
    ("manage_task", "set_assignee", 204, {}),
    ("manage_task", "delegate", 204, {}),
    ("manage_task", "resolve", 204, {}),
    ("manage_task", "add_link", 204, {}),
    ("manage_task", "list_links", 200, {}),
    ("manage_task", "remove_link", 204, {}),
    ("manage_task", "add_comment", 200, {"userId": "demo", "message": "The amount is right."}),
    ("manage_task", "list_comments", 200, {}),
    ("manage_task", "remove_all_comments", 204, {}),
    ("manage_task", "attach_content", 200, {"name": "Invoice 4711", "url": None}),
    ("manage_task", "attach_address", 200, {"url": "https://documents.example/terms"}),
    ("manage_task", "list_attachments", 200, {}),
    ("query_tasks", "report_by_candidate_group", 200, {}),
    ("query_tasks", "report_as_csv", 200, {}),
    ("directory", "engines", 200, {}),
    ("directory", "users_of_a_group", 200, ["demo"]),
    ("directory", "groups_of_a_user", 200, {"groupUsers": []}),
    ("directory", "groups_under_engine_path", 200, ["accounting"]),
    ("manage_task", "put_variable", 204, {}),
    ("manage_task", "put_local_variable", 204, {}),
    ("manage_task", "show_variable", 200, {"type": "Double", "value": 99.5}),
    ("manage_task", "show_local_variable", 200, {"type": "Double", "value": 99.5}),
    ("manage_task", "modify_variables", 204, {}),
    ("manage_task", "modify_local_variables", 204, {}),
    ("manage_task", "list_variables", 200, {}),
    ("manage_task", "list_local_variables", 200, {}),
    ("manage_task", "delete_variable", 204, {}),
    ("manage_task", "delete_local_variable", 204, {}),
    ("manage_task", "upload_variable", 204, {}),
    ("manage_task", "upload_local_variable", 204, {}),
    ("manage_task", "download_variable", 200, {}),
    ("manage_task", "download_local_variable", 200, {}),
    ("manage_task", "show_form", 200, {"key": "embedded:deployment:approve.html"}),
    ("manage_task", "list_form_variables", 200, {}),
    ("manage_task", "render_form", 404, {"type": "InvalidRequestException"}),
    ("manage_task", "show_deployed_form", 404, {"type": "InvalidRequestException"}),
    ("manage_task", "submit_form", 204, {}),
    ("manage_task", "complete", 200, {"verdict": VERDICT}),
    ("manage_task", "throw_escalation", 400, {"type": "BadUserRequestException"}),
    ("manage_task", "throw_error", 204, {}),
    ("manage_task", "delete", 204, {}),
    ("administer", "import_two_tasks", 200, {"imported": 2, "skipped": 0}),
    ("manage_task", "show_service_task", 200, {"tid": "cf5bfb0d-7861-499e-ad29-704f3ba1943c"}),
    ("manage_task", "replace_service_task", 200, {"type": "print", "owner": "mary"}),
    ("manage_task", "patch_service_task", 200, {"metadata": {"copies": 3}}),
    ("query_tasks", "of_a_service", 200, {}),
    ("query_tasks", "of_all_services", 200, {"links": {"self": {"href": "/v1/tasks"}}}),
    ("query_tasks", "changes", 200, {"changes": [], "more": False}),
    ("manage_task", "add_by_address", 201, {"index": 0}),
    ("manage_task", "patch_item", 200, {"metadata": {"copies": 2}}),
    ("manage_task", "show_list", 200, {"metadata": {}}),
    ("manage_task", "show_item", 200, {"index": 0, "metadata": {"copies": 2}}),
    ("manage_task", "start_service_task", 204, {}),
    ("manage_task", "insert_with_metadata", 201, {"metadata": {"pages": 2}}),
    ("manage_task", "remove_item", 204, {}),
    ("manage_task", "complete_service_task", 204, {}),
    ("manage_task", "fail_service_task", 409, {"type": "StateConflictException"}),
    ("manage_task", "delete_service_task", 204, {}),
    ("manage_filters", "create_filter", 200, {"resourceType": "Task", "name": "My tasks"}),
    ("manage_filters", "list_filters", 200, {}),
    ("manage_filters", "look", 200, {}),
    ("administer", "remove_service", 409, {"type": "StateConflictException"}),
)
"""Function, sample, status of the answer, and what its body says among other things, or the ids
of the tasks that it lists."""

WITHOUT_ROUTES: Final = (
    "compact_columns",
    "discard_attachments",
    "print_documents",
    "publish_task_events",
)
"""Functions without a route."""

FUNCTIONS: Final = tuple(dict.fromkeys(function for function, *_ in STORY))


@dataclass(frozen=True, slots=True)
class Told:
    """What came of the story."""

    replies: Mapping[tuple[str, str], Reply]
    calls: Mapping[str, set[Call]]
    """What each function asked of the table."""


@pytest.fixture(scope="module")
def told(dynoxide_endpoint: str, moto_endpoint: str) -> Told:
    """The story, told once."""
    replies = {}
    calls: dict[str, set[Call]] = {function: set() for function in FUNCTIONS}
    with ExitStack() as running:
        table = running.enter_context(new_table(dynoxide_endpoint))
        for task in (a_service_task(), *tasks_of_people()):
            table.store().commit(Changes([Put(task)]))
        recording = running.enter_context(recorded(dynoxide_endpoint))
        beside_table = {
            "AttachmentBucket": a_bucket(s3_client(moto_endpoint)),
            "UserPool": a_user_pool(cognito_client(moto_endpoint), {"demo": ["accounting"]}),
        }
        instances = runtimes(
            functions_on(table.name, recording.endpoint, moto_endpoint, beside_table)
        )
        for function in FUNCTIONS:
            running.enter_context(instances[function])
        for function, case, *_ in STORY:
            answer = instances[function].invoke(sample(function, case))
            assert "statusCode" in answer, (answer, instances[function].log)
            replies[function, case] = reply(answer)
            calls[function] |= recording.take()
    return Told(replies, calls)


def a_service_task() -> Task:
    """The task that samples ask for by its id and by its candidate group."""
    task_id = TaskId("cf5bfb0d-7861-499e-ad29-704f3ba1943c")
    printer = {"Printer": {"type": "String", "value": "LocalPrinter"}}
    return a_task(
        task_id, groups=["accounting"], service="operator-p4", owner="demo", variables=printer
    )


def tasks_of_people() -> Sequence[Task]:
    """The tasks that samples ask for by their ids: two of a process, and two beside a parent."""
    process = {"processInstanceId": "order-17", "executionId": "order-17"}
    form = "embedded:deployment:approve.html"
    return (
        a_task("approve-order-17", groups=["sales"], formKey=form, **process),
        a_task("pack-order-17", groups=["sales", "support"], comments=1, **process),
        a_task("invoice-4712", tenantId="t1", users=["mary", "john"], comments=1),
        a_task("pay-4712", tenantId="t1", parentTaskId="invoice-4712"),
        a_task("invoice-4713", tenantId="t1", comments=1),
    )


@pytest.mark.parametrize(
    ("function", "case", "status", "facts"),
    STORY,
    ids=[f"{name}-{case}" for name, case, *_ in STORY],
)
def test_a_function_answers_its_sample_in_the_real_runtime(
    told: Told, function: str, case: str, status: int, facts: dict[str, Any] | list[str]
) -> None:
    answered = told.replies[function, case]

    assert answered.status == status, answered.text
    assert bool(answered.text) == (status != 204)
    if isinstance(facts, list):
        assert [task["id"] for task in answered.json] == facts
    elif isinstance(facts, dict) and facts:
        assert facts.items() <= answered.json.items()


def test_every_sample_of_a_route_is_part_of_the_story() -> None:
    samples = {
        (path.parent.name, path.stem) for path in REPOSITORY.joinpath("events").rglob("*.json")
    }

    told = {(function, case) for function, case, *_ in STORY}
    assert {pair for pair in samples if pair[0] not in WITHOUT_ROUTES} == told


def test_an_instance_that_is_made_ahead_of_requests_answers_as_any_other(
    dynoxide_endpoint: str,
) -> None:
    """Initialising makes the client of the table, before a request comes."""
    ahead = {"AWS_LAMBDA_INITIALIZATION_TYPE": "provisioned-concurrency"}
    event = http_event("GET /task")
    with (
        new_table(dynoxide_endpoint) as table,
        runtimes(functions_on(table.name, dynoxide_endpoint), ahead)["query_tasks"] as instance,
    ):
        assert reply(instance.invoke(event)).json == []


def test_a_worker_out_of_reach_of_everything_reports_its_messages() -> None:
    event = sample("print_documents", "started")
    with runtimes(functions_on("nowhere", NOWHERE))["print_documents"] as worker:
        answer = worker.invoke(event)
        log = worker.log

    [message] = event["Records"]
    assert answer == {"batchItemFailures": [{"itemIdentifier": message["messageId"]}]}, log


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_does_to_the_table_only_what_its_role_allows(told: Told, function: str) -> None:
    allowed = allowed_calls(f"{in_camel_case(function)}Role")

    assert told.calls[function] - allowed == set()


def allowed_calls(role: str) -> set[Call]:
    """What the role may do to the table and to its indexes."""
    template = load_with_every_part(REPOSITORY / "template.yaml")
    calls: set[Call] = set()
    for of_role, statement in statements(template):
        if of_role != role:
            continue
        for resource in resources(statement):
            for action in statement["Action"]:
                if resource == {"Fn::GetAtt": ["TaskTable", "Arn"]}:
                    calls.add((action, None))
                elif "TaskTable.Arn}/index/" in str(resource):
                    calls.add((action, resource["Fn::Sub"].rpartition("/")[2]))
    return calls
