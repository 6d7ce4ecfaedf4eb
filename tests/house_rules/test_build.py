"""What `make build` lays down is what Lambda can start: the code, compiled, for its processor."""

import os
import subprocess
import sys
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path
from typing import Final

import pytest

from local.settings import REPOSITORY
from local.template import Template
from tests.support.host_layers import import_folders

BUILD: Final = REPOSITORY / ".aws-sam" / "build"
ARM64: Final = 183
"""The machine number of 64-bit ARM in an ELF header."""
UNCHECKED: Final = 0b01
"""The flag of bytecode that is never compared with its source."""

pytestmark = pytest.mark.skipif(not BUILD.exists(), reason="nothing is built: make build")


@pytest.fixture(params=["DependenciesLayer", "TaskdockLayer"])
def layer(request: pytest.FixtureRequest) -> Path:
    """A built layer's folder of imports."""
    name: str = request.param
    return BUILD / name / "python"


def test_every_function_is_built_from_the_source_as_it_is(template: Template) -> None:
    for name, function in template.resources("AWS::Serverless::Function").items():
        source = REPOSITORY / function["CodeUri"] / "handler.py"
        assert (BUILD / name / "handler.py").read_bytes() == source.read_bytes(), name


def test_the_layer_is_built_from_the_source_as_it_is() -> None:
    source = REPOSITORY / "layers" / "taskdock" / "python"
    built = BUILD / "TaskdockLayer" / "python"
    contents = {
        root: {path.relative_to(root): path.read_bytes() for path in root.rglob("*.py")}
        for root in (source, built)
    }

    assert contents[built] == contents[source]


@pytest.mark.skipif(
    sys.version_info[:2] != (3, 13), reason="bytecode takes Python 3.13, which Lambda runs"
)
def test_every_module_of_a_layer_is_compiled(layer: Path) -> None:
    for path in layer.rglob("*.py"):
        bytecode = Path(cache_from_source(path)).read_bytes()
        assert bytecode[:4] == MAGIC_NUMBER, path
        assert int.from_bytes(bytecode[4:8], "little") == UNCHECKED, path


def test_native_code_is_for_the_processor_that_functions_run_on(template: Template) -> None:
    assert template.section("Globals")["Function"]["Architectures"] == ["arm64"]
    native = list((BUILD / "DependenciesLayer").rglob("*.so"))
    assert native
    for path in native:
        assert int.from_bytes(path.read_bytes()[18:20], "little") == ARM64, path


def test_built_handlers_import_in_a_fresh_interpreter_without_an_environment(
    template: Template,
) -> None:
    """With this machine's wheels in place of the deployed ones; the rest is as it was built."""
    dependencies, _, brought = import_folders()
    interpreter = os.path.realpath(sys.executable)
    for name in template.resources("AWS::Serverless::Function"):
        folders = (BUILD / name, dependencies, BUILD / "TaskdockLayer" / "python", brought)
        search = f"import sys; sys.path[:0] = {[str(folder) for folder in folders]!r}"
        done = subprocess.run(
            [interpreter, "-I", "-S", "-c", f"{search}; import handler; print(handler.handler)"],
            cwd=BUILD,
            env={},
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{name}:\n{done.stderr}"
        assert done.stdout.strip(), name
