"""What goes wrong around the page is told with what to do; it goes on by itself afterwards."""

import pytest

from tests.inbox.circumstances import NEVER, UNREACHABLE
from tests.inbox.conftest import World
from tests.inbox.page import Page
from tests.inbox.samples import FORM
from tests.inbox.views import open_task

HTML = "<!doctype html><title>Welcome to this network</title>Please accept our terms."
COMMENT = "document.querySelector('[name=comment]').value"
PACE = 8
"""Seconds after which the page looks again."""


def said(world: World, task: str) -> list[str]:
    """The comments of a task."""
    return [each["message"] for each in world.ask("GET", f"/task/{task}/comment")]


def goes_on(page: Page, world: World, name: str) -> None:
    """The trouble has ended: the page shows by itself what has been made since."""
    # What is due comes first, however many tasks there are.
    world.task(name, assignee="demo", due="2001-01-01T12:00:00.000+0000")

    def is_shown() -> bool:
        # What was asked for before may be answered only now.
        page.pass_time(PACE)
        return name in page.rows()

    page.until(is_shown)


def test_without_a_connection_one_reads_on_and_nothing_typed_is_lost(
    demo: Page, world: World
) -> None:
    task = world.task("Read on a train", assignee="demo")
    open_task(demo, world, task)
    demo.click(".actions button", "Priority")
    demo.write("dialog [name=priority]", "77")
    demo.connected(is_connected=False)
    demo.see("There is no connection. What you see was read at")
    demo.see("What you type is kept; send it when the connection is back.")
    demo.press("Enter")
    told = "There is no connection. Nothing was sent. Try again when it is back."
    demo.wait_for(f"document.querySelector('dialog .toast')?.innerText.includes({told!r})")
    assert demo.run("document.querySelector('dialog [name=priority]').value") == "77"
    demo.click("dialog .toast button", "Dismiss")
    demo.press("Escape")
    demo.write("[name=comment]", "Written in a tunnel")
    demo.click(".new-comment button")
    demo.see(told)

    demo.connected(is_connected=True)
    demo.unseen("There is no connection. What you see")
    demo.click(".new-comment button")
    demo.wait_for(f"{COMMENT} === ''")
    assert said(world, task) == ["Written in a tunnel"]
    goes_on(demo, world, "After the tunnel")


def test_a_dialog_that_was_never_open_waits_for_the_connection(
    stranger: Page, world: World
) -> None:
    """What a dialog is made of is loaded when the first one opens."""
    task = world.task("Opened on a train", assignee="demo")
    stranger.sign_in(world.url, "demo", f"#/mine?task={task}")
    stranger.wait_for("Boolean(document.querySelector('.finish'))")
    stranger.write("[name=comment]", "Not lost")
    stranger.answer("*/assets/Dialogs-*", UNREACHABLE)
    stranger.press("Escape")
    stranger.run("document.activeElement.blur()")
    stranger.press("n")
    stranger.see("This part of the page cannot be loaded now.")
    assert stranger.run(COMMENT) == "Not lost"
    stranger.restore()
    stranger.pass_time(PACE)
    stranger.wait_for("Boolean(document.querySelector('dialog [name=name]'))")


def test_a_service_that_cannot_be_reached_is_found_again(demo: Page, world: World) -> None:
    open_task(demo, world, world.task("Out of reach", assignee="demo"))
    demo.answer("*", UNREACHABLE)
    demo.pass_time(PACE)
    demo.see("There is no connection. What you see was read at")
    demo.restore()
    goes_on(demo, world, "Within reach")
    demo.unseen("There is no connection.")


def test_an_answer_that_takes_long_is_waited_for(demo: Page, world: World) -> None:
    task = world.task("Asked slowly", assignee="demo")
    open_task(demo, world, task)
    demo.answer("*/comment/create", NEVER)
    demo.write("[name=comment]", "Patience")
    demo.click(".new-comment button")
    demo.wait_for("document.querySelector('.new-comment button').disabled")
    demo.pass_time(6)
    demo.see("The service takes longer than usual. You can wait, or go on reading.")
    demo.restore()
    demo.wait_for(f"{COMMENT} === ''")
    demo.unseen("The service takes longer than usual.")
    assert said(world, task) == ["Patience"]


