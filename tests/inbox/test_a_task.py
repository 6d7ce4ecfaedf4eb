"""One task: what can be done with it beside claiming and completing."""

from tests.inbox.conftest import World
from tests.inbox.page import Page


def test_a_task_of_a_service_is_started_and_failed_with_a_reason(demo: Page, world: World) -> None:
    answer = world.ask(
        "POST", "/v1/services/operator-p4/tasks", {"name": "Print it", "assignee": "demo"}
    )
    task, path = answer["tid"], answer["href"]
    demo.go(f"{world.url}/inbox/#/mine?task={task}")
    demo.see("operator-p4 (not started)")
    demo.click(".actions button", "Start")
    demo.see("operator-p4 (started)")
    demo.click(".actions button", "Fail")
    demo.write("dialog [name=reason]", "No paper")
    demo.click("dialog button.primary", "Fail")
    demo.see("Marked as failed.")
    ended = world.ask("GET", path)
    assert (ended["state"], ended["endReason"]) == ("failed", "No paper")
