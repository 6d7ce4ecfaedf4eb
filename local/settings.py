"""The local service's settings, from shell variables."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Self

REPOSITORY: Final = Path(__file__).resolve().parent.parent
HOST: Final = "127.0.0.1"
PAGES_PORT: Final = 3008
"""The port of the documentation's examples (local/README.md)."""


class CannotStart(Exception):
    """Why the local service cannot start, in one line."""


class Store(StrEnum):
    """Which emulator holds the table."""

    DYNOXIDE = "dynoxide"
    MOTO = "moto"


@dataclass(frozen=True, slots=True)
class User:
    """A user of the local pool."""

    groups: tuple[str, ...] = ()
    tenants: tuple[str, ...] = ()
    admin: bool = False
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None

    @property
    def memberships(self) -> tuple[str, ...]:
        """The user's Cognito groups: a tenant is a group named `tenant:<id>`."""
        return (*self.groups, *(f"tenant:{tenant}" for tenant in self.tenants))


BUILT_IN_USERS: Final[Mapping[str, User]] = {
    "demo": User(
        groups=("accounting", "sales"),
        tenants=("t1", "t2", "t3"),
        admin=True,
        first_name="Demo",
        last_name="Demo",
        email="demo@example.org",
    ),
    "john": User(groups=("management",), first_name="John", last_name="Doe"),
    "kermit": User(groups=("accounting", "management"), first_name="Kermit"),
    "mary": User(groups=("sales", "support"), tenants=("t1",), first_name="Mary", last_name="Anne"),
    "peter": User(tenants=("t2",)),
}


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """How to run the local service; the defaults are those of `make run`."""

    port: int = PAGES_PORT
    """0 takes a free one."""
    tls: bool = False
    store: Store | None = None
    """None: dynoxide where there is one, else moto."""
    dynamodb_endpoint: str | None = None
    """Any other DynamoDB-compatible endpoint; `store` is ignored then."""
    in_memory: bool = False
    """Whether tasks are lost at the end; with moto they always are."""
    runtime: bool = False
    """Whether functions run in the real Lambda runtime instead of in this process."""
    users: Mapping[str, User] = field(default_factory=lambda: BUILT_IN_USERS)
    now: int | None = None
    """Epoch milliseconds at which the clock is stopped."""
    index_delay: int = 0
    """Milliseconds after which indexes show a change."""
    template: Path = REPOSITORY / "template.yaml"
    folder: Path = REPOSITORY / ".local"
    """Folder of the emulator, its file and the certificate; git ignores it."""
    shell: Mapping[str, str] = field(default_factory=dict)
    """Variables that may set the template's parameters (`local/deployment.py`)."""
    inbox: Path | None = None
    """The project of the page that is built and served below /inbox/; None: the API alone."""
    stack: str = "taskdock-local"
    """The stack's name, which the names of resources start with."""

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self:
        """The settings from the shell's variables; raises `CannotStart` for a bad one."""
        store = environ.get("STORE") or None
        if store is not None and store not in set(Store):
            raise CannotStart(f"STORE is {store!r}; it can be {' or '.join(Store)}")
        port = _whole_number(environ, "PORT")
        if port is not None and port > 65535:
            raise CannotStart(f"PORT is {port}; ports end at 65535")
        users = environ.get("LOCAL_USERS")
        return cls(
            port=PAGES_PORT if port is None else port,
            tls=environ.get("TLS", "") not in {"", "0", "false"},
            store=None if store is None else Store(store),
            dynamodb_endpoint=environ.get("DYNAMODB_ENDPOINT") or None,
            users=users_in(Path(users)) if users else BUILT_IN_USERS,
            now=_whole_number(environ, "LOCAL_NOW"),
            index_delay=_whole_number(environ, "LOCAL_INDEX_DELAY") or 0,
            folder=Path(environ.get("LOCAL_FOLDER") or REPOSITORY / ".local").absolute(),
            shell=environ,
            inbox=_inbox(environ.get("INBOX")),
        )


def _inbox(named: str | None) -> Path | None:
    """The project that a variable names: by default this repository's, none for an empty one."""
    if named in {"", "0", "false"}:
        return None
    return Path(named).absolute() if named else REPOSITORY / "inbox"


def _whole_number(environ: Mapping[str, str], name: str) -> int | None:
    text = environ.get(name)
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise CannotStart(f"{name} is {text!r}; it must be a whole number")
    return int(text)


def users_in(path: Path) -> Mapping[str, User]:
    """The users a file names: user -> `groups`, `tenants`, `admin`, `firstName`, `lastName`,
    `email`, as JSON.

    Raises `CannotStart` when the file is missing or says something else.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise CannotStart(f"LOCAL_USERS: {path}: {problem.strerror}") from None
    except ValueError as problem:
        raise CannotStart(f"LOCAL_USERS: {path} is no JSON: {problem}") from None
    if not isinstance(document, dict) or not document:
        raise CannotStart(f"LOCAL_USERS: {path} must be an object: user -> groups, tenants, admin")
    return {name: _user(path, name, entry) for name, entry in document.items()}


def _user(path: Path, name: str, entry: Any) -> User:
    if not isinstance(entry, dict):
        raise CannotStart(f"LOCAL_USERS: {path}: {name} must be an object")
    lists = {}
    for key in ("groups", "tenants"):
        names = entry.get(key, [])
        if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
            raise CannotStart(f"LOCAL_USERS: {path}: {name}.{key} must be a list of strings")
        lists[key] = tuple(names)
    admin = entry.get("admin", False)
    if not isinstance(admin, bool):
        raise CannotStart(f"LOCAL_USERS: {path}: {name}.admin must be true or false")
    return User(lists["groups"], lists["tenants"], admin, **_names(path, name, entry))


def _names(path: Path, name: str, entry: Mapping[str, Any]) -> dict[str, str | None]:
    keys = {"firstName": "first_name", "lastName": "last_name", "email": "email"}
    for key in keys:
        if not isinstance(entry.get(key, ""), str):
            raise CannotStart(f"LOCAL_USERS: {path}: {name}.{key} must be a string")
    return {field: entry.get(key) or None for key, field in keys.items()}
