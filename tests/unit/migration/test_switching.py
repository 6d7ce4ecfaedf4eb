"""The switch waits for what is not ready, and can be taken back."""

from pathlib import Path

import pytest

from migration.http_client import Connection, Sent, Trouble
from migration.journal import Journal, Moved, State
from migration.old_server import OldServer
from migration.switching import objections, steps
from tests.support.old_camunda import NEW, OLD, TwoServers, said, shown


def against(state: State, there: int = 2) -> list[str]:
    servers = TwoServers(shown("a"), shown("b", 1))

    def target(request: Sent) -> object:
        return said({"count": there}) if request.url.startswith(NEW) else None

    servers.faults = target  # type: ignore[assignment]
    old = OldServer(Connection(OLD, {}, servers, lambda _seconds: None))
    return objections(old, Connection(NEW, {}, servers, lambda _seconds: None), state)


def state() -> State:
    return State(source=OLD, target=NEW, moved={"a": Moved("1"), "b": Moved("2")})


def test_nothing_speaks_against_a_copy_that_is_complete() -> None:
    assert against(state()) == []


def test_what_is_not_ready_is_said() -> None:
    assert "the journal is of no copy" in against(State())[0]
    unsure = state()
    unsure.begun.add("a")
    assert against(unsure) == ["1 tasks were sent without an answer: run copy again"]
    missing = state()
    del missing.moved["b"]
    assert against(missing) == ["2 tasks are open and the copy knows 1: run copy again"]
    ended = state()
    ended.moved["c"] = Moved("3")
    ended.ended.add("c")
    [line] = against(ended)
    assert line.startswith("1 tasks have ended and are open on taskdock")
    assert against(state(), there=1) == ["taskdock shows 1 tasks of 2 that were moved: run verify"]


def test_the_steps_name_both_servers() -> None:
    assert f"copy {OLD} {NEW} --folder data" in steps(OLD, NEW, Path("data"))


def test_a_copy_runs_again_after_going_back(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.bind(OLD, NEW)
        journal.switched()
        with pytest.raises(Trouble, match="the switch was made"):
            journal.bind(OLD, NEW)
        journal.returned()
        journal.bind(OLD, NEW)
    with Journal(tmp_path) as journal:
        assert not journal.state.switched
