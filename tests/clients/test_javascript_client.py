"""Camunda 7's client for JavaScript finds, changes and completes tasks.

It prefers the Hypertext Application Language, and `Task.list` reads nothing else.
"""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from local.service import LocalService
from local.settings import REPOSITORY
from tests.support.index_delay import seconds
from tests.support.npm_packages import Unavailable, installed

NODE: Final = Path(__file__).parent / "node"
_SECONDS_TO_PLAY: Final = 60

type Play = Callable[[str], Any]


@pytest.fixture(scope="module")
def packages() -> Path:
    """The client's folder. Where it cannot be had, tests are skipped; under CI=true they fail."""
    try:
        return installed(NODE, REPOSITORY / ".local")
    except Unavailable as reason:
        if os.environ.get("CI") == "true":
            pytest.fail(f"the client for JavaScript cannot be had: {reason}")
        pytest.skip(f"the client for JavaScript cannot be had: {reason}")


@pytest.fixture
def play(service: LocalService, url: str, task_id: str, packages: Path) -> Play:
    """Plays a scene of `play.js` for the engine at `url`, and returns what it prints."""
    return _player(service, packages, {"API": url, "TASK": task_id})


def _player(service: LocalService, packages: Path, setting: dict[str, str]) -> Play:
    tokens = {user: service.token(user) for user in ("demo", "mary")}
    environment = {
        "PATH": os.environ["PATH"],
        "NODE_PATH": str(packages),
        "TOKENS": json.dumps(tokens),
        "SETTLE": str(seconds()),
        **setting,
    }

    def play(scene: str) -> Any:
        done = subprocess.run(
            ["node", "--no-deprecation", NODE / "play.js", scene],
            env=environment,
            capture_output=True,
            text=True,
            timeout=_SECONDS_TO_PLAY,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return play


def test_a_list_is_what_the_client_embeds(play: Play, task_id: str) -> None:
    seen = play("list")

    page = seen["page"]
    found = page["_embedded"]["task"]
    assert [task["name"] for task in found] == [f"{task_id} third", f"{task_id} second"]
    assert (page["count"], seen["count"]) == (3, 3)
    assert [user["id"] for user in page["_embedded"]["assignee"]] == ["mary"]
    assert (seen["none"]["count"], seen["none"]["_embedded"].get("task", [])) == (0, [])
    assert (seen["one"]["id"], seen["one"]["assignee"]) == (f"{task_id}-first", "mary")


def test_a_client_that_names_the_engine_is_answered_alike(
    service: LocalService, url: str, task_id: str, packages: Path
) -> None:
    setting = {"API": url, "TASK": task_id, "ENGINE": "default"}

    seen = _player(service, packages, setting)("list")

    assert seen["page"]["count"] == 3


def test_a_task_passes_between_users_until_it_is_completed(play: Play, task_id: str) -> None:
    seen = play("life")

    assert seen["taken"] == {
        "status": 409,
        "message": f"Task '{task_id}' is already claimed by someone else.",
    }
    delegated, resolved = seen["delegated"], seen["resolved"]
    assert (delegated["name"], delegated["priority"]) == ("Answer it", 60)
    assert (delegated["assignee"], delegated["owner"]) == ("mary", "demo")
    assert (delegated["delegationState"], resolved["delegationState"]) == ("PENDING", "RESOLVED")
    assert resolved["assignee"] == "demo"
    assert seen["gone"]["status"] == 404


def test_variables_are_set_and_removed(play: Play) -> None:
    seen = play("variables")

    kept = {name: (each["type"], each["value"]) for name, each in seen["kept"].items()}
    assert kept == {"weight": ("Integer", 12), "paid": ("Boolean", True)}
    assert [*seen["left"]] == ["paid"]
    assert seen["form"]["key"] is None


def test_comments_are_written_and_read(play: Play, task_id: str) -> None:
    seen = play("comments")

    assert seen["written"]["message"] == "Who?"
    written = {(each["userId"], each["message"]) for each in seen["comments"]}
    assert written == {("demo", "Who?"), ("mary", "Me.")}


def test_people_and_groups_are_linked_counted_and_described(play: Play) -> None:
    seen = play("people")

    owner = {"userId": "demo", "groupId": None, "type": "owner"}
    sales = {"userId": None, "groupId": "sales", "type": "candidate"}
    assert seen["links"] == [sales, owner]
    assert seen["left"] == [owner]
    assert any(each["groupName"] == "sales" and each["taskCount"] for each in seen["counts"])
    assert seen["profile"]["id"] == "mary"
    assert {group["id"] for group in seen["groups"]} >= {"sales", "support"}
