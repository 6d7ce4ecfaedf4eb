"""Everything by keyboard: moving, working, selecting, and a palette of what can be done."""

import pytest

from tests.inbox.conftest import World
from tests.inbox.page import ASKED, Page
from tests.inbox.views import open_task


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


def test_a_task_is_found_opened_and_done_without_a_mouse(demo: Page, world: World) -> None:
    tasks = [world.task(f"By key {number}", group="sales") for number in range(3)]
    demo.press("g g /")
    demo.type("By key")
    demo.press("Enter")
    demo.choose(".order select", "name")
    demo.wait_for("document.querySelectorAll('.row').length === 3")
    demo.focus(".rows")
    demo.press("Home j j k Enter")
    demo.wait_for("document.querySelector('.pane h2')?.innerText === 'By key 1'")
    demo.press("c")
    demo.until(lambda: world.get(tasks[1])["assignee"] == "demo")
    demo.see("The task is yours.")
    demo.press("u")
    demo.until(lambda: world.get(tasks[1])["assignee"] is None)
    demo.see("The task is free again.")
    demo.press("e")
    demo.wait_for(
        "document.querySelector('dialog [aria-selected=true]')?.innerText.includes('demo')"
    )
    demo.press("Enter")
    demo.until(lambda: world.get(tasks[1])["assignee"] == "demo")
    demo.see("Assigned to demo.")
    demo.press("Control+Enter")
    demo.until(lambda: world.ended(tasks[1]))
    demo.wait_for("!document.querySelector('.pane[data-task]')")
    demo.press("Escape")


def test_keys_go_on_from_the_task_that_an_address_opens(demo: Page, world: World) -> None:
    tasks = [world.task(f"Stepping stone {number}") for number in range(3)]
    demo.go(f"{world.url}/inbox/#/all?q=Stepping%20stone&sort=name&task={tasks[1]}")
    for _ in range(2):
        demo.wait_for(f"document.querySelector('.row.current')?.id === 'row-{tasks[1]}'")
        demo.wait_for("document.querySelector('.pane h2')?.innerText === 'Stepping stone 1'")
        demo.reload()
    demo.wait_for("document.querySelectorAll('.row').length === 3")
    demo.wait_for(f"document.querySelector('.row.current')?.id === 'row-{tasks[1]}'")
    demo.press("j")
    demo.wait_for("document.querySelector('.pane h2')?.innerText === 'Stepping stone 2'")
    assert demo.run("document.querySelector('.row.current').id") == f"row-{tasks[2]}"


def test_the_current_task_stays_when_others_come_and_its_place_when_it_goes(
    demo: Page, world: World
) -> None:
    tasks = [world.task(f"Milestone {number}") for number in (1, 3, 5)]
    demo.go(f"{world.url}/inbox/#/all?q=Milestone&sort=name")
    demo.wait_for("document.querySelectorAll('.row').length === 3")
    demo.focus(".rows")
    demo.press("j j")
    is_current = "document.querySelector('.row.current')?.id === 'row-{}'"
    demo.wait_for(is_current.format(tasks[1]))
    world.task("Milestone 0")
    demo.pass_time(10)
    demo.wait_for("document.querySelectorAll('.row').length === 4")
    assert demo.run(is_current.format(tasks[1]))
    world.ask("POST", f"/task/{tasks[1]}/complete", {})
    demo.pass_time(10)
    demo.wait_for("document.querySelectorAll('.row').length === 3")
    demo.wait_for(is_current.format(tasks[2]))
    world.task("Milestone 2")
    demo.pass_time(10)
    demo.wait_for("document.querySelectorAll('.row').length === 4")
    assert demo.run(is_current.format(tasks[2]))


def test_keys_change_nothing_that_the_list_does_not_show(demo: Page, world: World) -> None:
    hidden = world.task("Out of sight", group="sales")
    shown = world.task("In full view", group="sales")
    demo.go(f"{world.url}/inbox/#/groups?q=sight")
    demo.wait_for("document.querySelectorAll('.row').length === 1")
    demo.focus(".rows")
    demo.press("j x")
    demo.see("1 selected")
    demo.write("[name=search]", "full view")
    demo.press("Enter")
    demo.wait_for(f"document.querySelector('.row')?.id === 'row-{shown}'")
    demo.unseen("1 selected")
    demo.click(".row")
    demo.see("Claim")
    demo.focus(".rows")
    demo.press("c")
    demo.until(lambda: world.get(shown)["assignee"] == "demo")
    assert world.get(hidden)["assignee"] is None

    demo.go(f"{world.url}/inbox/#/waiting?task={hidden}")
    demo.wait_for(f"Boolean(document.querySelector('[data-task={hidden}] .task'))")
    demo.focus(".rows")
    demo.press("x")
    assert "1 selected" not in demo.run("document.body.innerText")


