"""What a stranger is offered, and what a page asks while nobody touches it."""

from collections.abc import Iterator

import pytest

from tests.inbox.conftest import World
from tests.inbox.page import Page

ASKED = "performance.getEntriesByType('resource').map((each) => new URL(each.name).pathname)"


@pytest.fixture
def peter(program: str, world: World) -> Iterator[Page]:
    """The inbox of somebody for whom there is nothing to do."""
    with Page(program) as page:
        page.sign_in(world.url, "peter")
        yield page
        assert page.refused() == []


def test_whoever_has_no_task_is_shown_the_groups_and_makes_a_task_for_themselves(
    peter: Page, world: World
) -> None:
    peter.see("Nothing is assigned to you")
    peter.click(".ways button", "My groups")
    peter.see("Nothing is offered to you")
    peter.press("g m")
    peter.click(".ways button", "New task")
    peter.write("dialog [name=name]", "Water the plants")
    peter.click("dialog button", "New task")
    peter.see("The task is there.")

    peter.wait_for("location.hash.includes('task=')")
    task = peter.run("new URLSearchParams(location.hash.split('?')[1]).get('task')")
    assert world.get(task)["assignee"] == "peter"
    peter.click("[data-action=complete]", "Complete")
    peter.until(lambda: world.ended(task))


def test_whoever_signs_out_is_out_here_and_where_they_signed_in(demo: Page) -> None:
    demo.click(".me")
    demo.click("dialog button", "Sign out")
    demo.see("Sign in to see the tasks that wait for you.")
    demo.click(".gate button", "Sign in")
    demo.see("Who are you?")


def test_a_page_that_is_left_alone_asks_for_everything_at_once(demo: Page, world: World) -> None:
    task = world.task("Looked at", assignee="demo")
    demo.go(f"{world.url}/inbox/#/mine?task={task}")
    demo.wait_for("document.querySelector('.task h2')?.innerText === 'Looked at'")
    demo.wait_for("Boolean(document.querySelector('[data-list=mine] .count'))")
    looks = f"{ASKED}.filter((each) => each === '/v1/look').length"
    before = demo.run(looks)
    demo.pass_time(10)
    demo.wait_for(f"{looks} > {before}")
    demo.run("performance.clearResourceTimings()")

    for number in (1, 2):
        demo.pass_time(10)
        demo.wait_for(f"{ASKED}.length >= {number}")

    assert set(demo.run(ASKED)) == {"/v1/look"}


def test_a_sign_in_leads_back_to_the_place_that_was_opened(program: str, world: World) -> None:
    with Page(program) as page:
        page.sign_in(world.url, "mary", "#/groups")
        page.wait_for("document.querySelector('h1')?.innerText === 'My groups'")
        assert page.run("location.hash") == "#/groups"


def test_whoever_comes_back_is_told_when_one_signs_in_elsewhere_now(
    program: str, world: World
) -> None:
    with Page(program) as page:
        page.sign_in(world.url, "mary")
        told = page.asynchronous(f"fetch('{world.url}/v1/auth').then((each) => each.json())")
        page.answer("*/v1/auth", 200, {**told, "clientId": "another"})
        page.reload()
        page.see("Your sign-in has ended")
        assert page.run("Object.keys(sessionStorage).join()") == ""

        page.restore()
        page.reload()
        page.click("button", "Sign in")
        page.click("button", "mary")
        page.wait_for("Boolean(document.querySelector('.rows'))")
