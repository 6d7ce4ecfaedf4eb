"""Camunda's own Tasklist, unmodified, works on tasks of the local service in a real browser."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any, Final

import pytest

from local.service import LocalService
from local.settings import Store
from tests.support.http import bearer, call
from tests.support.local_service import in_memory
from tests.tasklist.calls import called, documented
from tests.tasklist.chromium import PATIENCE, Browser, chromium
from tests.tasklist.front import Front

VERSION: Final = "7.24.0"
ARTIFACT: Final = f"org.camunda.bpm.webapp:camunda-webapp-webjar:{VERSION}"
GET: Final = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:get"
IN_THE_CACHE: Final = (
    f"org/camunda/bpm/webapp/camunda-webapp-webjar/{VERSION}/camunda-webapp-webjar-{VERSION}.jar"
)

USUAL_FILTERS: Final[tuple[tuple[str, dict[str, str]], ...]] = (
    ("My Tasks", {"assigneeExpression": "${currentUser()}"}),
    ("My Group Tasks", {"candidateGroupsExpression": "${currentUserGroups()}"}),
    ("All Tasks", {}),
)

DRAWN: Final = 0.5
"""Seconds without a request after which the page has drawn what it was answered last."""

type Api = Callable[..., Any]


@pytest.fixture(scope="session")
def jar() -> Path:
    """The web application, from Maven's cache or by Maven."""
    cache = Path(os.environ.get("MAVEN_CACHE") or Path.home() / ".m2" / "repository")
    path = cache / IN_THE_CACHE
    maven = shutil.which("mvn")
    if not path.is_file() and maven is not None:
        command = [maven, "-q", "-B", GET, f"-Dartifact={ARTIFACT}", "-Dtransitive=false"]
        subprocess.run(command, check=False, capture_output=True, timeout=300)
    if not path.is_file():
        pytest.skip("Camunda's web application cannot be had: it takes Maven and a network")
    return path


@pytest.fixture(scope="session")
def program() -> str:
    """A browser."""
    found = chromium()
    if found is None:
        pytest.skip("a browser cannot be had: there is no Chromium")
    return found


@pytest.fixture
def service() -> Iterator[LocalService]:
    """The local service, with one task for a group and one for a person."""
    with in_memory(store=Store.MOTO) as service:
        yield service


@pytest.fixture
def api(service: LocalService) -> Api:
    """Asks the service itself."""

    def ask(method: str, path: str, body: object = None) -> Any:
        headers = {**bearer(service.token("demo")), "Content-Type": "application/json"}
        sent = None if body is None else json.dumps(body).encode()
        answer = call(method, service.url + path, sent, headers)
        assert answer.status < 300, answer.body
        return answer.json() if answer.body else None

    ask("POST", "/task/create", {"id": "t1", "name": "Approve the invoice"})
    link = {"groupId": "sales", "type": "candidate"}
    ask("POST", "/task/t1/identity-links", link)
    ask("POST", "/task/create", {"id": "t2", "name": "Check the books", "assignee": "demo"})
    for priority, (name, query) in enumerate(USUAL_FILTERS):
        properties = {"priority": priority, "refresh": True, "variables": []}
        body = {"resourceType": "Task", "name": name, "query": query, "properties": properties}
        ask("POST", "/filter/create", body)
    return ask


@pytest.fixture
def front(jar: Path, service: LocalService) -> Iterator[Front]:
    """What stands in front of the Tasklist."""
    with Front(jar, service.url, service.token) as front:
        yield front


@pytest.fixture
def page(program: str, front: Front, api: Api, request: pytest.FixtureRequest) -> Iterator[Browser]:
    """The Tasklist, with demo signed in; afterwards, its calls are those that are documented."""
    assert api is not None
    with Browser(program) as page:
        page.go(front.address)
        page.fill('input[ng-model="username"], input[type=text]', "demo")
        page.fill("input[type=password]", "demo")
        page.click("button[type=submit]")
        page.see("All Tasks")
        yield page
        settle(front)
    assert front.failures == []
    assert called(front.calls) == documented(request.node.name)


