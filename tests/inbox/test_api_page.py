"""The API to try: its description in a viewer, asked as the person who is signed in."""

import json
from typing import Final

from local.settings import REPOSITORY
from tests.inbox.conftest import World
from tests.inbox.page import Page

DESCRIPTION: Final = REPOSITORY / "docs" / "openapi.json"


def describe(page: Page, path: str) -> None:
    """From now on the viewer has one path alone: to draw them all takes seconds. All of them, for
    somebody who comes from the inbox and is signed in, are a view of `test_accessibility`.
    """
    description = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    description["paths"] = {path: description["paths"][path]}
    page.answer("*/assets/openapi-*", 200, description)


def execute(page: Page, operation: str) -> None:
    """Try an operation without parameters."""
    page.click(f"#operations-{operation} .opblock-summary-control")
    page.click(f"#operations-{operation} .execute")
    page.wait_for(
        f"Boolean(document.querySelector('#operations-{operation} .live-responses-table'))"
    )


def answer(page: Page, operation: str) -> str:
    shown: str = page.run(
        f"document.querySelector('#operations-{operation} .live-responses-table').innerText"
    )
    return shown


def open_tag(page: Page, tag: str) -> None:
    page.wait_for(
        f"""(() => {{
          const section = document.querySelector("#operations-tag-{tag}");
          if (section?.dataset.isOpen === "false") section.click();
          return section?.dataset.isOpen === "true";
        }})()"""
    )


def test_a_stranger_reads_is_refused_and_makes_a_call_after_signing_in_there(
    stranger: Page, world: World
) -> None:
    describe(stranger, "/v1/me")
    stranger.go(f"{world.url}/docs")
    stranger.see("Not signed in")
    assert stranger.run("location.pathname") == "/inbox/docs/"
    stranger.see("OAS 3.1")
    assert world.url in stranger.run("document.querySelector('.servers').innerText")
    open_tag(stranger, "me")
    execute(stranger, "me-get_v1_me")
    assert "401" in answer(stranger, "me-get_v1_me")

    stranger.click("#session", "Sign in")
    stranger.click("button", "mary")
    stranger.see("Signed in as mary")
    assert stranger.run("location.pathname + location.search") == "/inbox/docs/"
    open_tag(stranger, "me")
    execute(stranger, "me-get_v1_me")
    assert '"id": "mary"' in answer(stranger, "me-get_v1_me")

    stranger.click("#session", "Sign out")
    stranger.see("Not signed in")
