"""Work on one task, with somebody else beside: each sees within ten seconds what the other does."""

import pytest

from tests.inbox.conftest import SERVICE, World
from tests.inbox.page import Page
from tests.inbox.views import open_task

SEEN_WITHIN = 10
"""Seconds of the page until a change is there for everybody else."""


def fact(name: str) -> str:
    """What a task's fact says, in the browser."""
    return (
        f"[...document.querySelectorAll('.facts > div')].find(each => "
        f"each.firstChild.innerText === '{name}')?.lastChild.innerText"
    )


def test_assigning_finds_people_by_a_part_of_their_name_and_is_undone(
    demo: Page, mary: Page, world: World
) -> None:
    task = world.task("To be handed on", assignee="demo")
    mary.press("g m")
    open_task(demo, world, task)
    demo.press("e")
    demo.see("Assign to")
    demo.type("Ann")
    demo.press("Enter")
    demo.see("Assigned to mary.")
    demo.wait_for(f"{fact('Assignee')} === 'Mary Anne'")
    mary.pass_time(SEEN_WITHIN)
    mary.see("To be handed on")
    demo.click(".toast button", "Undo")
    demo.wait_for(f"{fact('Assignee')} === 'Demo Demo'")
    assert world.get(task)["assignee"] == "demo"


def test_nobody_is_assigned_whose_name_was_not_typed(demo: Page, world: World) -> None:
    task = world.task("To be handed to nobody", assignee="demo")
    open_task(demo, world, task)
    demo.press("e")
    demo.wait_for("document.querySelectorAll('dialog [role=option]').length > 1")
    demo.type("nobodyatall")
    demo.press("Enter")
    demo.wait_for("document.querySelectorAll('dialog [role=option]').length === 0")
    demo.press("Enter Escape")
    assert world.get(task)["assignee"] == "demo"


def test_what_is_delegated_comes_back_to_its_owner(demo: Page, mary: Page, world: World) -> None:
    task = world.task("To be looked at", assignee="demo", owner="demo")
    open_task(demo, world, task)
    demo.click(".actions button", "Delegate")
    demo.write("dialog input", "mary")
    demo.wait_for("document.querySelectorAll('dialog [role=option]').length === 1")
    demo.press("Enter")
    demo.see("Delegated to mary.")
    demo.wait_for(f"{fact('Delegation')} === 'to be done for the owner'")

    open_task(mary, world, task)
    mary.click("[data-action=complete]", "Done, back to the owner")
    mary.see("Given back to its owner.")
    demo.pass_time(SEEN_WITHIN)
    demo.wait_for(f"{fact('Delegation')} === 'done for the owner'")
    assert (world.get(task)["assignee"], world.get(task)["owner"]) == ("demo", "demo")
    demo.click("[data-action=complete]", "Complete")
    demo.until(lambda: world.ended(task))


def test_a_task_is_made_for_a_group_and_reaches_it(demo: Page, mary: Page, world: World) -> None:
    mary.click("[data-list=groups]")
    demo.press("n")
    demo.write("dialog [name=name]", "Order more paper")
    demo.write("dialog [name=description]", "White, please")
    demo.press("Escape")
    demo.wait_for("!document.querySelector('dialog')")
    demo.press("n")
    demo.wait_for("document.querySelector('dialog [name=name]')?.value === 'Order more paper'")
    demo.write("dialog [name=group]", "sales")
    demo.write("dialog [name=priority]", "70")
    demo.choose("dialog [name=due]", "2030-01-02T09:00")
    demo.click("dialog button.primary")
    demo.see("The task is there.")
    demo.wait_for("document.querySelector('.pane h2')?.innerText === 'Order more paper'")
    demo.wait_for(f"{fact('Offered to')} === 'sales'")
    mary.pass_time(SEEN_WITHIN)
    mary.see("Order more paper")
    made = world.get(demo.run("document.querySelector('.pane').dataset.task"))
    assert (made["priority"], made["description"]) == (70, "White, please")
    assert made["due"].startswith("2030-01-02")


def test_a_task_is_made_once_however_often_it_has_to_be_tried(demo: Page, world: World) -> None:
    demo.press("n")
    demo.write("dialog [name=name]", "Made once")
    demo.write("dialog [name=group]", "sales")
    demo.answer("*/identity-links", 503, {"message": "Service Unavailable"}, "POST")
    demo.click("dialog button.primary")
    demo.see("The service is busy.")
    demo.restore()
    demo.click("dialog button.primary")
    demo.see("The task is there.")
    assert len(world.ask("GET", "/task?name=Made%20once")) == 1


