"""docs/clients.md says of the Tasklist what its tests show, no more and no less."""

import ast
import re
from typing import Final

from local.settings import REPOSITORY

PAGE: Final = REPOSITORY / "docs" / "clients.md"
TESTS: Final = REPOSITORY / "tests" / "tasklist" / "test_tasklist.py"


def test_the_table_has_a_row_for_each_test_and_no_other() -> None:
    shown = re.findall(
        r"^\| (.+?) \| `(test_\w+)` \| `.+` \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    module = ast.parse(TESTS.read_text(encoding="utf-8"))
    tests = {
        node.name
        for node in module.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }

    assert {name for _, name in shown} == tests
