"""docs/clients.md says of each client which of its calls work, as its program finds out."""

import os

import pytest

from api_description.documents import marked
from local.service import LocalService
from tests.clients.calls import PAGE, PROGRAMS, Program, outcomes
from tests.support.npm_packages import Unavailable


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda each: each.client)
def test_the_table_says_what_the_clients_calls_come_to(
    program: Program, service: LocalService
) -> None:
    try:
        table = outcomes(program, service)
    except Unavailable as reason:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{program.client} cannot be tried: {reason}")
        pytest.skip(f"{program.client} cannot be tried: {reason}")

    assert marked(program.section, table) in PAGE.read_text(encoding="utf-8")
