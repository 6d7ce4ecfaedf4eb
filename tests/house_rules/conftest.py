"""The deployment as it is written, for the rules to read."""

from collections.abc import Mapping
from typing import Any

import pytest

from local.optional_parts import load_with_every_part
from local.settings import REPOSITORY
from local.template import Template


@pytest.fixture(scope="session")
def template() -> Template:
    """`template.yaml`, its intrinsic functions unresolved."""
    return load_with_every_part(REPOSITORY / "template.yaml")


@pytest.fixture(scope="session")
def functions(template: Template) -> Mapping[str, Mapping[str, Any]]:
    """Logical id -> properties of the functions, what is said for all of them left out."""
    return template.resources("AWS::Serverless::Function")


@pytest.fixture(scope="session")
def shared(template: Template) -> Mapping[str, Any]:
    """What is said for all functions at once."""
    properties: Mapping[str, Any] = template.section("Globals")["Function"]
    return properties
