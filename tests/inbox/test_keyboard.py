"""Everything by keyboard: moving, working, selecting, and a palette of what can be done."""

from tests.inbox.conftest import World
from tests.inbox.page import Page


def test_letters_typed_into_fields_are_no_shortcuts(demo: Page, world: World) -> None:
    task = world.task("Typed in", group="sales")
    demo.go(f"{world.url}/inbox/#/groups?task={task}")
    demo.focus("[name=comment]")
    demo.press("c u")
    assert demo.run("document.querySelector('[name=comment]').value") == "cu"
    assert world.get(task)["assignee"] is None


def test_many_are_selected_and_worked_on_with_a_result_for_each(demo: Page, world: World) -> None:
    tasks = [world.task(f"Bulk {number}", group="accounting") for number in range(4)]
    demo.press("g g")
    demo.write("[name=search]", "Bulk")
    demo.press("Enter")
    demo.choose(".order select", "name")
    demo.wait_for("document.querySelectorAll('.row').length === 4")
    demo.focus(".rows")
    demo.press("Home Space Shift+ArrowDown Shift+ArrowDown Shift+ArrowDown")
    demo.see("4 selected")
    world.ask("POST", f"/task/{tasks[1]}/claim", {"userId": "mary"}, user="mary")
    demo.click(".bulk button", "Claim")
    demo.see("3 of 4 done.")
    demo.see("1 failed, and stays selected:")
    demo.wait_for("document.querySelector('.results').innerText.includes('Bulk 1')")
    taken = [world.get(task)["assignee"] for task in tasks]
    assert taken == ["demo", "mary", "demo", "demo"]

    world.ask("POST", f"/task/{tasks[1]}/unclaim", {}, user="mary")
    demo.click("dialog button", "Close")
    demo.see("1 selected")
