"""Which dynoxide is used, and the error for one that lacks something."""

import platform
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local import dynoxide
from local.clients import Clients
from local.dynoxide import Unavailable, fetch, find
from local.dynoxide_check import missing_in
from local.settings import REPOSITORY, CannotStart
from tests.support.tables import dynamodb_client


def program(path: Path, script: str) -> Path:
    """An executable file that runs a shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture(scope="module")
def pinned() -> Path:
    """The pinned build, whatever else is installed."""
    try:
        return fetch(REPOSITORY / ".local")
    except Unavailable as reason:
        pytest.skip(str(reason))


def other_version(path: Path, pinned: Path, version: str) -> Path:
    """The pinned build under another version's name."""
    told = f'[ "$1" = --version ] && {{ echo "dynoxide {version}"; exit; }}'
    return program(path, f'{told}\nexec "{pinned}" "$@"')


@pytest.mark.parametrize("version", ["1.2.0", "1.10.3", "3.0.0"])
def test_one_on_the_path_is_used_whatever_its_version(
    tmp_path: Path, pinned: Path, version: str
) -> None:
    installed = other_version(tmp_path / "dynoxide", pinned, version)

    assert find(tmp_path / "none", {"PATH": str(tmp_path)}) == installed


def test_the_one_that_is_named_comes_first(tmp_path: Path, pinned: Path) -> None:
    program(tmp_path / "bin" / "dynoxide", "exit 1")
    named = other_version(tmp_path / "mine", pinned, "2.0.0")

    chosen = find(tmp_path, {"PATH": str(tmp_path / "bin"), "DYNOXIDE": str(named)})

    assert chosen == named


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("exit 1", "does not run"),
        ("echo hello", "says no version ('hello')"),
        ("echo dynoxide 1.1.9", "is version 1.1, older than 1.2"),
        ('[ "$1" = --version ] && echo dynoxide 1.2.0', "does not start"),
    ],
)
def test_an_incapable_dynoxide_is_refused(tmp_path: Path, script: str, problem: str) -> None:
    installed = program(tmp_path / "dynoxide", script)

    with pytest.raises(CannotStart) as refused:
        find(tmp_path, {"PATH": str(tmp_path)})

    assert str(refused.value) == (
        f"{installed} {problem}: install a newer dynoxide, or name another with DYNOXIDE=/path,"
        " or say STORE=moto"
    )


def test_a_missing_program_is_reported(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="there is no such program"):
        find(tmp_path, {"PATH": "", "DYNOXIDE": str(tmp_path / "nothing")})


def test_without_one_the_machine_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    monkeypatch.setattr(platform, "machine", lambda: "arm64")

    with pytest.raises(Unavailable, match="no dynoxide is pinned for Darwin on arm64"):
        find(tmp_path, {"PATH": str(tmp_path)})


def test_what_is_needed_is_there(dynoxide_endpoint: str) -> None:
    client = dynamodb_client(dynoxide_endpoint)
    try:
        assert missing_in(dynoxide_endpoint) is None
    finally:
        client.delete_table(TableName="taskdock-what-it-can-do")


class Lacking(Clients):
    """Clients whose server answers one call without a part of it, or not at all."""

    def __init__(self, call: str, without: str) -> None:
        super().__init__()
        self._call = call
        self._without = without

    def client(self, service: str, endpoint: str) -> Any:
        """As that of `Clients`, with the part taken out of what comes back."""
        client = super().client(service, endpoint)

        def shorten(parsed: dict[str, Any], **_: object) -> None:
            for holder in (parsed, parsed.get("Table", {})):
                holder.pop(self._without, None)
            if self._without == "Records":
                parsed["Records"] = []
            if self._without == "Items":
                parsed["Items"] = []

        client.meta.events.register(f"after-call.*.{self._call}", shorten)
        return client


@pytest.mark.parametrize(
    ("call", "without", "lacks"),
    [
        ("DescribeTable", "LatestStreamArn", "streams"),
        ("GetRecords", "Records", "streams"),
        ("Query", "Items", "indexes"),
        ("Query", "ConsumedCapacity", "capacity accounting"),
    ],
)
def test_what_lacks_is_named(
    pinned: Path, monkeypatch: pytest.MonkeyPatch, call: str, without: str, lacks: str
) -> None:
    monkeypatch.setattr("local.dynoxide_check.Clients", lambda: Lacking(call, without))

    with dynoxide.Dynoxide(pinned, None) as server:
        assert missing_in(server.endpoint) == lacks


class Refusing(Clients):
    """Clients whose server does not know transactions."""

    def client(self, service: str, endpoint: str) -> Any:
        """As that of `Clients`; a transaction is answered as an unknown operation."""
        client = super().client(service, endpoint)
        error = {"Code": "UnknownOperationException", "Message": ""}
        answer = (SimpleNamespace(status_code=400), {"Error": error, "ResponseMetadata": {}})
        client.meta.events.register("before-call.*.TransactWriteItems", lambda **_: answer)
        return client


def test_transactions_that_are_not_known_are_named(
    pinned: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.dynoxide_check.Clients", Refusing)

    with dynoxide.Dynoxide(pinned, None) as server:
        assert missing_in(server.endpoint) == "transactions"


def test_a_damaged_file_is_named(tmp_path: Path, pinned: Path) -> None:
    file = tmp_path / "tasks.db"
    file.write_text("no database " * 500, encoding="utf-8")

    with pytest.raises(CannotStart, match=f"is {file} damaged"), dynoxide.Dynoxide(pinned, file):
        pass