def test_an_answer_that_never_comes_is_given_up_and_is_made_once(demo: Page, world: World) -> None:
    task = world.task("Asked in vain", assignee="demo")
    open_task(demo, world, task)
    demo.answer("*/comment/create", NEVER, times=1)
    demo.write("[name=comment]", "Is anybody there?")
    demo.click(".new-comment button")
    demo.wait_for("document.querySelector('.new-comment button').disabled")
    demo.pass_time(36)
    demo.see("There was no answer in time. Look whether it was done, then try again.")
    assert demo.run(COMMENT) == "Is anybody there?"
    demo.click(".new-comment button")
    demo.wait_for(f"{COMMENT} === ''")
    assert said(world, task) == ["Is anybody there?"]


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (503, {"message": "Service Unavailable"}, "The service is busy. Try again in a moment."),
        (429, {"message": "Too Many Requests"}, "The service is busy. Try again in a moment."),
        (200, HTML, "The answer was not the service's own."),
        (500, HTML, "Something went wrong"),
        (503, HTML, "The service is busy. Try again in a moment."),
    ],
    ids=["unavailable", "too many", "not the service", "a fault", "unavailable without JSON"],
)
def test_a_task_is_shown_and_worked_on_as_soon_as_the_service_answers_again(
    demo: Page, world: World, status: int, body: object, told: str
) -> None:
    note = {"note": {"type": "String", "value": "old"}}
    task = world.task(f"Answered {status}", assignee="demo", variables=note)
    for part in ("v1/look", f"task/{task}?*", f"task/{task}/*", "history/*"):
        demo.answer(f"*/{part}", status, body)
    demo.go(f"{world.url}/inbox/#/all?task={task}")
    # What is only read is asked for once more before it is told.
    for _ in range(2):
        demo.wait_for("Boolean(document.querySelector('.pane'))")
        demo.pass_time(2)
    demo.wait_for(f"document.querySelector('.list .notice')?.innerText.includes({told!r})")
    demo.wait_for(f"document.querySelector('.pane .notice')?.innerText.includes({told!r})")

    demo.restore()
    demo.pass_time(PACE)
    demo.wait_for("document.querySelector('[data-variable=note]')?.value === 'old'")
    demo.wait_for("Boolean(document.querySelector('.row'))")
    demo.wait_for("!document.querySelector('.notice')")

    demo.answer("*/variables", status, body, "POST")
    demo.answer("*/comment/create", status, body)
    demo.write("[data-variable=note]", "new")
    demo.write("[name=comment]", "Kept")
    demo.click(".finish button", "Save")
    demo.wait_for(f"document.querySelector('.toast.bad')?.innerText.includes({told!r})")
    demo.click(".toast button", "Dismiss")
    demo.click(".new-comment button")
    demo.wait_for(f"document.querySelector('.toast.bad')?.innerText.includes({told!r})")
    assert demo.run("document.querySelector('[data-variable=note]').value") == "new"
    assert demo.run(COMMENT) == "Kept"
    demo.restore()
    demo.click(".finish button", "Save")
    demo.see("Saved.")
    demo.click(".new-comment button")
    demo.wait_for(f"{COMMENT} === ''")
    assert world.ask("GET", f"/task/{task}/localVariables/note")["value"] == "new"


def test_a_part_of_a_task_that_was_not_answered_comes_by_itself(demo: Page, world: World) -> None:
    world.ask("PUT", "/v1/forms/paper", FORM)
    task = world.of_service("In parts", assignee="demo", formKey="paper")
    world.ask("POST", f"/task/{task}/comment/create", {"message": "I was here."})
    world.attach(task, "notes.txt", b"some notes")
    for part in ("deployed-form", "comment", "attachment", "identity-links?*", "localVariables?*"):
        demo.answer(f"*/task/{task}/{part}", 500, HTML)
    demo.answer("*/history/user-operation?*", 500, HTML)
    demo.go(f"{world.url}/inbox/#/mine?task={task}")
    demo.click("summary", "History")
    demo.wait_for("document.querySelectorAll('.part [role=alert]').length === 4")
    demo.restore()
    demo.pass_time(PACE)
    demo.wait_for("!document.querySelector('.part [role=alert]')")
    demo.see("Who delivers?")
    demo.see("I was here.")
    demo.see("notes.txt")
    demo.see("Demo Demo attached a file")


def test_a_reason_is_kept_until_it_is_sent(demo: Page, world: World) -> None:
    task = world.of_service("Failing", assignee="demo")
    world.ask("POST", f"/v1/services/by-hand/tasks/{task}/action", {"action": "start"})
    open_task(demo, world, task)
    demo.answer("*/action", 503, {"message": "Service Unavailable"})
    demo.click(".actions button", "Fail")
    demo.write("dialog [name=reason]", "No paper")
    demo.click("dialog button.primary")
    demo.see("The service is busy.")
    assert demo.run("document.querySelector('dialog [name=reason]').value") == "No paper"
    demo.press("Escape")
    demo.restore()
    demo.reload()
    demo.click(".actions button", "Fail")
    demo.wait_for("document.querySelector('dialog [name=reason]')?.value === 'No paper'")
    demo.click("dialog button.primary")
    demo.see("Marked as failed.")


def test_what_is_typed_into_a_form_is_kept_when_somebody_was_faster(
    demo: Page, world: World
) -> None:
    world.ask("PUT", "/v1/forms/paper", FORM)
    task = world.of_service("Contested form", assignee="demo", formKey="paper")
    open_task(demo, world, task)
    supplier = ".fjs-form input[type=text]"
    demo.write(supplier, "Acme")
    world.ask("POST", f"/task/{task}/assignee", {"userId": "john"}, user="mary")
    demo.click("[data-action=complete]")
    demo.see("Mary Anne assigned the task")
    demo.see("Nothing was changed by you. What you have typed is kept.")
    assert not world.ended(task)
    demo.click(".notice button", "Reload")
    demo.unseen("Somebody was faster.")
    assert demo.run(f"document.querySelector({supplier!r}).value") == "Acme"
    demo.click("[data-action=complete]")
    demo.until(lambda: world.ended(task))


def test_a_page_that_is_opened_too_early_starts_when_the_service_does(
    demo: Page, world: World
) -> None:
    demo.answer("*/v1/*", 503, HTML)
    demo.reload()
    demo.see("The service is busy. Try again in a moment.")
    demo.restore()
    demo.pass_time(PACE)
    demo.wait_for("Boolean(document.querySelector('.row'))")
