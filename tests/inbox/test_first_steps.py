"""What a stranger is offered, and what a page asks while nobody touches it."""

from tests.inbox.conftest import World
from tests.inbox.page import ASKED, Page
from tests.inbox.samples import FORM


def test_whoever_has_no_task_is_shown_the_groups_and_makes_a_task_for_themselves(
    stranger: Page, world: World
) -> None:
    stranger.sign_in(world.url, "peter")
    stranger.see("Nothing is assigned to you")
    stranger.click(".ways button", "My groups")
    stranger.see("Nothing is offered to you")
    stranger.press("g m")
    stranger.click(".ways button", "New task")
    stranger.write("dialog [name=name]", "Water the plants")
    stranger.click("dialog button", "New task")
    stranger.see("The task is there.")

    stranger.wait_for("location.hash.includes('task=')")
    task = stranger.run("new URLSearchParams(location.hash.split('?')[1]).get('task')")
    assert world.get(task)["assignee"] == "peter"
    stranger.click("[data-action=complete]", "Complete")
    stranger.until(lambda: world.ended(task))


def test_whoever_may_only_read_is_offered_nothing_else(stranger: Page, world: World) -> None:
    world.ask("PUT", "/v1/forms/paper", FORM)
    kept = {"name": "Of others", "resourceType": "Task", "query": {}, "properties": {}}
    kept = world.ask("POST", "/filter/create", kept)
    values = {"approved": {"type": "Boolean", "value": True}}
    task = world.task("Only read", assignee="mary", variables=values)
    by_form = world.of_service("Form to read", assignee="mary", formKey="paper")
    world.ask("POST", f"/task/{task}/comment/create", {"message": "Look at this."})
    stranger.go(f"{world.url}/inbox/")
    told = stranger.asynchronous(f"fetch('{world.url}/v1/auth').then((each) => each.json())")
    scopes = [each for each in told["scopes"] if not each.endswith("tasks.write")]
    assert len(scopes) < len(told["scopes"])
    stranger.answer("*/v1/auth", 200, {**told, "scopes": scopes})
    stranger.go("about:blank")  # the page asks once
    stranger.sign_in(world.url, "mary", f"#/filter:{kept['id']}?task={task}")
    stranger.see("You may look at tasks, but not change them.")
    stranger.see("Look at this.")
    stranger.wait_for("document.querySelector('.variables pre')?.innerText === 'Yes'")
    stranger.wait_for("document.querySelector('.list h1')?.innerText === 'Of others'")
    offered = (
        ".new, .finish, .actions button, .new-comment, .new-variable, .drop, [data-variable],"
        " .list-head button .icon"
    )
    assert stranger.run(f"document.querySelectorAll({offered!r}).length") == 0
    stranger.unseen("Save as a filter")
    stranger.press("n c p")
    stranger.press("Control+Enter")
    assert stranger.run("document.querySelector('dialog, .toast')") is None

    stranger.go(f"{world.url}/inbox/#/mine?task={by_form}")
    stranger.see("Who delivers?")
    assert stranger.run(
        "[...document.querySelectorAll('.fjs-form input[type=text]')].every(each => each.readOnly)"
    )
    assert world.get(task)["assignee"] == "mary"
    world.ask("DELETE", f"/filter/{kept['id']}")


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


def test_a_sign_in_leads_back_to_the_place_that_was_opened(stranger: Page, world: World) -> None:
    stranger.sign_in(world.url, "mary", "#/groups")
    stranger.wait_for("document.querySelector('h1')?.innerText === 'My groups'")
    assert stranger.run("location.hash") == "#/groups"


def test_whoever_comes_back_is_told_when_one_signs_in_elsewhere_now(
    stranger: Page, world: World
) -> None:
    stranger.sign_in(world.url, "mary")
    told = stranger.asynchronous(f"fetch('{world.url}/v1/auth').then((each) => each.json())")
    stranger.answer("*/v1/auth", 200, {**told, "clientId": "another"})
    stranger.reload()
    stranger.see("Your sign-in has ended")
    assert stranger.run("Object.keys(sessionStorage).join()") == ""

    stranger.restore()
    stranger.reload()
    stranger.click("button", "Sign in")
    stranger.click("button", "mary")
    stranger.wait_for("Boolean(document.querySelector('.rows'))")
