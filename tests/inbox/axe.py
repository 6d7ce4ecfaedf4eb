"""What axe-core finds on a page: rules of WCAG 2.2, A and AA, and good practice, as far as they
are broken.
"""

import json
from pathlib import Path
from typing import Any, Final

from tests.inbox.page import Page

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
    options = json.dumps({"runOnly": rules, "resultTypes": ["violations"]})
    # What moves is on its way to another place and colour.
    settled = "Promise.allSettled(document.getAnimations().map(each => each.finished))"
    violations = page.asynchronous(
        f"{settled}.then(() => axe.run(document, {options})).then(result => result.violations)"
    )
    return [
        f"{each['id']}: {' '.join(map(str, node['target']))}: "
        f"{' '.join(node['failureSummary'].split())}"
        for each in violations
        for node in each["nodes"]
    ]
