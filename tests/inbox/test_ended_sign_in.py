"""A sign-in that expires is renewed; one that has ended leads back to where one was."""

from collections.abc import Callable

import pytest

from tests.inbox.conftest import World
from tests.inbox.page import Page
from tests.inbox.views import open_task

COMMENT = "document.querySelector('[name=comment]').value"


def age(page: Page) -> None:
    """The access token of the person who is signed in has expired."""
    page.run("""Object.keys(sessionStorage).filter((key) => key.startsWith("oidc.user:"))
      .forEach((key) => sessionStorage.setItem(key, JSON.stringify(
        {...JSON.parse(sessionStorage.getItem(key)), expires_at: 1})))""")


RENEWALS = (
    "performance.getEntriesByType('resource').filter(e => e.name.endsWith('/oauth2/token')).length"
)


def refused(page: Page) -> None:
    """The service refuses a token that the page takes for good, once."""
    page.answer("*/comment/create", 401, {"message": "Unauthorized"}, times=1)


@pytest.mark.parametrize("expire", [age, refused])
def test_a_token_that_expires_is_renewed_and_nobody_notices(
    demo: Page, world: World, expire: Callable[[Page], None]
) -> None:
    task = world.task("Before and after", assignee="demo")
    open_task(demo, world, task)
    demo.write("[name=comment]", "Still signed in")
    before = demo.run(RENEWALS)
    expire(demo)
    demo.click(".new-comment button")
    demo.wait_for(f"{COMMENT} === ''")
    assert len(world.ask("GET", f"/task/{task}/comment")) == 1
    assert demo.run(RENEWALS) == before + 1
    assert not demo.run("document.querySelector('dialog')")


def test_a_sign_in_that_has_ended_leads_back_to_the_same_place_with_what_was_typed(
    demo: Page, world: World
) -> None:
    note = {"note": {"type": "String", "value": "old"}}
    task = world.task("Left for the night", assignee="demo", variables=note)
    demo.go(f"{world.url}/inbox/#/all?task={task}&q=night&sort=name")
    demo.write("[data-variable=note]", "half a thought")
    demo.write("[name=comment]", "half a comment")
    demo.answer("*/oauth2/token", 400, {"error": "invalid_grant"})
    age(demo)
    demo.click(".finish button", "Save")
    demo.see("Your sign-in has ended")
    demo.see("What you have typed is kept, and you come back to this place.")
    demo.restore()
    demo.click("dialog button", "Sign in")
    demo.wait_for("!document.querySelector('dialog, .gate')")
    demo.wait_for("Boolean(document.querySelector('.rows, [name=user]'))")
    if demo.run("Boolean(document.querySelector('[name=user]'))"):
        demo.click("[name=user]", "demo")
    demo.wait_for("document.querySelector('[data-variable=note]')?.value === 'half a thought'")
    demo.wait_for(f"{COMMENT} === 'half a comment'")
    assert demo.run("location.hash") == f"#/all?task={task}&q=night&sort=name"
    demo.wait_for("document.querySelectorAll('.row').length === 1")
    demo.click(".finish button", "Save")
    demo.see("Saved.")


def test_a_sign_in_is_not_given_up_while_its_provider_has_troubles(
    demo: Page, world: World
) -> None:
    task = world.task("Renewed later", assignee="demo")
    open_task(demo, world, task)
    demo.answer("*/oauth2/token", 503, "<p>Busy")
    age(demo)
    demo.write("[name=comment]", "Not lost")
    demo.click(".new-comment button")
    demo.see("The service is busy. Try again in a moment.")
    assert not demo.run("document.querySelector('dialog')")
    demo.restore()
    demo.click(".new-comment button")
    demo.wait_for(f"{COMMENT} === ''")
    assert [each["message"] for each in world.ask("GET", f"/task/{task}/comment")] == ["Not lost"]
