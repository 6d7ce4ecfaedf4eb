"""Views of lists and of tasks, each as a story that leads there."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Final

from tests.inbox.conftest import World
from tests.inbox.page import Page
from tests.inbox.samples import FORM, HOSTILE, pdf, picture

Story = Callable[[Page, World], object]

LISTS: Final = ("mine", "groups", "unassigned", "today", "overdue", "waiting", "all")


def open_task(page: Page, world: World, task: str, place: str = "mine") -> None:
    """Show a task beside a list."""
    page.go(f"{world.url}/inbox/#/{place}?task={task}")
    page.wait_for(f"Boolean(document.querySelector('[data-task=\"{task}\"] .finish'))")


@cache
def tasks_in_every_list(world: World) -> list[str]:
    """The ids of tasks of which each list has one; made once."""
    late, future = "2020-01-01T12:00:00.000+0000", "2099-01-01T12:00:00.000+0000"
    today = f"{datetime.now(UTC):%Y-%m-%d}T12:00:00.000+0000"
    return [
        world.task("Assigned", assignee="demo", due=today, priority=80),
        world.task("Offered", group="sales", description="For anybody in sales", due=late),
        world.task("Put off", assignee="demo", followUp=future),
        world.task("Assigned, too", assignee="demo"),
    ]


def a_list(key: str) -> Story:
    """One of the lists, with tasks in it."""

    def story(page: Page, world: World) -> None:
        made = tasks_in_every_list(world)
        page.go(f"{world.url}/inbox/#/{key}")
        page.wait_for(f"document.querySelector('.lists [aria-current]').dataset.list === '{key}'")
        page.pass_time(10)
        page.wait_for(f"{made}.some((id) => document.getElementById(`row-${{id}}`))")
        page.wait_for("document.querySelector('.list [role=status]').innerText !== ''")

    return story


def an_empty_list(page: Page, world: World) -> None:
    page.go(f"{world.url}/inbox/#/all?q=nothingisnamedlikethis")
    page.see("No task matches.")


def a_search_that_means_nothing(page: Page, world: World) -> None:
    page.go(f"{world.url}/inbox/#/all?q=due:someday")
    page.see("means nothing")


def suggestions_of_the_search(page: Page, world: World) -> None:
    page.focus("[name=search]")
    page.type("due:")
    page.wait_for("document.querySelectorAll('.search [role=option]').length > 2")
    page.press("ArrowDown")


def a_list_with_a_selection(page: Page, world: World) -> None:
    a_list("mine")(page, world)
    page.focus(".rows")
    page.press("Home Space Shift+ArrowDown")
    page.see("2 selected")


def dense_rows(page: Page, world: World) -> None:
    a_list("all")(page, world)
    page.click("button", "Dense rows")
    page.wait_for("document.documentElement.dataset.density === 'dense'")


def everything_of_a_task(page: Page, world: World) -> None:
    """A task with variables of all types, comments, attachments that are shown, its history."""
    task = world.task(
        "Everything",
        assignee="demo",
        owner="mary",
        description="With all that a task can have\nin two lines.",
        due="2020-01-01T12:00:00.000+0000",
        followUp="2099-01-01T12:00:00.000+0000",
        variables={
            "text": {"type": "String", "value": "some words"},
            "whole": {"type": "Integer", "value": 12},
            "number": {"type": "Double", "value": 1.5},
            "choice": {"type": "Boolean", "value": True},
            "day": {"type": "Date", "value": "2030-01-01T12:00:00.000+0000"},
            "document": {"type": "Json", "value": '{"a": [1, 2]}'},
            "nothing": {"type": "Null", "value": None},
            "bytes": {"type": "Bytes", "value": "AAAA"},
        },
    )
    world.ask("POST", f"/task/{task}/comment/create", {"message": "I had a look."}, user="mary")
    world.attach(task, "picture.png", picture(300, 200))
    world.attach(task, "letter.pdf", pdf("Hello"))
    world.attach(task, "notes.txt", b"some notes\n" * 100)
    open_task(page, world, task)
    page.click("summary", "History")
    page.wait_for("document.querySelectorAll('.deeds > li').length > 3")
    page.wait_for("document.querySelectorAll('.attachments > li').length === 3")
    page.run("document.querySelectorAll('.attachment [aria-expanded]').forEach(e => e.click())")
    page.wait_for("Boolean(document.querySelector('img.preview') && document.querySelector('pre'))")
    page.click("summary", "Add a variable")


def a_mistaken_variable(page: Page, world: World) -> None:
    whole = {"whole": {"type": "Integer", "value": 12}}
    open_task(page, world, world.task("Mistaken", assignee="demo", variables=whole))
    page.write("[data-variable=whole]", "many")
    page.see("Type a whole number")


def a_task_with_a_form(page: Page, world: World) -> None:
    world.ask("PUT", "/v1/forms/paper", FORM)
    task = world.of_service("By form", assignee="demo", formKey="paper")
    open_task(page, world, task)
    page.see("Who delivers?")
    page.click("[data-action=complete]")
    page.see("Field is required.")


def a_form_that_does_not_fit(page: Page, world: World) -> None:
    world.ask("PUT", "/v1/forms/paper", FORM)
    values = {"sheets": "plenty", "supplier": "Acme"}
    task = world.of_service("Unfit", assignee="demo", formKey="paper", metadata=values)
    open_task(page, world, task)
    page.see("The form has no place for the value of: sheets.")


def a_form_that_cannot_be_shown(page: Page, world: World) -> None:
    form = {"type": "default", "components": [{"type": "unheard", "id": "x", "key": "x"}]}
    world.ask("PUT", "/v1/forms/unheard", form)
    open_task(page, world, world.of_service("Unheard", assignee="demo", formKey="unheard"))
    page.see("Its form cannot be shown")


def a_delegated_task(page: Page, world: World) -> None:
    task = world.task("Delegated", assignee="mary", owner="mary")
    world.ask("POST", f"/task/{task}/delegate", {"userId": "demo"}, user="mary")
    open_task(page, world, task)
    page.see("Done, back to the owner")


def a_task_of_a_service(page: Page, world: World) -> None:
    open_task(page, world, world.of_service("By hand", assignee="demo"))


def a_task_with_hostile_texts(page: Page, world: World) -> None:
    task = world.task(HOSTILE[:200], assignee="demo", description=HOSTILE)
    world.ask("POST", f"/task/{task}/comment/create", {"message": HOSTILE})
    open_task(page, world, task)


def an_ended_task(page: Page, world: World) -> None:
    """With what one had typed for it."""
    task = world.task("Ended", assignee="demo")
    open_task(page, world, task)
    page.write("[name=comment]", "half a comment")
    world.ask("POST", f"/task/{task}/complete", {})
    page.pass_time(10)
    page.see("This task has ended.")
    page.see("What you had typed")
    page.wait_for("document.querySelectorAll('.deeds > li').length > 0")


def a_filter_that_is_gone(page: Page, world: World) -> None:
    page.go(f"{world.url}/inbox/#/filter:gone")
    page.see("This filter does not exist any more")


def an_unknown_task(page: Page, world: World) -> None:
    page.go(f"{world.url}/inbox/#/mine?task=nosuchtask")
    page.see("No such task")


def a_conflict(page: Page, world: World) -> None:
    task = world.task("Contested", group="sales")
    open_task(page, world, task, "groups")
    world.ask("POST", f"/task/{task}/claim", {"userId": "mary"}, user="mary")
    page.click(".actions button", "Claim")
    page.see("Mary Anne claimed the task")


def the_bulk_window(page: Page, world: World) -> None:
    word = page.run("'w' + Math.random().toString(36).slice(2)")
    tasks = [world.task(f"{word} {number}", group="sales") for number in range(2)]
    page.go(f"{world.url}/inbox/#/groups?q={word}")
    page.wait_for("document.querySelectorAll('.row').length === 2")
    page.press("*")
    world.ask("POST", f"/task/{tasks[0]}/claim", {"userId": "mary"}, user="mary")
    page.click(".bulk button", "Claim")
    page.see("1 failed")
