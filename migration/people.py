"""The users, groups and tenants of the old server as files for a Cognito user pool."""

import csv
import io
import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from migration.old_server import OldServer
from migration.report_files import write_whole

COLUMNS: Final = (
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "email",
    "email_verified",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "phone_number_verified",
    "address",
    "updated_at",
    "cognito:mfa_enabled",
    "cognito:username",
)
"""The header of a pool's import, as `aws cognito-idp get-csv-header` shows it."""

_POOL: Final = '--user-pool-id "$USER_POOL_ID"'


@dataclass(slots=True)
class Person:
    """A user of the old server; `groups` and `tenants` in order."""

    shown: Mapping[str, Any]
    groups: list[str] = field(default_factory=list)
    tenants: list[str] = field(default_factory=list)

    @property
    def memberships(self) -> list[str]:
        """The groups of the pool: a tenant is a group named `tenant:<id>`."""
        return [*self.groups, *(f"tenant:{tenant}" for tenant in self.tenants)]


def people(server: OldServer) -> dict[str, Person]:
    """All users by id with their groups and tenants; none where the server does not show them."""
    found = {each["id"]: Person(each) for each in server.listed_if_allowed("/user")}
    for path, question, name in (
        ("/group", "memberOfGroup", "groups"),
        ("/tenant", "memberOfTenant", "tenants"),
    ):
        for holder in server.listed_if_allowed(path):
            asked = f"/user?{question}={quote(holder['id'], safe='')}"
            for member in server.listed_if_allowed(asked):
                if member["id"] in found:
                    getattr(found[member["id"]], name).append(holder["id"])
    return found


def write_people(folder: Path, found: Mapping[str, Person]) -> list[Path]:
    """`users.csv` for the pool's import, `groups.sh` for what that leaves out, and `users.json`
    for the local service. Raises `Trouble`.
    """
    shown = {name: _local(person) for name, person in found.items()}
    files = {
        "users.csv": as_csv(found),
        "groups.sh": "".join(f"{line}\n" for line in as_commands(found)),
        "users.json": json.dumps(shown, indent=1, ensure_ascii=False) + "\n",
    }
    return [write_whole(folder / name, text, private=True) for name, text in files.items()]


def as_csv(found: Mapping[str, Person]) -> str:
    """The file of an import job: everybody with an address, which the import demands."""
    text = io.StringIO()
    rows = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    rows.writeheader()
    for name, person in found.items():
        if person.shown.get("email"):
            rows.writerow(_row(name, person.shown))
    return text.getvalue()


def as_commands(found: Mapping[str, Person]) -> Iterator[str]:
    """Commands for whom the import cannot take, and for groups and their members."""
    yield "#!/bin/sh"
    yield "# USER_POOL_ID is the stack's output UserPoolId. Run it after the import of users.csv."
    yield "set -eu"
    for name, person in found.items():
        if not person.shown.get("email"):
            attributes = _attributes(person.shown)
            yield (
                f"aws cognito-idp admin-create-user {_POOL} --username {shlex.quote(name)}"
                f"{attributes} --message-action SUPPRESS"
            )
    groups = sorted({group for person in found.values() for group in person.memberships})
    for group in groups:
        yield f"aws cognito-idp create-group {_POOL} --group-name {shlex.quote(group)}"
    for name, person in found.items():
        for group in person.memberships:
            yield (
                f"aws cognito-idp admin-add-user-to-group {_POOL}"
                f" --username {shlex.quote(name)} --group-name {shlex.quote(group)}"
            )


def _row(name: str, shown: Mapping[str, Any]) -> dict[str, Any]:
    names: Sequence[str] = [shown[each] for each in ("firstName", "lastName") if shown.get(each)]
    return {
        "name": " ".join(names) or name,
        "given_name": shown.get("firstName") or "",
        "family_name": shown.get("lastName") or "",
        "email": shown["email"],
        "email_verified": "TRUE",
        "phone_number_verified": "FALSE",
        "cognito:mfa_enabled": "FALSE",
        "cognito:username": name,
    }


def _attributes(shown: Mapping[str, Any]) -> str:
    known = (("given_name", shown.get("firstName")), ("family_name", shown.get("lastName")))
    given = [shlex.quote(f"Name={name},Value={value}") for name, value in known if value]
    return f" --user-attributes {' '.join(given)}" if given else ""


def _local(person: Person) -> dict[str, Any]:
    names = {
        name: person.shown[name]
        for name in ("firstName", "lastName", "email")
        if person.shown.get(name)
    }
    return {"groups": person.groups, "tenants": person.tenants, **names}
