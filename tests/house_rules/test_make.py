"""What make gives to the commands."""

import os
import re
import shutil
import subprocess

import pytest

from local.settings import REPOSITORY


def recipe(*arguments: str) -> str:
    """What make would run for a target and variables."""
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        ["make", "--dry-run", *arguments],
        cwd=REPOSITORY,
        env=clean,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("given", "module"),
    [
        (("import", "FILE=tasks.json"), "import_file"),
        (("erase", "TASK=t1"), "erase"),
        (("restore", "FROM=a", "TABLE=b"), "restore"),
        (("authorization", "TABLE=b", "MODE=open"), "switch_authorization"),
    ],
)
def test_a_command_gets_no_option_that_nobody_gave(given: tuple[str, ...], module: str) -> None:
    [options] = re.findall(rf"-m local\.{module} (.*)", recipe(*given))

    values = [each.partition("=")[2] for each in given[1:]]
    words = [word.strip('"') for word in options.split() if not word.startswith("--")]
    assert words == values


def test_a_command_gets_the_options_that_are_given() -> None:
    options = recipe("erase", "PERSON=mary", "AS=root", "URL=http://127.0.0.1:1")

    assert options.endswith('--person "mary" --url "http://127.0.0.1:1" --as "root"')
