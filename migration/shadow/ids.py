"""Ids that differ on both sides: comments, attachments and filters have one of their own there."""

from collections.abc import Mapping
from threading import Lock
from typing import Any, Final
from urllib.parse import quote, unquote

KINDS: Final = ("comment", "attachment", "filter")


class Ids:
    """The ids on taskdock by those on the old server, and back."""

    def __init__(self, known: Mapping[str, str]) -> None:
        """`known` are those of the copy, by their ids on the old server."""
        self._there = dict(known)
        self._here = {new: old for old, new in known.items()}
        self._lock = Lock()

    def learn(self, old: str, new: str) -> None:
        """Remember a pair."""
        with self._lock:
            self._there[old], self._here[new] = new, old

    def there(self, path: str) -> str:
        """The path with the ids that taskdock has in place of the old server's."""
        parts = path.split("/")
        for place, each in enumerate(parts[:-1]):
            if each in KINDS:
                old = unquote(parts[place + 1])
                parts[place + 1] = quote(self._there.get(old, old), safe=":")
        return "/".join(parts)

    def body_there(self, body: Any) -> Any:
        """The same in the body of a changed comment."""
        if isinstance(body, dict) and body.get("id") in self._there:
            return {**body, "id": self._there[body["id"]]}
        return body

    def here(self, shown: Any) -> Any:
        """What taskdock shows, with the ids of the old server."""
        if isinstance(shown, list):
            return [self.here(each) for each in shown]
        if isinstance(shown, dict):
            kept = {name: self.here(value) for name, value in shown.items()}
            if isinstance(kept.get("id"), str):
                kept["id"] = self._here.get(kept["id"], kept["id"])
            return kept
        return shown
