"""What is deployed is what was tested: one version of each package, by its hash."""

import re
from pathlib import Path

from local.settings import REPOSITORY

LAYER = REPOSITORY / "layers" / "dependencies" / "requirements.txt"
PINNED = re.compile(r"^([a-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)


def pins(path: Path) -> dict[str, str]:
    """Package -> version."""
    return dict(PINNED.findall(path.read_text(encoding="utf-8")))


def test_the_layer_has_the_versions_that_are_tested() -> None:
    assert pins(LAYER)
    assert pins(LAYER).items() <= pins(REPOSITORY / "requirements" / "dev.txt").items()


def test_the_local_environment_has_the_tested_versions() -> None:
    local = pins(REPOSITORY / "requirements" / "local.txt")

    assert local.items() <= pins(REPOSITORY / "requirements" / "dev.txt").items()


def test_what_lambda_brings_along_is_not_deployed() -> None:
    assert not pins(LAYER).keys() & {"boto3", "botocore", "s3transfer", "urllib3"}


def test_every_package_is_pinned_by_hash() -> None:
    for path in (LAYER, *REPOSITORY.joinpath("requirements").glob("*.txt")):
        blocks = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())
        assert all(PINNED.match(block) and "--hash=sha256:" in block for block in blocks), path
