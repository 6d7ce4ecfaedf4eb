"""Leave a Camunda 7 server: `python -m migration COMMAND …`."""

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from migration import commands
from migration.http_client import Trouble
from migration.shadow.command import add_options, shadow

_OLD: Final = "the REST API of the old server: https://host/engine-rest"
_NEW: Final = "the address of taskdock, with its BASE_PATH"


def main(arguments: Sequence[str]) -> int:
    """Run one command; 0 when it did all, 3 when something is left, 1 when it stopped."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except Trouble as problem:
        sys.stderr.write(f"\n{problem}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted; the same command goes on where it stopped\n")
        return 130
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m migration", description=__doc__)
    some = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace], int], says: str, target: bool = True
    ) -> argparse.ArgumentParser:
        one = some.add_parser(name, help=says, description=says)
        one.add_argument("source", help=_OLD)
        if target:
            one.add_argument("target", help=_NEW)
        one.add_argument("--folder", type=Path, default=Path("migration-data"), help="its files")
        one.add_argument("--rate", type=float, default=0, help="requests a second to the old one")
        one.add_argument("--timeout", type=float, default=60, help="seconds to wait for an answer")
        one.set_defaults(run=run)
        return one

    command("inspect", commands.inspect, "say what would move and what not", target=False)
    copy = command("copy", commands.copy, "bring the open tasks to the target")
    copy.add_argument(
        "--remove-ended", action="store_true", help="delete what has ended on the old server"
    )
    copy.add_argument(
        "--only-new", action="store_true", help="bring only tasks that were never moved"
    )
    verify = command("verify", commands.verify, "compare every task and the answers to queries")
    verify.add_argument("--queries", type=Path, help="a file of bodies of POST /task, one a line")
    verify.add_argument("--random", type=int, default=500, help="how many random queries to ask")
    verify.add_argument("--seed", type=int, default=1, help="which random queries")
    add_options(command("shadow", shadow, "ask the target what clients ask the old server"))
    switch = command("switch", commands.switch, "say what to do, in which order, and how back")
    either = switch.add_mutually_exclusive_group()
    either.add_argument("--done", action="store_true", help="clients use the target now")
    either.add_argument("--back", action="store_true", help="clients use the old server again")
    return parser


if __name__ == "__main__":
    # A service manager ends a program by SIGTERM: what is at hand is written as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main(sys.argv[1:]))
