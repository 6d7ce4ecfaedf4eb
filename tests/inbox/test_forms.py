"""A task with a registered form: it is checked before it is sent, and kept while it is not."""

from typing import Final

from tests.inbox.conftest import World
from tests.inbox.page import Page

FORM: Final = {
    "type": "default",
    "components": [
        {
            "type": "textfield",
            "key": "supplier",
            "label": "Who delivers?",
            "id": "supplier",
            "validate": {"required": True},
        },
        {"type": "number", "key": "sheets", "label": "How many sheets?", "id": "sheets"},
    ],
}


def test_a_form_is_checked_kept_over_a_reload_and_completes_the_task(
    demo: Page, world: World
) -> None:
    world.ask("PUT", "/v1/forms/refill", FORM)
    order = {
        "name": "Refill by form",
        "formKey": "refill",
        "assignee": "demo",
        "metadata": {"sheets": 500},
    }
    task = world.ask("POST", "/v1/services/operator-p4/tasks", order)["tid"]
    demo.go(f"{world.url}/inbox/#/mine?task={task}")
    demo.see("Who delivers?")

    demo.click("[data-action=complete]")
    demo.see("Field is required.")
    assert not world.ended(task)

    demo.write(".fjs-has-errors input", "Acme")
    demo.until(lambda: bool(demo.run("Object.values(localStorage).join().includes('Acme')")))
    demo.reload()
    demo.wait_for("document.querySelector('.fjs-form input')?.value === 'Acme'")
    demo.click("[data-action=complete]")
    demo.until(lambda: world.ended(task))

    kept = world.ask("GET", f"/history/variable-instance?taskIdIn={task}")
    assert {each["name"]: each["value"] for each in kept} == {"sheets": 500, "supplier": "Acme"}
