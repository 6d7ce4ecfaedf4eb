"""axe-core finds nothing in any view, in the light and in the dark, at a desk and on a phone."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from tests.inbox.conftest import World
from tests.inbox.page import DESKTOP, PHONE, Page
from tests.inbox.windows import VIEWS

PROGRAM: Final = "node_modules/axe-core/axe.min.js"
"""Below the page's project."""

ALL: Final = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
COLOURS: Final = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""What another colour scheme changes."""


def found(page: Page, project: Path, rules: dict[str, Any] = ALL) -> list[str]:
    """A line for each element that breaks a rule: the rule, the element's selector, and why."""
    if not page.run("Boolean(window.axe)"):
        page.run((project / PROGRAM).read_text(encoding="utf-8") + ";0")
    # No rule that is on reads style sheets or films, which would be fetched for each run.
    options = {"runOnly": rules, "resultTypes": ["violations"], "preload": False}
    # What moves is on its way to another place and colour.
    settled = "Promise.allSettled(document.getAnimations().map(each => each.finished))"
    violations = page.asynchronous(
        f"{settled}.then(() => axe.run(document, {json.dumps(options)}))"
        ".then(result => result.violations)"
    )
    return [
        f"{each['id']}: {' '.join(map(str, node['target']))}: "
        f"{' '.join(node['failureSummary'].split())}"
        for each in violations
        for node in each["nodes"]
    ]


SIZES = {"desk": DESKTOP, "phone": PHONE}


IS_LEFT = """
Boolean(document.querySelector('.gate')) || !document.querySelector('.app .rows')
  || document.documentElement.dataset.density === 'dense'
"""


@pytest.fixture
def page(_demo: Page, world: World) -> Page:
    """My tasks; the page is the one of the view before where that has not left it."""
    _demo.restore()
    _demo.connected(is_connected=True)
    _demo.resize(*DESKTOP)
    _demo.prefer(prefers_reduced_motion="reduce")
    if _demo.run(IS_LEFT):
        _demo.home(world.url, "demo")
    _demo.run("document.querySelectorAll('dialog[open]').forEach((each) => each.close())")
    _demo.go(f"{world.url}/inbox/#/mine")
    _demo.wait_for("!document.querySelector('dialog') && location.hash === '#/mine'")
    return _demo


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_found(page: Page, world: World, built: Path, view: str) -> None:
    VIEWS[view](page, world)
    findings = []
    for size, window in SIZES.items():
        page.resize(*window)
        for scheme, rules in (("light", ALL), ("dark", COLOURS)):
            page.prefer(prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
            findings += [f"{size}, {scheme}: {each}" for each in found(page, built.parent, rules)]

    assert not findings, "\n".join(findings)