def eventually(is_so: Callable[[], bool]) -> bool:
    """Whether it is so within some seconds: the page shows a change before it was made."""
    until = monotonic() + PATIENCE
    while not is_so():
        if monotonic() > until:
            return False
        Event().wait(0.1)
    return True


def settle(front: Front) -> None:
    """Wait until the page has drawn its answers: it draws fields anew that one is writing in."""
    assert eventually(lambda: front.idle_seconds > DRAWN)


def test_the_usual_filters_find_what_they_are_for(page: Browser, front: Front) -> None:
    for name, found in (
        ("My Group Tasks", ["Approve the invoice"]),
        ("My Tasks", ["Check the books"]),
        ("All Tasks", ["Approve the invoice", "Check the books"]),
    ):
        page.click(".task-filter a", name)
        page.wait_for(f"document.querySelectorAll('.tasks-list h4').length === {len(found)}")
        for title in found:
            page.see(title)


def test_a_task_is_worked_on_from_claiming_to_completing(
    page: Browser, front: Front, api: Api
) -> None:
    page.click(".task-filter a", "My Group Tasks")
    page.click("h4", "Approve the invoice")
    page.click("button", "Claim")
    assert eventually(lambda: api("GET", "/task/t1")["assignee"] == "demo")
    settle(front)

    page.click("span.view-value", "Set due date")
    page.click('button[ng-click^="applyChange"]')
    assert eventually(lambda: api("GET", "/task/t1")["due"] is not None)
    settle(front)
    page.click("span.view-value", "Set follow-up date")
    page.click('button[ng-click^="applyChange"]')
    assert eventually(lambda: api("GET", "/task/t1")["followUp"] is not None)
    settle(front)

    page.click('[ng-click="editGroups()"]')
    settle(front)
    page.fill(".modal input", "accounting")
    page.click(".modal button .glyphicon-plus, .modal button")
    page.wait_for("document.querySelector('.modal').innerText.includes('accounting')")
    settle(front)
    page.click(".modal button", "Close")
    groups = [each["groupId"] for each in api("GET", "/task/t1/identity-links?type=candidate")]
    assert sorted(groups) == ["accounting", "sales"]

    page.click(".createCommentLink")
    page.fill(".modal textarea", "Looks good to me.")
    page.click(".modal button", "Save")
    page.wait_for("!document.querySelector('.modal')")
    settle(front)
    assert [each["message"] for each in api("GET", "/task/t1/comment")] == ["Looks good to me."]

    page.click("a", "History")
    page.see("Claim")
    page.click("a", "Form")
    page.click("button", "Complete")
    assert eventually(lambda: api("GET", "/history/task?taskId=t1")[0]["endTime"] is not None)


def test_filters_and_tasks_are_created_and_a_filter_is_changed(
    page: Browser, front: Front, api: Api
) -> None:
    page.click("button", "Create a filter")
    page.fill('.modal input[ng-model="filter.name"]', "Everything")
    page.click(".modal button", "Save")
    page.wait_for("!document.querySelector('.modal')")
    page.see("Everything")
    settle(front)

    page.click(".task-filter a", "Everything")
    page.wait_for("document.querySelector('.task-filter.active').innerText.includes('Everything')")
    settle(front)
    page.click('.task-filter.active a[ng-click^="openModal"]')
    page.fill('.modal input[ng-model="filter.name"]', "Whatever")
    page.click(".modal button", "Save")
    page.see("Whatever")
    assert eventually(lambda: "Whatever" in [each["name"] for each in api("GET", "/filter")])
    settle(front)

    page.click("a", "Create task")
    page.fill('.modal input[ng-model="task.name"], .modal input', "Call the customer")
    page.click(".modal button", "Save")
    assert eventually(lambda: len(api("GET", "/task?name=Call%20the%20customer")) == 1)
