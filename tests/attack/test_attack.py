"""The attack in short; `make nightly` sends many more mutated requests."""

from tests.attack import doors, mutations, tokens
from tests.attack.world import attacked

SEED = 1
MUTATED = 500


def test_nothing_gets_through(dynoxide_endpoint: str) -> None:
    assert dynoxide_endpoint  # its fixture skips where dynoxide cannot be had
    with attacked() as world:
        found = {
            "tokens": tokens.attack(world),
            "paths": doors.through_paths(world),
            "references": doors.by_reference(world),
            "equality": doors.equality(world),
            "bisection": doors.bisection(world),
        }
        statuses, faults = mutations.attack(world, MUTATED, SEED)

    assert {name: faults for name, (_, faults) in found.items() if faults} == {}
    assert all(sent for sent, _ in found.values())
    assert faults == [], f"seed {SEED}"
    assert statuses[200]
    assert statuses[400]