def test_dates_are_set_taken_away_and_undone(demo: Page, world: World) -> None:
    task = world.task("With dates", assignee="demo")
    open_task(demo, world, task)
    demo.press("d")
    demo.click("dialog button", "Tomorrow, 9:00")
    demo.see("The due date is changed.")
    demo.until(lambda: world.get(task)["due"] is not None)
    demo.click(".toast button", "Undo")
    demo.until(lambda: world.get(task)["due"] is None)

    demo.press("h")
    demo.choose("dialog [name=date]", "2030-01-02T09:00")
    demo.click("dialog button.primary", "Set")
    demo.see("The follow-up date is changed.")
    demo.wait_for(f"({fact('Put off until')} ?? '').includes('in')")
    assert world.get(task)["followUp"].startswith("2030-01-02")
    demo.press("h")
    demo.click("dialog button", "No date")
    demo.until(lambda: world.get(task)["followUp"] is None)
    demo.wait_for("!document.querySelector('dialog[open]')")
    demo.press("z")
    demo.until(lambda: world.get(task)["followUp"] is not None)


def test_the_priority_is_changed_and_seen_by_the_other(
    demo: Page, mary: Page, world: World
) -> None:
    task = world.task("More urgent", group="sales")
    open_task(mary, world, task, "groups")
    open_task(demo, world, task, "groups")
    demo.press("p")
    demo.write("dialog [name=priority]", "80")
    demo.press("Enter")
    demo.see("The priority is changed.")
    mary.pass_time(SEEN_WITHIN)
    mary.wait_for(f"{fact('Priority')} === '80'")


def test_giving_back_is_undone_by_key(demo: Page, world: World) -> None:
    task = world.task("Given back by mistake", assignee="demo", owner="mary")
    open_task(demo, world, task, "all")
    demo.press("u")
    demo.see("The task is free again.")
    demo.until(lambda: world.get(task)["assignee"] is None)
    demo.press("z")
    demo.see("Undone.")
    demo.until(lambda: world.get(task)["assignee"] == "demo")


def test_a_line_of_the_history_that_comes_late_is_shown(demo: Page, world: World) -> None:
    task = world.task("Logged late", assignee="demo")
    address = f"/history/user-operation?taskId={task}"
    demo.until(lambda: bool(world.ask("GET", address)))
    before = world.ask("GET", address)
    open_task(demo, world, task)
    demo.click("summary", "History")
    demo.wait_for("document.querySelectorAll('.deeds > li').length === 1")
    demo.answer("*/history/user-operation?*", 200, before, times=1)
    demo.press("p")
    demo.write("dialog [name=priority]", "80")
    demo.press("Enter")
    demo.see("The priority is changed.")
    demo.until(lambda: len(world.ask("GET", address)) > len(before))
    demo.pass_time(1)
    demo.wait_for("document.querySelectorAll('.deeds > li').length === 2")


def test_two_people_talk_in_one_task(demo: Page, mary: Page, world: World) -> None:
    task = world.task("Talked about by two", group="sales")
    open_task(demo, world, task, "groups")
    open_task(mary, world, task, "groups")
    mary.write("[name=comment]", "Half an answer")
    demo.wait_for("Boolean(document.querySelector('[name=comment]'))")
    demo.press("r")
    demo.wait_for("document.activeElement.name === 'comment'")
    demo.type("Shall I?")
    demo.press("Control+Enter")
    demo.wait_for("document.querySelector('.comments')?.innerText.includes('Shall I?')")
    mary.pass_time(SEEN_WITHIN)
    mary.wait_for("document.querySelector('.comments')?.innerText.includes('Shall I?')")
    demo.press("Escape")
    demo.click(".actions button", "Claim")
    demo.see("The task is yours.")
    mary.pass_time(SEEN_WITHIN)
    mary.wait_for(f"{fact('Assignee')} === 'Demo Demo'")
    assert mary.run("document.querySelector('[name=comment]').value") == "Half an answer"


@pytest.mark.parametrize("work", ["due", "save"])
def test_a_change_for_a_version_that_is_gone_is_refused_and_keeps_what_was_typed(
    demo: Page, world: World, work: str
) -> None:
    note = {"note": {"type": "String", "value": "old"}}
    task = world.task(f"Contested ({work})", assignee="demo", variables=note)
    open_task(demo, world, task)
    demo.write("[data-variable=note]", "mine")
    world.ask("POST", f"/task/{task}/assignee", {"userId": "john"}, user="mary")
    if work == "due":
        demo.click(".actions button", "Due date")
        demo.click("dialog button", "In a week")
    else:
        demo.click(".finish button", "Save")
    demo.see("Mary Anne assigned the task")
    demo.see("Nothing was changed by you. What you have typed is kept.")
    assert world.get(task)["due"] is None
    demo.click(".notice button", "Reload")
    demo.wait_for(f"{fact('Assignee')} === 'john'")
    assert demo.run("document.querySelector('[data-variable=note]').value") == "mine"
    demo.click(".finish button", "Save")
    demo.see("Saved.")
    assert world.ask("GET", f"/task/{task}/localVariables/note")["value"] == "mine"


def test_a_service_task_is_started_and_finished(demo: Page, world: World) -> None:
    task = world.of_service("Finished by hand", assignee="demo")
    open_task(demo, world, task)
    demo.click(".actions button", "Start")
    demo.see("by-hand (started)")
    demo.click(".actions button", "Finish without the form")
    demo.see("Finished.")
    ended = world.ask("GET", f"/v1/services/by-hand/tasks/{task}")
    assert ended["state"] == "completed"


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
