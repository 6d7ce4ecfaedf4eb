"""`TenantRequired`: no task without a tenant, and no reading for such tasks."""

from taskdock.runtime.settings import Settings
from taskdock.use_cases.ports import Service

from tests.support.builders import a_task
from tests.support.http_events import USER_CLAIMS
from tests.support.in_memory_apps import InMemoryApps
from tests.support.in_memory_wiring import IDENTITY, InMemoryWiring


def test_a_deployment_that_requires_tenants_takes_no_task_without_one() -> None:
    settings = Settings(tenant_required=True, **IDENTITY)
    apps = InMemoryApps(wiring=InMemoryWiring(Service("printer", "P"), settings=settings))
    tasks = {
        "POST /task/create": {"name": "x"},
        "POST /v1/services/printer/tasks": {"name": "x"},
        "POST /v1/import": {
            "tasks": [{"task": {"id": "a", "created": "2026-01-01T00:00:00.000+0000"}}]
        },
    }
    claims = {**USER_CLAIMS, "scope": f"{USER_CLAIMS['scope']} taskdock/admin"}

    for route, body in tasks.items():
        refused = apps.ask(route, body=body, claims=claims)
        assert (refused.status, "tenantId" in refused.json["message"]) == (400, True), route
    assert not apps.wiring.memory.written
    inside = {"id": "p", "name": "x", "tenantId": "t1"}
    assert apps.ask("POST /task/create", body=inside, claims=claims).status == 204
    below = {"id": "c", "parentTaskId": "p"}
    assert apps.ask("POST /task/create", body=below, claims=claims).status == 204
    found = apps.ask("POST /task", body={}, claims=claims)
    assert [task["id"] for task in found.json] == ["c", "p"]


def test_a_caller_of_one_tenant_reads_one_partition_where_tenants_are_required() -> None:
    def units(*, tenant_required: bool, **body: object) -> float:
        settings = Settings(tenant_required=tenant_required)
        tasks = [a_task(f"t{n}", tenantId="t1", assignee="mary") for n in range(3)]
        apps = InMemoryApps(*tasks, wiring=InMemoryWiring(settings=settings))
        return float(apps.ask("POST /task", body=body).headers["x-read-units"])

    assert units(tenant_required=True, assignee="mary") == 0.5
    assert units(tenant_required=False, assignee="mary") in (0.5, 1.0)  # an empty page is free here
