"""A person signs in, finds what waits for them, does it, and it is gone."""

import pytest

from tests.inbox.conftest import World
from tests.inbox.page import Page


def test_the_first_task_is_done_without_reading_anything(
    demo: Page, mary: Page, world: World
) -> None:
    task = world.task("Refill the paper", group="sales")
    demo.click("[data-list=groups]")
    demo.click(".row", "Refill the paper")
    demo.click("button", "Claim")
    demo.see("The task is yours.")
    demo.until(lambda: world.get(task)["assignee"] == "demo")

    mary.click("[data-list=groups]")
    mary.wait_for("Boolean(document.querySelector('.rows[aria-busy=false]'))")
    assert "Refill the paper" not in mary.rows()

    demo.click("[data-action=complete]")
    demo.see("Completed.")
    demo.until(lambda: world.ended(task))
    demo.wait_for("!document.querySelector('.pane[data-task]')")


def test_my_tasks_my_groups_and_the_others_hold_what_they_say(demo: Page, world: World) -> None:
    # What is due is above the tasks of other stories.
    world.task("Mine alone", assignee="demo", due="2098-01-01T12:00:00.000+0000")
    world.task("Of my group", group="accounting")
    world.task("Of another group", group="support")
    world.task("Of mary", assignee="mary")
    world.task("Long overdue", assignee="demo", due="2020-01-01T12:00:00.000+0000")
    world.task("Put off", assignee="demo", followUp="2099-01-01T12:00:00.000+0000")
    demo.pass_time(10)
    for key, there, not_there in (
        ("mine", "Mine alone", "Put off"),
        ("groups", "Of my group", "Of another group"),
        ("unassigned", "Of another group", "Of mary"),
        ("overdue", "Long overdue", "Mine alone"),
        ("waiting", "Put off", "Mine alone"),
        ("all", "Of mary", ""),
    ):
        demo.click(f"[data-list={key}]")
        demo.wait_for(
            f"[...document.querySelectorAll('.row')].some(e => e.innerText.includes('{there}'))"
        )
        assert not_there not in demo.rows()


def test_a_change_made_by_somebody_else_is_seen_within_ten_seconds(
    demo: Page, world: World
) -> None:
    task = world.task("Seen while I look", group="sales")
    demo.click("[data-list=groups]")
    demo.see("Seen while I look")
    world.ask("POST", f"/task/{task}/claim", {"userId": "mary"}, user="mary")
    demo.pass_time(10)
    demo.wait_for(
        "![...document.querySelectorAll('.row')].some(e => e.innerText.includes("
        "'Seen while I look'))"
    )
    world.task("Comes by itself", group="sales")
    demo.pass_time(10)
    demo.see("Comes by itself")


def test_claiming_is_undone_from_the_message(demo: Page, world: World) -> None:
    task = world.task("Claimed by mistake", group="sales")
    demo.click("[data-list=groups]")
    demo.click(".row", "Claimed by mistake")
    demo.click("button", "Claim")
    demo.until(lambda: world.get(task)["assignee"] == "demo")
    demo.click(".toast button", "Undo")
    demo.until(lambda: world.get(task)["assignee"] is None)
    demo.see("Undone.")


def test_variables_are_edited_by_their_types_and_checked_before_they_are_sent(
    demo: Page, world: World
) -> None:
    task = world.task(
        "Approve the invoice",
        assignee="demo",
        variables={
            "amount": {"type": "Integer", "value": 1200},
            "approved": {"type": "Boolean", "value": False},
            "remark": {"type": "String", "value": ""},
        },
    )
    demo.pass_time(10)
    demo.click(".row", "Approve the invoice")
    demo.write("[data-variable=amount]", "much")
    demo.see("Type a whole number")
    demo.click("[data-action=complete]")
    assert not world.ended(task)
    demo.write("[data-variable=amount]", "1300")
    demo.choose("[data-variable=approved]", "true")
    demo.click("[data-action=complete]")
    demo.see("Completed.")
    kept = world.ask("GET", f"/history/variable-instance?taskIdIn={task}")
    assert {each["name"]: each["value"] for each in kept} == {
        "amount": 1300,
        "approved": True,
        "remark": "",
    }


def test_what_is_typed_survives_reloading(demo: Page, world: World) -> None:
    task = world.task(
        "Half done", assignee="demo", variables={"note": {"type": "String", "value": ""}}
    )
    demo.go(f"{world.url}/inbox/#/mine?task={task}")
    demo.write("[data-variable=note]", "half a thought")
    demo.write("[name=comment]", "half a comment")
    demo.run("location.reload()")
    demo.wait_for("document.querySelector('[name=comment]')?.value === 'half a comment'")
    demo.wait_for("document.querySelector('[data-variable=note]')?.value === 'half a thought'")
    assert world.ask("GET", f"/task/{task}/comment") == []


def test_what_was_typed_for_a_task_that_others_end_can_be_copied(demo: Page, world: World) -> None:
    note = {"note": {"type": "String", "value": ""}}
    task = world.task("Ended by another", assignee="demo", variables=note)
    demo.go(f"{world.url}/inbox/#/mine?task={task}")
    demo.write("[data-variable=note]", "half a thought")
    demo.write("[name=comment]", "half a comment")
    world.ask("POST", f"/task/{task}/complete", {}, user="mary")
    demo.pass_time(10)
    demo.see("What you had typed")
    kept = demo.run("[...document.querySelectorAll('.unsent textarea')].map(e => e.value).sort()")
    assert kept == ["half a comment", "note: half a thought"]
    demo.click(".unsent button", "Discard what I typed")
    demo.unseen("What you had typed")
    demo.reload()
    demo.see("This task has ended.")
    assert "What you had typed" not in demo.run("document.body.innerText")


@pytest.mark.parametrize("act", ["claim", "complete"])
def test_whoever_comes_second_is_told_who_was_first(demo: Page, world: World, act: str) -> None:
    task = world.task(f"Wanted by two ({act})", group="sales")
    demo.go(f"{world.url}/inbox/#/groups?task={task}")
    demo.write("[name=comment]", "I was about to say this")
    demo.see("Claim")
    if act == "claim":
        world.ask("POST", f"/task/{task}/claim", {"userId": "mary"}, user="mary")
        demo.click(".actions button", "Claim")
        demo.see("Mary Anne claimed the task")
    else:
        world.ask("POST", f"/task/{task}/complete", {}, user="mary")
        demo.click("[data-action=complete]")
        demo.see("Mary Anne completed the task")
    demo.see("Somebody was faster.")
    if act == "claim":
        demo.click(".notice button", "Reload")
        demo.unseen("Somebody was faster.")
        assert demo.run("document.querySelector('[name=comment]').value") == (
            "I was about to say this"
        )
