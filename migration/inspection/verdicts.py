"""What a copy does with each kind of thing, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from migration.inspection.surroundings import Surroundings
from migration.inspection.tally import Tally

MOVES: Final = "moves"
IN_PART: Final = "moves in part"
STAYS: Final = "does not move"
BY_HAND: Final = "by hand"

_ENGINE_ONLY: Final = (
    "jobs and timers",
    "external tasks",
    "event subscriptions",
    "incidents",
    "batches",
    "decision definitions",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A kind of thing, how many there are, and what becomes of them."""

    kind: str
    count: int
    verdict: str
    why: str


def verdicts(tally: Tally, around: Surroundings) -> list[Verdict]:
    """The verdicts on all kinds of which there is something."""
    found = [*_on_tasks(tally), *_on_parts(tally), *_on_the_rest(around)]
    return [each for each in found if each.count]


def _on_tasks(tally: Tally) -> Iterator[Verdict]:
    kinds = tally.kinds
    yield Verdict("standalone tasks", kinds["standalone"], MOVES, "with their ids and all facts")
    yield Verdict(
        "tasks of processes",
        kinds["process"],
        IN_PART,
        "the task moves; its process stays, and an event has to complete the task there"
        " where the process is to go on",
    )
    yield Verdict(
        "tasks of cases",
        kinds["case"],
        IN_PART,
        "the task moves; its case stays, and an event has to complete the task there",
    )
    yield Verdict(
        "tasks over a limit", len(tally.refused), STAYS, "names or ids are longer than is taken"
    )
    yield Verdict("suspended tasks", tally.states["suspended"], MOVES, "and stay suspended")


def _on_parts(tally: Tally) -> Iterator[Verdict]:
    serialized = tally.variables["Object (serialized Java)"]
    yield Verdict(
        "variables", tally.variables.total() - serialized, MOVES, "with their types and scopes"
    )
    yield Verdict(
        "variables that are serialized Java objects",
        serialized,
        STAYS,
        "only the program that wrote them can read them; write them as JSON first",
    )
    over = sum(left.what.startswith("variable ") for left in tally.left) - serialized
    yield Verdict(
        "variables that make a task too large", max(over, 0), STAYS, "a task has at most 300 KB"
    )
    yield Verdict("comments", tally.comments, MOVES, "with ids, authors and times")
    large = tally.attachments["more than 4.4 MB"]
    yield Verdict(
        "attachments",
        tally.attachments.total() - large,
        MOVES,
        "with their content; those over 280 KB get new ids and the time of the copy",
    )
    yield Verdict(
        "attachments over 4.4 MB", large, STAYS, "keep them elsewhere and attach their addresses"
    )


def _on_the_rest(around: Surroundings) -> Iterator[Verdict]:
    counts = {name: count or 0 for name, count in around.counts.items()}
    yield Verdict(
        "filters", counts["filters"], MOVES, "with new ids; what cannot run here is listed"
    )
    yield Verdict(
        "users and groups",
        counts["users"] + counts["groups"],
        IN_PART,
        "as files for the user pool's import; passwords stay",
    )
    yield Verdict("tenants", counts["tenants"], BY_HAND, "a group tenant:<id> for each")
    yield Verdict(
        "authorizations",
        counts["authorizations"],
        STAYS,
        "who sees a task is said by its links and tenant",
    )
    yield Verdict(
        "process and case instances",
        counts["process instances"] + counts["case instances"],
        STAYS,
        "there is no engine; the tasks keep their ids, keys and variables",
    )
    for name in _ENGINE_ONLY:
        yield Verdict(name, counts[name], STAYS, "they are the engine's")
    for name in ("scripts", "task listeners", "execution listeners", "timers"):
        count = sum(each["runs"].get(name, 0) for each in around.definitions.values())
        yield Verdict(
            f"{name} in definitions with open tasks", count, STAYS, "nothing runs them any more"
        )
    yield Verdict(
        "ended tasks in the history",
        counts["ended tasks in the history"],
        STAYS,
        "open tasks alone are copied",
    )
