"""The templates in docs/samples say what the bus says, and their states lead somewhere."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from taskdock.domain.events.task_events import EVENTS, SOURCE

from local.optional_parts import load_with_every_part
from local.settings import REPOSITORY
from local.template import Template

SAMPLES: Final = REPOSITORY / "docs" / "samples"
PAGE: Final = REPOSITORY / "docs" / "triggering-services.md"
EVERY_SAMPLE = pytest.mark.parametrize(
    "path", sorted(SAMPLES.glob("*.yaml")), ids=lambda path: path.stem
)


def ours(template: Template) -> Iterator[Mapping[str, Any]]:
    """The patterns of rules for our events."""
    for rule in template.resources("AWS::Events::Rule").values():
        if rule["EventPattern"]["source"] == [SOURCE]:
            yield rule["EventPattern"]


@EVERY_SAMPLE
def test_rules_wait_for_events_that_there_are_of_one_service_or_of_none(path: Path) -> None:
    patterns = list(ours(Template.load(path)))

    assert patterns
    for pattern in patterns:
        assert set(pattern["detail-type"]) <= {event.__name__ for event in EVENTS}
        assert pattern["detail"] in (
            {"service": [{"Ref": "Service"}]},
            {"service": [{"exists": False}]},
        )


@EVERY_SAMPLE
def test_every_state_leads_to_states_that_are_there_and_can_be_reached(path: Path) -> None:
    for machine in Template.load(path).resources("AWS::StepFunctions::StateMachine").values():
        states: Mapping[str, Any] = machine["Definition"]["States"]
        reached = {machine["Definition"]["StartAt"]}
        for state in states.values():
            reached |= set(following(state))
        assert reached == set(states)


def following(state: Mapping[str, Any]) -> Iterator[str]:
    """The states that may come after this one."""
    for choice in (state, *state.get("Choices", ()), *state.get("Catch", ())):
        yield from (choice[key] for key in ("Next", "Default") if key in choice)


@EVERY_SAMPLE
def test_the_page_names_every_sample(path: Path) -> None:
    assert f"(samples/{path.name})" in PAGE.read_text(encoding="utf-8")


def test_the_page_names_pieces_that_are_in_the_template() -> None:
    template = load_with_every_part(REPOSITORY / "template.yaml")
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"]
    named = {name.strip("` ") for row in rows for name in row.split("|")[1].split(",")}

    assert named
    assert named <= set(template.section("Resources"))
