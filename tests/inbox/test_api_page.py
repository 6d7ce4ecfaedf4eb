"""The API to try: its description in a viewer, asked as the person who is signed in."""

from collections.abc import Iterator

import pytest

from tests.inbox.conftest import World
from tests.inbox.page import Page


@pytest.fixture
def page(program: str, world: World) -> Iterator[Page]:
    """The page with the API, opened by nobody yet."""
    with Page(program) as page:
        page.go(f"{world.url}/docs")
        page.see("Not signed in")
        yield page
        assert page.refused() == []


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


def test_a_stranger_reads_the_description_and_is_refused(page: Page, world: World) -> None:
    assert page.run("location.pathname") == "/inbox/docs/"
    page.see("OAS 3.1")
    open_tag(page, "me")
    execute(page, "me-get_v1_me")

    assert "401" in answer(page, "me-get_v1_me")
    assert world.url in page.run("document.querySelector('.servers').innerText")


def test_a_call_is_made_as_whoever_has_signed_in_there(page: Page) -> None:
    page.click("#session", "Sign in")
    page.click("button", "mary")
    page.see("Signed in as mary")
    assert page.run("location.pathname + location.search") == "/inbox/docs/"
    open_tag(page, "me")
    execute(page, "me-get_v1_me")

    assert '"id": "mary"' in answer(page, "me-get_v1_me")
    page.click("#session", "Sign out")
    page.see("Not signed in")


def test_who_comes_from_the_inbox_is_signed_in(demo: Page, world: World) -> None:
    demo.go(f"{world.url}/inbox/docs/")
    demo.see("Signed in as demo")