def test_whoever_goes_up_from_a_task_that_has_gone_comes_to_the_one_above(
    demo: Page, world: World
) -> None:
    tasks = [world.task(f"Rung {number}") for number in range(3)]
    demo.go(f"{world.url}/inbox/#/all?q=Rung&sort=name")
    demo.wait_for("document.querySelectorAll('.row').length === 3")
    demo.focus(".rows")
    demo.press("j j Enter")
    demo.wait_for("document.querySelector('.pane h2')?.innerText === 'Rung 1'")
    world.ask("POST", f"/task/{tasks[1]}/complete", {})
    demo.pass_time(10)
    demo.wait_for("document.querySelectorAll('.row').length === 2")
    demo.focus(".rows")
    demo.press("k")
    demo.wait_for("document.querySelector('.pane h2')?.innerText === 'Rung 0'")


def test_every_list_has_a_key(demo: Page) -> None:
    for letter, name in zip(
        "mgutowa",
        ("My tasks", "My groups", "Unassigned", "Due today", "Overdue", "Waiting", "All tasks"),
        strict=True,
    ):
        demo.press(f"g {letter}")
        demo.wait_for(f"document.querySelector('h1').innerText === '{name}'")
        assert demo.run("document.querySelector('.lists [aria-current]').innerText").startswith(
            name
        )


def test_the_palette_does_what_one_types(demo: Page, world: World) -> None:
    demo.press("Control+k")
    demo.wait_for("Boolean(document.activeElement.closest('dialog [role=combobox]'))")
    demo.type("over due go")
    demo.press("Backspace Backspace Backspace")
    demo.wait_for("document.querySelectorAll('dialog [role=option]').length === 1")
    demo.press("Enter")
    demo.wait_for("document.querySelector('h1').innerText === 'Overdue'")
    demo.press("Control+k")
    demo.type("keyboard")
    demo.press("Enter")
    demo.see("Letters alone work outside of fields.")
    demo.press("Escape")
    demo.wait_for("!document.querySelector('dialog')")


def test_help_lists_the_keys_and_gives_the_focus_back(demo: Page) -> None:
    demo.focus(".rows")
    demo.press("?")
    keys = demo.wait_for("document.querySelector('dialog .keys')?.innerText")
    assert "g m" in keys
    assert "Go to: My tasks" in keys
    demo.press("Escape")
    demo.wait_for("document.activeElement.className === 'rows'")


def test_letters_alone_can_be_switched_off(demo: Page, world: World) -> None:
    task = world.task("Left alone", group="sales")
    demo.go(f"{world.url}/inbox/#/groups?task={task}")
    demo.see("Claim")
    demo.click(".me")
    demo.click("[name=shortcuts]")
    demo.press("Escape")
    demo.wait_for("!document.querySelector('dialog')")
    demo.press("c n ?")
    assert not demo.run("document.querySelector('dialog')")
    demo.press("Control+k")
    demo.wait_for("Boolean(document.activeElement.closest('dialog [role=combobox]'))")
    assert world.get(task)["assignee"] is None
    demo.press("Escape")
    demo.wait_for("!document.querySelector('dialog')")
    demo.focus(".rows")
    demo.press("Escape")
    demo.wait_for("!document.querySelector('[data-task] .task') && !location.hash.includes('task')")


def test_whatever_has_the_focus_shows_it(demo: Page, world: World) -> None:
    task = world.task("Walked through", assignee="demo")
    demo.go(f"{world.url}/inbox/#/mine?task={task}")
    demo.wait_for("Boolean(document.querySelector('.drop button'))")
    demo.run("document.activeElement.blur()")
    seen = []
    for _ in range(60):
        demo.press("Tab")
        place, outline = demo.run(
            """(() => {
              const {tagName, className, innerText} = document.activeElement;
              const {outlineStyle, outlineWidth} = getComputedStyle(document.activeElement);
              const isSeen = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
              return [`${tagName} ${className} ${innerText?.slice(0, 20)}`, isSeen];
            })()"""
        )
        if place.startswith("BODY"):
            break
        assert outline, place
        seen.append(place)
    assert seen[0].startswith("A skip")
    assert any("Attach files" in place for place in seen)
    assert len(seen) > 25


@pytest.mark.parametrize("field", ["[name=comment]", "[name=search]", ".new-variable input"])
def test_what_is_typed_beside_a_form_completes_no_task(
    demo: Page, world: World, field: str
) -> None:
    task = world.task("Spoken about", assignee="demo")
    open_task(demo, world, task)
    demo.run("document.querySelector('.new-variable').open = true")
    demo.focus(field)
    demo.press("Control+Enter")
    demo.write(field, "words")
    demo.press("Control+Enter")
    if field == "[name=comment]":
        demo.wait_for("document.querySelector('.comments')?.innerText.includes('words')")

    assert f"/task/{task}/complete" not in demo.run(ASKED)
    assert not world.ended(task)


def test_one_that_is_selected_beside_the_open_one_is_asked_about(demo: Page, world: World) -> None:
    selected = world.task("Only selected", assignee="demo", due="2010-01-01T12:00:00.000+0000")
    opened = world.task("Only open", assignee="demo", due="2010-01-02T12:00:00.000+0000")
    open_task(demo, world, opened)
    demo.pass_time(10)
    demo.click(f"#row-{selected} .tick")
    demo.see("1 selected")
    demo.press("Control+Enter")
    demo.click("dialog button.primary")
    demo.until(lambda: world.ended(selected))

    assert not world.ended(opened)
