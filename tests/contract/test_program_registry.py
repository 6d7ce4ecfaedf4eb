"""What every registry of programs promises."""

from typing import TYPE_CHECKING

import pytest
from taskdock.adapters.dynamodb.program_registry import DynamoDbProgramRegistry
from taskdock.use_cases.services.programs import Program, ProgramRegistry

from tests.support.in_memory_services import InMemoryProgramRegistry

if TYPE_CHECKING:
    from tests.support.tables import Table

WORKER = Program("worker", "Print w\u00f6rker", ("t1", "t2"), ("printer",))


@pytest.fixture(params=["in_memory", "dynoxide"])
def programs(request: pytest.FixtureRequest) -> ProgramRegistry:
    """Every registry there is, empty."""
    if request.param == "in_memory":
        return InMemoryProgramRegistry()
    table: Table = request.getfixturevalue("dynoxide_table")
    return DynamoDbProgramRegistry(table.client, table.name)


def test_an_unknown_program_is_none(programs: ProgramRegistry) -> None:
    assert programs.get("worker") is None
    assert [*programs.list()] == []


def test_a_program_comes_back_as_it_was_put_last(programs: ProgramRegistry) -> None:
    programs.put(WORKER)
    assert programs.get("worker") == WORKER

    programs.put(Program("worker", "gone", removed=True))

    assert programs.get("worker") == Program("worker", "gone", (), (), removed=True)


def test_programs_are_listed_by_client_id(programs: ProgramRegistry) -> None:
    for client_id in ("b", "a", "C"):
        programs.put(Program(client_id, client_id))

    assert [each.client_id for each in programs.list()] == ["C", "a", "b"]
