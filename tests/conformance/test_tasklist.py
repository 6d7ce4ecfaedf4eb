"""Every recorded scenario of what a task list calls beside tasks, with every answer."""

from collections.abc import Callable
from typing import Final

import pytest

from tests.conformance.comparing import scenario_verdict
from tests.conformance.recordings import tasklist, world
from tests.conformance.report import (
    TASK_LISTS,
    disagreements,
    scenario_section,
    section_on_page,
)
from tests.conformance.serving import Behind, serving

_PATIENCE: Final = {Behind.MEMORY: 1, Behind.TABLE: 50}
"""How often a step is asked that the reader of the stream has to write first."""


@pytest.mark.parametrize("behind", Behind)
def test_every_scenario_goes_as_recorded(
    behind: Behind,
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
) -> None:
    if behind is Behind.TABLE:
        request.getfixturevalue("dynoxide_endpoint")  # skips where it cannot be had
    with serving(world(), behind) as client:
        verdicts = [
            scenario_verdict(scenario, client, _PATIENCE[behind]) for scenario in tasklist()
        ]
    steps = sum(len(scenario.steps) for scenario in tasklist())
    record_property("summary", f"conformance: {len(verdicts)} task lists, {steps} steps, {behind}")

    told = disagreements(verdicts)
    assert not told, "\n".join(told)
    assert section_on_page(TASK_LISTS) == scenario_section(tasklist(), verdicts, TASK_LISTS)
