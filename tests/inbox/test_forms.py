"""A task with a registered form: it is checked before it is sent, and kept while it is not."""

from typing import Any

import pytest

from tests.inbox.conftest import World
from tests.inbox.page import Page
from tests.inbox.samples import FORM
from tests.inbox.views import open_task

SUPPLIER = ".fjs-form input[type=text]"


def by_form(page: Page, world: World, **values: Any) -> str:
    """A task of demo's with the form, shown."""
    world.ask("PUT", "/v1/forms/paper", FORM)
    task = world.of_service("By form", assignee="demo", formKey="paper", metadata=values)
    open_task(page, world, task)
    page.see("Who delivers?")
    return task


def sent(world: World, task: str) -> dict[str, Any]:
    """The values of an ended task by their names."""
    kept = world.ask("GET", f"/history/variable-instance?taskIdIn={task}")
    return {each["name"]: each["value"] for each in kept}


def test_a_form_is_checked_kept_over_a_reload_and_completes_the_task(
    demo: Page, world: World
) -> None:
    task = by_form(demo, world, sheets=500)
    demo.click("[data-action=complete]")
    demo.see("Field is required.")
    demo.wait_for("document.activeElement.matches('.fjs-has-errors input')")
    assert demo.run("document.querySelectorAll('.finish button').length") == 1
    assert not world.ended(task)

    demo.type("Acme")
    demo.reload()
    demo.wait_for(f"document.querySelector({SUPPLIER!r})?.value === 'Acme'")
    demo.click("label", "It is urgent")
    demo.click("label", "Grey")
    demo.click("[data-action=complete]")
    demo.until(lambda: world.ended(task))
    got = {name: value for name, value in sent(world, task).items() if value not in (None, "")}
    assert got == {"sheets": 500, "supplier": "Acme", "urgent": True, "colour": "grey"} | {
        name: value for name, value in got.items() if value == "[]"
    }


def test_each_key_counts_from_the_refusal_to_the_completion(demo: Page, world: World) -> None:
    task = by_form(demo, world)
    for text in "Ac":
        demo.click("[data-action=complete]")
        demo.focus(SUPPLIER)
        demo.run(f"document.querySelector({SUPPLIER!r}).select()")
        demo.press("Backspace")
        demo.click("[data-action=complete]")
        demo.press(text)
        assert demo.run(f"document.querySelector({SUPPLIER!r}).value") == text
        demo.see("Who delivers?")
        demo.run(f"document.querySelector({SUPPLIER!r}).select()")
        demo.press("Backspace")
    demo.press("A")
    demo.press("c m e Control+Enter")
    demo.until(lambda: world.ended(task))
    assert sent(world, task)["supplier"] == "Acme"


def test_what_is_saved_stays_in_the_form_and_is_no_draft(demo: Page, world: World) -> None:
    task = by_form(demo, world, supplier="Acme")
    demo.write(SUPPLIER, "Bolt")
    demo.click(".finish button", "Save")
    demo.see("Saved.")
    demo.wait_for("document.querySelectorAll('.finish button').length === 1")
    assert demo.run(f"document.querySelector({SUPPLIER!r}).value") == "Bolt"
    demo.write(SUPPLIER, "Cord")
    demo.click(".finish button", "Discard")
    demo.wait_for(f"document.querySelector({SUPPLIER!r})?.value === 'Bolt'")
    demo.click("[data-action=complete]")
    demo.until(lambda: world.ended(task))
    assert sent(world, task)["supplier"] == "Bolt"


def test_a_value_that_does_not_fit_is_named_and_stays(demo: Page, world: World) -> None:
    task = by_form(demo, world, supplier="Acme", sheets="plenty", size="a9", colour="grey")
    demo.see("The form has no place for the value of: sheets, size.")
    demo.write(".fjs-form-field-number input", "7")
    demo.click("[data-action=complete]")
    demo.until(lambda: world.ended(task))
    got = sent(world, task)
    assert (got["sheets"], got["size"], got["colour"]) == (7, "a9", "grey")


def test_what_the_service_refuses_of_a_form_is_told(demo: Page, world: World) -> None:
    task = by_form(demo, world, supplier="Acme")
    message = {"type": "InvalidRequestException", "message": "supplier: is no supplier"}
    demo.answer("*/submit-form", 400, message)
    demo.write(SUPPLIER, "Nobody")
    demo.click("[data-action=complete]")
    demo.see("supplier: is no supplier")
    assert demo.run(f"document.querySelector({SUPPLIER!r}).value") == "Nobody"
    demo.restore()
    demo.click("[data-action=complete]")
    demo.until(lambda: world.ended(task))


def test_what_somebody_else_changes_is_in_the_form_beside_what_one_types(
    demo: Page, world: World
) -> None:
    task = by_form(demo, world, supplier="Acme", sheets=5)
    demo.write(SUPPLIER, "Bo")
    values = {"modifications": {"sheets": {"value": 9, "type": "Integer"}}}
    world.ask("POST", f"/task/{task}/variables", values, user="mary")
    demo.pass_time(10)
    demo.wait_for("document.querySelector('.fjs-form-field-number input')?.value === '9'")
    demo.type("lt")
    assert demo.run("document.activeElement.value") == "Bolt"
    demo.click("[data-action=complete]")
    demo.until(lambda: world.ended(task))
    got = sent(world, task)
    assert (got["supplier"], got["sheets"]) == ("Bolt", 9)


@pytest.mark.parametrize("kind", ["unheard"])
def test_a_form_that_cannot_be_shown_leaves_a_field_for_each_variable(
    demo: Page, world: World, kind: str
) -> None:
    form = {"type": "default", "components": [{"type": kind, "id": "x", "key": "x"}]}
    world.ask("PUT", "/v1/forms/unheard", form)
    task = world.of_service(
        "Unheard", assignee="demo", formKey="unheard", metadata={"amount": 5, "x": 1}
    )
    open_task(demo, world, task)
    demo.see("Its form cannot be shown")
    demo.write("[data-variable=amount]", "6")
    demo.click("[data-action=complete]")
    demo.until(lambda: world.ended(task))
    assert sent(world, task)["amount"] == 6
