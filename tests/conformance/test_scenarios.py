"""Every recorded scenario, each step with its whole answer."""

from collections.abc import Callable

import pytest

from tests.conformance.comparing import scenario_verdict
from tests.conformance.recordings import scenarios, world
from tests.conformance.report import SCENARIOS, disagreements, scenario_section, section_on_page
from tests.conformance.serving import Behind, serving


@pytest.mark.parametrize("behind", Behind)
def test_every_scenario_goes_as_recorded(
    behind: Behind,
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
) -> None:
    if behind is Behind.TABLE:
        request.getfixturevalue("dynoxide_endpoint")  # skips where it cannot be had
    with serving(world(), behind) as client:
        verdicts = [scenario_verdict(scenario, client) for scenario in scenarios()]
    steps = sum(len(scenario.steps) for scenario in scenarios())
    record_property("summary", f"conformance: {len(verdicts)} scenarios of {steps} steps, {behind}")

    told = disagreements(verdicts)
    assert not told, "\n".join(told)
    assert section_on_page(SCENARIOS) == scenario_section(scenarios(), verdicts)
