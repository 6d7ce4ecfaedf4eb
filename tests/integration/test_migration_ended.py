"""`python -m migration shadow` as a program that somebody ends."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import urllib3

from tests.support.old_camunda import shown
from tests.support.small_camunda import SmallCamunda, serving


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_a_program_that_is_ended_writes_all_that_it_knows(tmp_path: Path, end: int) -> None:
    users, folder = tmp_path / "users.json", tmp_path / "data"
    users.write_text('{"ann": "token-of-ann"}')
    with serving(SmallCamunda("/engine-rest", "o")) as old, serving(SmallCamunda("", "n")) as new:
        for server in (old, new):
            server.tasks = {"a": shown("a", 1)}
        command = [sys.executable, "-m", "migration", "shadow", old.url, new.url]
        command += ["--users", str(users), "--folder", str(folder), "--port", "0"]
        known = {**os.environ, "CAMUNDA_USER": "demo", "TASKDOCK_TOKEN": "admin-token"}
        run = subprocess.Popen(command, env=known, stdout=subprocess.PIPE, text=True)
        assert run.stdout is not None
        address = re.search(r"http:\S+", run.stdout.readline())
        assert address, run.stdout.read()
        headers = urllib3.make_headers(basic_auth="ann:secret")
        assert urllib3.request("GET", f"{address[0]}/task/a", headers=headers).status == 200
        run.send_signal(end)
        assert run.wait(20.0) == 0
        run.stdout.close()
    assert json.loads((folder / "shadow.json").read_text())["reads"] == {"same": 1}
