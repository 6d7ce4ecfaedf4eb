"""Commands in the documents: `aws` knows the operations and the options that they name."""

import re
import shlex
from collections.abc import Iterator

import pytest
from botocore import xform_name
from botocore.session import Session

from local.settings import REPOSITORY

GLOBAL = {"--query", "--output", "--region", "--profile"}
PAGES = ("sign-in.md",)


def commands() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Service, operation and options of every command in the pages."""
    for page in PAGES:
        text = (REPOSITORY / "docs" / page).read_text(encoding="utf-8")
        for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
            for line in block.replace("\\\n", " ").splitlines():
                for command in re.findall(r"\baws ([a-z0-9-]+ [a-z-]+[^)]*)", line):
                    service, operation, *rest = shlex.split(command)
                    yield service, operation, tuple(each for each in rest if each[:2] == "--")


@pytest.mark.parametrize(("service", "operation", "options"), list(commands()))
def test_a_command_is_one_that_aws_has(
    service: str, operation: str, options: tuple[str, ...]
) -> None:
    model = Session().get_service_model(service)
    operations = {xform_name(name, "-"): name for name in model.operation_names}

    assert operation in operations
    shape = model.operation_model(operations[operation]).input_shape
    assert shape is not None
    known = {f"--{xform_name(member, '-')}" for member in shape.members}
    required = {f"--{xform_name(member, '-')}" for member in shape.required_members}

    assert set(options) - GLOBAL <= known
    assert required <= set(options)


def test_there_are_commands_to_check() -> None:
    assert len(list(commands())) >= 5
