"""What speaks against switching now, and what to do to switch and to go back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from migration.http_client import Connection
from migration.journal import State
from migration.old_server import OldServer

_STEPS: Final = """\
To switch:
 1. Stop what writes to the old server: the clients, and the programs that start processes.
 2. Bring over what changed:   python -m migration copy {source} {target} --folder {folder}
 3. Compare once more:         python -m migration verify {source} {target} --folder {folder}
 4. Give the clients the base URL {target} and tokens in place of passwords.
 5. Note it:                   python -m migration switch {source} {target} --folder {folder} --done
    From then on copy refuses to run, since it would undo what clients do on taskdock.
 6. Where processes have to go on, an event completes their tasks in the old engine
    (docs/samples/complete-in-camunda.yaml), and what the engine makes next is brought over, every
    minute or so:
    python -m migration copy {source} {target} --folder {folder} --only-new

To go back:
 1. Stop the clients, and give them {source} again.
 2. Tasks that were completed on taskdock meanwhile are open on the old server, unless the event of
    step 6 completed them there; complete them there before anybody sees them.
 3. Note it:                   python -m migration switch {source} {target} --folder {folder} --back
    The next copy makes taskdock as the old server is."""


def objections(old: OldServer, target: Connection, journal: State) -> list[str]:
    """What is not ready yet, each in a line; raises `Trouble` when a server does not answer."""
    return [*_objections(old, target, journal)]


def _objections(old: OldServer, target: Connection, journal: State) -> Iterator[str]:
    addresses = (old.connection.base_url, target.base_url)
    if (journal.source, journal.target) != addresses:
        yield f"the journal is of {journal.source or 'no copy'}, not of {' to '.join(addresses)}"
        return
    if journal.begun:
        yield f"{len(journal.begun)} tasks were sent without an answer: run copy again"
    ended = journal.ended & journal.moved.keys()
    if ended:
        yield f"{len(ended)} tasks have ended and are open on taskdock: copy --remove-ended"
    known = len(journal.moved.keys() - journal.ended) + len(journal.refused)
    open_now = old.count("/task/count")
    if open_now != known:
        yield f"{open_now} tasks are open and the copy knows {known}: run copy again"
    there = OldServer(target).count("/task/count")
    if there < len(journal.moved.keys() - journal.ended):
        yield f"taskdock shows {there} tasks of {len(journal.moved)} that were moved: run verify"


def steps(source: str, target: str, folder: Path) -> str:
    """The list of what to do, with commands, and back."""
    return _STEPS.format(source=source, target=target, folder=folder)
