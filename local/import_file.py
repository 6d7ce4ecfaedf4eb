"""Imports a file of tasks: `make import FILE=tasks.json`.

The file holds `{"tasks": […]}`, as the body of `POST /v1/import` does, or the list alone. It may
be larger than one request: it is sent in pieces, each of them checked as a whole by the service
before it writes any of it.
"""

import argparse
import json
import os
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from local.console import say

PIECE: Final = 256 * 1024
"""Bytes of entries in one request: some 200 tasks, written in seconds on any machine."""

_SHOWN: Final = 1000
_PLACE: Final = re.compile(r"\btasks\[(\d+)\]")


class Refused(Exception):
    """A piece was refused; the message says why."""


def entries_of(content: object) -> list[Any]:
    """The entries in the file's content; raises `Refused` when it is no import."""
    entries = content.get("tasks") if isinstance(content, dict) else content
    if not isinstance(entries, list):
        raise Refused('the file holds neither {"tasks": […]} nor a list')
    return entries


def pieces(entries: Sequence[Any], size: int = PIECE) -> Iterator[tuple[int, Sequence[Any]]]:
    """The entries in pieces of at most `size` bytes, each with the index of its first entry.

    An entry that is larger by itself is a piece of its own.
    """
    first, filled = 0, 0
    for index, entry in enumerate(entries):
        length = len(json.dumps(entry, ensure_ascii=False).encode("utf-8", "surrogatepass")) + 2
        if index > first and filled + length > size:
            yield first, entries[first:index]
            first, filled = index, 0
        filled += length
    if first < len(entries):
        yield first, entries[first:]


def import_entries(
    entries: Sequence[Any],
    send: Callable[[bytes], Mapping[str, int]],
    progress: Callable[[str], None],
) -> Mapping[str, int]:
    """How many were imported and skipped; `progress` is called after each piece. Raises `Refused`
    for the first refused piece, with the index in the whole file.
    """
    counts = {"imported": 0, "skipped": 0}
    for first, piece in pieces(entries):
        try:
            answer = send(json.dumps({"tasks": piece}).encode())
        except Refused as refused:
            done = f"{first} of {len(entries)} were sent before"
            raise Refused(f"{_in_the_file(str(refused), first)} ({done})") from None
        counts = {name: count + answer[name] for name, count in counts.items()}
        progress(f"{first + len(piece)} of {len(entries)}: {_summary(counts)}")
    return counts


def _in_the_file(message: str, first: int) -> str:
    return _PLACE.sub(lambda match: f"tasks[{int(match[1]) + first}]", message)


def _summary(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def sender(base_url: str, token: str, on_existing: str) -> Callable[[bytes], Mapping[str, int]]:
    """A function that sends a piece and gives the service's answer; it raises `Refused`."""
    address = f"{base_url}/v1/import?{urlencode({'onExisting': on_existing})}"
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def send(body: bytes) -> Mapping[str, int]:
        answer: Mapping[str, int] = answer_of(address, body, headers)
        return answer

    return send


def local_token(base_url: str, user: str) -> str:
    """An access token of the local service for `user`; raises `Refused` when there is none."""
    token: str = answer_of(f"{base_url}/local/token?{urlencode({'user': user})}")["access_token"]
    return token


def answer_of(
    address: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Any:
    """The JSON that the service answers; raises `Refused`, with the service's message."""
    if not address.startswith(("http://", "https://")):
        raise Refused(f"{address} is no address of a service")
    request = urllib.request.Request(address, body, dict(headers or {}))  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 - checked above
            return json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            text = error.read().decode(errors="replace")
        raise Refused(f"{error.code}: {_message_in(text)}") from None
    except OSError as error:
        raise Refused(f"{address} cannot be reached: {error}") from None


def _message_in(text: str) -> str:
    try:
        message = str(json.loads(text)["message"])
    except (ValueError, KeyError, TypeError):
        message = text
    return message if len(message) <= _SHOWN else f"{message[:_SHOWN]}…"


def main(arguments: Sequence[str]) -> int:
    """Send the file that the arguments name; 0 when all of it is imported."""
    parser = argparse.ArgumentParser(prog="local.import_file", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--url", default="http://127.0.0.1:3008", help="where the service is")
    parser.add_argument("--as", dest="user", default="demo", help="an admin of the local service")
    parser.add_argument("--on-existing", default="fail", choices=("fail", "skip", "replace"))
    options = parser.parse_args(arguments)
    base_url = options.url.rstrip("/")
    try:
        entries = entries_of(json.loads(options.file.read_text(encoding="utf-8")))
        # Of a deployed service the token comes from outside, and not on a command line.
        token = os.environ.get("TOKEN") or local_token(base_url, options.user)
        import_entries(entries, sender(base_url, token, options.on_existing), say)
    except (OSError, ValueError, Refused) as problem:
        sys.stderr.write(f"{options.file}: {problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
