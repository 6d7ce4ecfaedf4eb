"""Every view of the inbox, as a story that leads there."""

from collections.abc import Callable
from typing import Final

from tests.inbox.conftest import World
from tests.inbox.page import PHONE, Page
from tests.inbox.samples import FORM, HOSTILE, pdf, picture

Story = Callable[[Page, World], object]

LISTS: Final = ("mine", "groups", "unassigned", "today", "overdue", "waiting", "all")


def open_task(page: Page, world: World, task: str, place: str = "mine") -> None:
    """Show a task beside a list."""
    page.go(f"{world.url}/inbox/#/{place}?task={task}")
    page.wait_for(f"Boolean(document.querySelector('[data-task=\"{task}\"] .finish'))")


def a_list(key: str) -> Story:
    """One of the lists, with tasks in it."""

    def story(page: Page, world: World) -> None:
        late, future = "2020-01-01T12:00:00.000+0000", "2099-01-01T12:00:00.000+0000"
        today = page.run("new Date().toISOString().slice(0, 10)") + "T12:00:00.000+0000"
        world.task("Assigned", assignee="demo", due=today, priority=80)
        world.task("Offered", group="sales", description="To whoever comes first", due=late)
        world.task("Put off", assignee="demo", followUp=future)
        page.go(f"{world.url}/inbox/#/{key}")
        page.wait_for(f"document.querySelector('.lists [aria-current]').dataset.list === '{key}'")
        page.wait_for("document.querySelector('.list [role=status]').innerText !== ''")
        page.wait_for("Boolean(document.querySelector('.row'))")

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
    task = world.task("Ended", assignee="demo")
    world.ask("POST", f"/task/{task}/complete", {})
    page.go(f"{world.url}/inbox/#/mine?task={task}")
    page.see("This task has ended.")
    page.wait_for("document.querySelectorAll('.deeds > li').length > 0")


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


def a_message(page: Page, world: World) -> None:
    task = world.task("Told", group="sales")
    open_task(page, world, task, "groups")
    page.press("c")
    page.see("The task is yours.")


def a_message_in_a_dialog(page: Page, world: World) -> None:
    open_task(page, world, world.task("Not sent", assignee="demo"))
    page.click(".actions button", "Priority")
    page.answer("*/v1/tasks/*", 503)
    page.answer("*/task/*", 503)
    page.click("dialog button.primary")
    page.wait_for("Boolean(document.querySelector('dialog .toast.bad'))")


def a_service_that_is_busy(page: Page, world: World) -> None:
    page.answer("*/v1/look", 503)
    page.answer("*/task/*", 503)
    page.go(f"{world.url}/inbox/#/all?q=whatever&task=nosuchtask2")
    page.wait_for("Boolean(document.querySelector('.pane'))")
    page.pass_time(2)
    page.wait_for("Boolean(document.querySelector('.pane .notice'))")
    page.pass_time(2)
    page.wait_for("Boolean(document.querySelector('.list .notice'))")


def a_list_of_mine_that_is_empty(page: Page, world: World) -> None:
    page.answer("*/v1/look", 200, {"queries": [{"status": 200, "tasks": [], "tag": "e"}] * 8})
    page.go(f"{world.url}/inbox/#/mine?sort=due")
    page.wait_for("Boolean(document.querySelector('.ways button'))")


def the_lists_on_a_phone(page: Page, world: World) -> None:
    page.resize(*PHONE)
    page.wait_for("!document.querySelector('.lists')")
    page.click(".menu")
    page.wait_for("Boolean(document.querySelector('.lists'))")


def a_filter(page: Page, world: World) -> None:
    word = page.run("'w' + Math.random().toString(36).slice(2)")
    amount = {"amount": {"type": "Integer", "value": 5}}
    world.task(word, group="sales", variables=amount)
    shown = {"variables": [{"name": "amount", "label": "Amount"}]}
    query = {"nameLike": f"%{word}%"}
    entry = {"name": word, "resourceType": "Task", "query": query, "properties": shown}
    kept = world.ask("POST", "/filter/create", entry)
    page.pass_time(10)
    page.click(".lists button", word)
    page.see("Amount: 5")
    world.ask("DELETE", f"/filter/{kept['id']}")


def no_connection(page: Page, world: World) -> None:
    a_list("mine")(page, world)
    page.connected(is_connected=False)
    page.see("There is no connection.")


