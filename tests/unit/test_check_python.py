"""Which Python can set taskdock up, and the error for one that cannot."""

import os
import shutil
import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from local import check_python
from local.ports import free_port
from local.settings import REPOSITORY


def make_python(python: Path) -> subprocess.CompletedProcess[str]:
    """`make python`, which every command that needs an environment runs first."""
    return subprocess.run(
        ["make", "--no-print-directory", "python", f"PYTHON={python}"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_this_python_does() -> None:
    assert check_python.problem() == ""


def test_an_old_python_gets_the_version_that_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 11, 2, "final", 0))

    assert check_python.problem() == (
        "taskdock needs Python 3.12 or newer; this is 3.11.2: install Python 3.12 or newer, or"
        " name one with PYTHON=/path/to/python3"
    )


def test_a_python_without_venv_gets_the_package_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_ensurepip(name: str) -> ModuleSpec | None:
        return None if name == "ensurepip" else ModuleSpec(name, None)

    monkeypatch.setattr("importlib.util.find_spec", without_ensurepip)
    monkeypatch.setattr(sys, "version_info", (3, 14, 0, "final", 0))

    said = check_python.problem()

    assert said.startswith("this Python has no ensurepip: install the package python3.14-venv ")


@pytest.mark.parametrize("script", ["echo a broken library >&2; exit 127", "exit 1"])
def test_a_broken_python_is_one_line(tmp_path: Path, script: str) -> None:
    broken = tmp_path / "python3"
    broken.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    broken.chmod(0o755)

    done = make_python(broken)

    assert done.returncode != 0
    [line, _] = done.stderr.splitlines()  # make's own message comes second
    assert line.startswith(f"{broken} does not run (")
    assert "install Python 3.12 or newer" in line


def test_a_python_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    done = make_python(tmp_path / "nothing")

    [line, _] = done.stderr.splitlines()
    assert line.startswith(f"{tmp_path / 'nothing'} does not run (")


def test_no_network_is_one_line(tmp_path: Path) -> None:
    for name in ("Makefile", "local/check_python.py", "requirements/uv.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(REPOSITORY / name, tmp_path / name)
    for folder in ("functions", "layers"):  # the makefile lists what is in them
        (tmp_path / folder).mkdir()
    nowhere = f"http://127.0.0.1:{free_port()}/simple"

    done = subprocess.run(
        ["make", "--no-print-directory", ".venv/bin/uv", f"PYTHON={sys.executable}"],
        cwd=tmp_path,
        env={**os.environ, "PIP_INDEX_URL": nowhere, "PIP_NO_CACHE_DIR": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode != 0
    [line, _] = done.stderr.splitlines()  # make's own message comes second
    assert line.startswith("the packages cannot be fetched (is there a network?)")
