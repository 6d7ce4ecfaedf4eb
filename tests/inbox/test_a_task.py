"""One task: what can be done with it beside claiming and completing."""

from tests.inbox.conftest import SERVICE, World
from tests.inbox.page import Page


def test_a_task_of_a_service_is_started_and_failed_with_a_reason(demo: Page, world: World) -> None:
    task = world.of_service("Print it", assignee="demo")
    demo.go(f"{world.url}/inbox/#/mine?task={task}")
    demo.see("by-hand (not started)")
    demo.click(".actions button", "Start")
    demo.see("by-hand (started)")
    demo.click(".actions button", "Fail")
    demo.write("dialog [name=reason]", "No paper")
    demo.click("dialog button.primary", "Fail")
    demo.see("Marked as failed.")
    ended = world.ask("GET", f"/v1/services/{SERVICE}/tasks/{task}")
    assert (ended["state"], ended["endReason"]) == ("failed", "No paper")
