"""Erases a task or a person: `make erase TASK=… PERSON=… URL=…` (docs/erasure.md)."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from local.console import say
from local.import_file import Refused, answer_of, local_token

type Send = Callable[[Mapping[str, str]], Mapping[str, Any]]
"""Sends one request and gives the service's answer; raises `Refused`."""


def erase(wanted: Mapping[str, str], send: Send, progress: Callable[[str], None]) -> int:
    """Ask until all is done, and say what remains; returns how many tasks were erased or
    changed."""
    tasks = 0
    token: str | None = None
    while True:
        answer = send(wanted if token is None else {**wanted, "pageToken": token})
        tasks += int(answer["tasks"])
        token = answer["nextPageToken"]
        progress(f"{tasks} tasks{'' if token else ', done'}")
        if token is None:
            break
    progress("what remains:")
    for each in answer["remains"]:
        days = each["days"]
        progress(f"  {each['place']}: {'until it is removed' if days is None else f'{days} days'}")
    return tasks


def main(arguments: Sequence[str]) -> int:
    """Erase what the arguments name; the exit code."""
    parser = argparse.ArgumentParser(prog="make erase", description=__doc__)
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--task")
    wanted.add_argument("--person")
    parser.add_argument("--url", default="http://127.0.0.1:3008", help="where the service is")
    parser.add_argument("--as", dest="user", default="demo", help="an admin of the local service")
    options = parser.parse_args(arguments)
    base_url = options.url.rstrip("/")
    body = {"taskId": options.task} if options.task else {"userId": options.person}
    try:
        # Of a deployed service the token comes from outside, and not on a command line.
        token = os.environ.get("TOKEN") or local_token(base_url, options.user)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

        def send(request: Mapping[str, str]) -> Mapping[str, Any]:
            text = json.dumps(request).encode()
            answer: Mapping[str, Any] = answer_of(f"{base_url}/v1/erasures", text, headers)
            return answer

        erase(body, send, say)
    except Refused as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
