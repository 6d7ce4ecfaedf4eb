"""Every view of the inbox: those of tasks and lists, and windows, messages, troubles and the
pages beside the inbox; each is a story that leads there.
"""

from typing import Final

from tests.inbox.conftest import World
from tests.inbox.page import PHONE, Page
from tests.inbox.views import (
    LISTS,
    Story,
    a_conflict,
    a_delegated_task,
    a_filter_that_is_gone,
    a_form_that_cannot_be_shown,
    a_form_that_does_not_fit,
    a_list,
    a_list_with_a_selection,
    a_mistaken_variable,
    a_search_that_means_nothing,
    a_task_of_a_service,
    a_task_with_a_form,
    a_task_with_hostile_texts,
    an_empty_list,
    an_ended_task,
    an_unknown_task,
    dense_rows,
    everything_of_a_task,
    open_task,
    suggestions_of_the_search,
    the_bulk_window,
)


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
    page.pass_time(10)
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
    page.pass_time(10)
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


def a_call_of_the_api(page: Page, world: World) -> None:
    """The list of all operations, and one that was tried with its answer."""
    page.go(f"{world.url}/inbox/docs/")
    page.see("OAS 3.1")
    page.see("Signed in as demo")
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
    "filter that is gone": a_filter_that_is_gone,
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
    "API": a_call_of_the_api,
    "refused sign-in": a_refused_sign_in,
}
