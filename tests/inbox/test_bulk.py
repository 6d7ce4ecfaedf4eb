"""Work on several tasks at once: a result for each, and what failed is tried again alone."""

import pytest

from tests.inbox.conftest import World
from tests.inbox.page import Page


def shown(page: Page, world: World, word: str, number: int = 4) -> list[str]:
    """Tasks offered to sales that one search finds, drawn in the order of their names."""
    tasks = [world.task(f"{word} {each}", group="sales") for each in range(number)]
    page.go(f"{world.url}/inbox/#/groups?q={word}&sort=name")
    page.wait_for(f"document.querySelectorAll('.row').length === {number}")
    return tasks


def select(page: Page, first: int, last: int) -> None:
    """Select rows with the mouse: the first one's box, then the last one with Shift."""
    page.run(
        f"""(() => {{
          const rows = [...document.querySelectorAll('.row')]
            .sort((a, b) => a.ariaPosInSet - b.ariaPosInSet);
          rows[{first}].querySelector('.tick').click();
          rows[{last}].dispatchEvent(new MouseEvent('click', {{bubbles: true, shiftKey: true}}));
        }})()"""
    )
    page.see(f"{last - first + 1} selected")


@pytest.mark.parametrize("work", ["assign", "priority", "due", "complete"])
def test_a_selection_is_worked_on(demo: Page, world: World, work: str) -> None:
    tasks = shown(demo, world, f"Many{work}")
    select(demo, 1, 3)
    label = {"assign": "Assign", "priority": "Priority", "due": "Due date", "complete": "Complete"}
    demo.click(".bulk button", label[work])
    demo.see(": 3 tasks")
    if work == "assign":
        demo.type("mary")
        demo.wait_for("document.querySelectorAll('dialog [role=option]').length === 1")
        demo.press("Enter")
    elif work == "priority":
        demo.write("dialog [name=priority]", "7")
        demo.press("Enter")
    elif work == "due":
        demo.click("dialog button", "Today, 17:00")
    else:
        demo.see("This cannot be undone.")
        demo.click("dialog button.primary")
    demo.see("3 of 3 done.")
    demo.click("dialog button.primary", "Close")
    demo.wait_for("!document.querySelector('.bulk')")

    if work == "complete":
        assert [world.ended(task) for task in tasks] == [False, True, True, True]
        return
    got = [world.get(task) for task in tasks]
    assert {
        "assign": [each["assignee"] for each in got] == [None, *["mary"] * 3],
        "priority": [each["priority"] for each in got] == [50, 7, 7, 7],
        "due": [each["due"] is not None for each in got] == [False, True, True, True],
    }[work]


def test_only_what_failed_is_tried_again_for_what_is_there_then(demo: Page, world: World) -> None:
    tasks = shown(demo, world, "Again")
    select(demo, 0, 3)
    world.ask("POST", f"/task/{tasks[1]}/claim", {"userId": "mary"}, user="mary")
    demo.click(".bulk button", "Claim")
    demo.see("3 of 4 done.")
    demo.see("1 failed, and stays selected:")
    assert "Again 1" in demo.run("document.querySelector('.results').innerText")
    before = [world.get(task)["lastUpdated"] for task in tasks]

    world.ask("POST", f"/task/{tasks[1]}/unclaim", {}, user="mary")
    demo.click("dialog button", "Try the failed ones again")
    demo.see("4 of 4 done.")
    assert [world.get(task)["assignee"] for task in tasks] == ["demo"] * 4
    for at in (0, 2, 3):
        assert world.get(tasks[at])["lastUpdated"] == before[at]
    demo.click("dialog button.primary", "Close")
    demo.wait_for("!document.querySelector('.bulk')")


def test_what_cannot_be_reached_is_told_for_each_and_tried_again(demo: Page, world: World) -> None:
    tasks = shown(demo, world, "Unreached", 3)
    demo.press("*")
    demo.see("3 selected")
    demo.answer("*/v1/tasks/bulk", 503, {"message": "Service Unavailable"})
    demo.click(".bulk button", "Claim")
    demo.see("0 of 3 done.")
    demo.see("3 failed, and stay selected:")
    demo.see("The service is busy. Try again in a moment.")
    demo.restore()
    demo.click("dialog button", "Try the failed ones again")
    demo.see("3 of 3 done.")
    assert [world.get(task)["assignee"] for task in tasks] == ["demo"] * 3