def an_ended_sign_in(page: Page, world: World) -> None:
    page.answer("*/v1/look", 401)
    page.answer("*/oauth2/token", 400, {"error": "invalid_grant"})
    page.press("g a")
    page.see("Your sign-in has ended")


def by_key(keys: str, shown: str) -> Story:
    """A window that keys open."""

    def story(page: Page, world: World) -> None:
        page.press(keys)
        page.wait_for(f"document.querySelector('dialog[open]')?.innerText.includes({shown!r})")

    return story


def ask_window(action: str) -> Story:
    """A window that asks for what a piece of work needs."""

    def story(page: Page, world: World) -> None:
        task = world.of_service("Asked about", assignee="demo")
        world.ask("POST", f"/v1/services/by-hand/tasks/{task}/action", {"action": "start"})
        open_task(page, world, task)
        page.click(".actions button", action)
        page.wait_for("Boolean(document.querySelector('dialog[open]'))")
        if action in ("Assign", "Delegate"):
            page.wait_for("Boolean(document.querySelector('dialog [role=option]'))")

    return story


def settings(page: Page, world: World) -> None:
    page.click(".me")
    page.see("Letters alone are shortcuts")


def query_window(page: Page, world: World) -> None:
    page.go(f"{world.url}/inbox/#/all?q=priority%3E50")
    page.click("button", "Show the query")
    page.see("Copy the command")


def new_filter(page: Page, world: World) -> None:
    page.click(".lists button", "Save as a filter")
    page.see("Everybody who may see it")


def sign_in(page: Page, world: World) -> None:
    page.forget_me()
    page.see("Sign in")


def a_choice_of_users(page: Page, world: World) -> None:
    sign_in(page, world)
    page.click("button", "Sign in")
    page.see("Who are you?")


def a_refused_sign_in(page: Page, world: World) -> None:
    page.go(f"{world.url}/local/oauth2/authorize?client_id=nobody")
    page.see("Cannot sign in")


def the_api(page: Page, world: World) -> None:
    page.go(f"{world.url}/inbox/docs/")
    page.see("OAS 3.1")
    page.see("Signed in as demo")


def a_call_of_the_api(page: Page, world: World) -> None:
    """An operation that was tried: its parameters, its answer, and the model of a body."""
    the_api(page, world)
    page.click("#operations-tag-me")
    page.click("#operations-me-get_v1_me .opblock-summary-control")
    page.click("#operations-me-get_v1_me .execute")
    page.wait_for("Boolean(document.querySelector('.live-responses-table'))")


VIEWS: Final[dict[str, Story]] = {
    "sign-in": sign_in,
    "choice of users": a_choice_of_users,
    **{f"list {key}": a_list(key) for key in LISTS},
    "empty list": an_empty_list,
    "mistaken search": a_search_that_means_nothing,
    "suggestions": suggestions_of_the_search,
    "selection": a_list_with_a_selection,
    "dense rows": dense_rows,
    "everything of a task": everything_of_a_task,
    "mistaken variable": a_mistaken_variable,
    "form": a_task_with_a_form,
    "service task": a_task_of_a_service,
    "hostile texts": a_task_with_hostile_texts,
    "ended task": an_ended_task,
    "unknown task": an_unknown_task,
    "conflict": a_conflict,
    "bulk window": the_bulk_window,
    "message": a_message,
    "no connection": no_connection,
    "ended sign-in": an_ended_sign_in,
    "palette": by_key("Control+k", "Go to: My tasks"),
    "help": by_key("?", "Letters alone work"),
    "create window": by_key("n", "Offer to a group"),
    **{
        f"ask window {action}": ask_window(action)
        for action in ("Assign", "Delegate", "Due date", "Put off until", "Priority", "Fail")
    },
    "settings": settings,
    "query window": query_window,
    "new filter": new_filter,
    "filter": a_filter,
    "empty list of mine": a_list_of_mine_that_is_empty,
    "lists on a phone": the_lists_on_a_phone,
    "busy service": a_service_that_is_busy,
    "message in a dialog": a_message_in_a_dialog,
    "unfit form": a_form_that_does_not_fit,
    "form that cannot be shown": a_form_that_cannot_be_shown,
    "delegated task": a_delegated_task,
    "API": the_api,
    "call of the API": a_call_of_the_api,
    "refused sign-in": a_refused_sign_in,
}
