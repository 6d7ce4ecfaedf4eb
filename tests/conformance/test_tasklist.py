"""Every recorded scenario of what a task list calls beside tasks, with every answer."""

from collections.abc import Callable
from typing import Final

import pytest

from tests.conformance.comparing import scenario_verdict
from tests.conformance.recordings import tasklist, world
from tests.conformance.report import disagreements
from tests.conformance.serving import Behind, serving

NOT_YET: Final = frozenset(f"tasklist-{number}" for number in (*range(18, 32), 40))
"""Scenarios with steps that are not answered as recorded yet."""


@pytest.mark.parametrize("behind", [Behind.MEMORY])
def test_every_scenario_goes_as_recorded(
    behind: Behind,
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
) -> None:
    if behind is Behind.TABLE:
        request.getfixturevalue("dynoxide_endpoint")  # skips where it cannot be had
    with serving(world(), behind) as client:
        verdicts = [scenario_verdict(scenario, client) for scenario in tasklist()]
    steps = sum(len(scenario.steps) for scenario in tasklist())
    record_property("summary", f"conformance: {len(verdicts)} task lists, {steps} steps, {behind}")

    told = disagreements([each for each in verdicts if each.case not in NOT_YET])
    assert not told, "\n".join(told)
    assert {each.case for each in verdicts if each.problems} == NOT_YET
