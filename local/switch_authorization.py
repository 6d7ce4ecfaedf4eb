"""`make authorization`: prepares a table for another authorization (docs/authorization.md)."""

import argparse
import sys

from taskdock.adapters.dynamodb.switching import switch_authorization
from taskdock.domain.access import Authorization


def main() -> None:
    """Switch the table that the command line names, with the credentials of the shell."""
    import boto3

    parser = argparse.ArgumentParser(prog="make authorization", description=__doc__)
    parser.add_argument("table", help="the table's name, which the stack shows as TaskTableName")
    parser.add_argument("mode", choices=[*map(str, Authorization)])
    parser.add_argument("--endpoint", help="another address than AWS, for a local table")
    given = parser.parse_args()
    client = boto3.client("dynamodb", endpoint_url=given.endpoint)
    number = switch_authorization(client, given.table, Authorization(given.mode), _told)
    print(f"\r{number} open tasks are kept for Authorization={given.mode}")


def _told(number: int) -> None:
    if number % 100 == 0:
        print(f"\r{number} tasks", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
