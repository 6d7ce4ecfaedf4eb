"""The packages that a function finds in Lambda, built for this machine.

The layers come from the very makefiles that build them for the deployment, with wheels for this
machine. What Lambda's Python brings along (botocore and its runtime interface client) is taken
from the environment of the tests.
"""

import hashlib
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from local.settings import REPOSITORY

FOLDER: Final = REPOSITORY / ".local" / "lambda"
_VERSION: Final = "{}.{}".format(*sys.version_info)
"""Where it is all built; git ignores it."""

_BROUGHT_BY_LAMBDA: Final = (
    "awslambdaric",
    "boto3",
    "botocore",
    "dateutil",
    "jmespath",
    "runtime_client.*.so",
    "s3transfer",
    "simplejson",
    "six.py",
    "snapshot_restore_py.py",
    "urllib3",
)


def import_folders() -> tuple[Path, ...]:
    """Where functions import from, in Lambda's order: both layers, then what Lambda brings."""
    return (
        _layer("dependencies", "DependenciesLayer"),
        _layer("taskdock", "TaskdockLayer"),
        _brought_by_lambda(),
    )


def _layer(folder: str, name: str) -> Path:
    """The layer's `python` folder, built unless the same sources were built before."""
    sources = REPOSITORY / "layers" / folder
    built = FOLDER / f"{folder}-{_VERSION}-{_digest(sources)}"
    if not built.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        # Into a folder of its own, then moved: two test processes may build at once.
        with tempfile.TemporaryDirectory(dir=FOLDER) as scratch:
            artifacts = Path(scratch, "layer")
            _make(f"build-{name}", sources, artifacts)
            if not built.exists():
                artifacts.rename(built)
        for outdated in set(FOLDER.glob(f"{folder}-*")) - {built}:
            shutil.rmtree(outdated, ignore_errors=True)
    return built / "python"


def _make(target: str, sources: Path, artifacts: Path) -> None:
    machine = {"arm64": "aarch64"}.get(platform.machine(), platform.machine())
    done = subprocess.run(
        [
            "make",
            f"--directory={sources}",
            target,
            f"ARTIFACTS_DIR={artifacts}",
            f"PLATFORMS=manylinux_2_28_{machine} manylinux2014_{machine}",
            f"PYTHON={sys.executable}",
            f"VERSION={_VERSION}",
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _digest(sources: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(sources.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(sources)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _brought_by_lambda() -> Path:
    """A folder with links to these packages alone, so that nothing else can be imported."""
    folder = FOLDER / "brought"
    folder.mkdir(parents=True, exist_ok=True)
    [installed] = {path for path in map(Path, sys.path) if path.joinpath("awslambdaric").is_dir()}
    for pattern in _BROUGHT_BY_LAMBDA:
        found = list(installed.glob(pattern))
        assert found, f"{pattern} is not installed"
        for package in found:
            link = folder / package.name
            if not link.is_symlink():
                fresh = Path(tempfile.mkdtemp(dir=FOLDER), package.name)
                fresh.symlink_to(package)
                fresh.replace(link)
                fresh.parent.rmdir()
    return folder
