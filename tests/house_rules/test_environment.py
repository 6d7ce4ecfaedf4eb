"""What the template sets is what the settings read, under the same names and defaults."""

import dataclasses
import re
from collections.abc import Mapping
from typing import Any, Final

from taskdock.runtime.settings import Settings

from local.settings import REPOSITORY
from local.template import Template

Functions = Mapping[str, Mapping[str, Any]]

SET_BY_SAM: Final = "AWS_SAM_LOCAL"
"""SAM's own mark of `sam local`; a declaration in the template would overwrite it."""


def declared(shared: Mapping[str, Any]) -> Mapping[str, Any]:
    """Variable -> value of the functions' environment."""
    variables: Mapping[str, Any] = shared["Environment"]["Variables"]
    return variables


def variables_of_their_own(functions: Functions) -> dict[str, set[str]]:
    """Logical id of a function -> the variables that only it has."""
    return {
        name: set(function["Environment"]["Variables"])
        for name, function in functions.items()
        if "Environment" in function
    }


def test_every_setting_is_a_variable_of_the_template_and_the_reverse(
    shared: Mapping[str, Any], functions: Functions
) -> None:
    settings = {field.name.upper() for field in dataclasses.fields(Settings)}
    own = set[str]().union(*variables_of_their_own(functions).values())

    assert settings == {*declared(shared), *own, SET_BY_SAM}
    assert not own & set(declared(shared))


def test_only_workers_which_use_the_api_have_variables_of_their_own(functions: Functions) -> None:
    """The API depends on the functions that answer its routes, so they cannot depend on it."""
    for name, own in variables_of_their_own(functions).items():
        assert own == {"API_URL", "CLIENT_SECRET_ID"}
        assert {event["Type"] for event in functions[name]["Events"].values()} == {"SQS"}


def test_parameters_default_to_what_the_settings_default_to(
    template: Template, shared: Mapping[str, Any]
) -> None:
    parameters = template.section("Parameters")
    defaults = {
        name: str(parameters[value["Ref"]]["Default"])
        for name, value in declared(shared).items()
        if isinstance(value, dict) and value.get("Ref") in parameters
    }

    assert defaults.keys() >= {"EXPRESSIONS_ENABLED", "MAX_READ_UNITS", "ENDED_TASK_DAYS"}
    assert Settings.from_environment(defaults) == Settings()


def test_local_settings_are_empty_in_the_template(
    shared: Mapping[str, Any],
) -> None:
    for name in (
        "DYNAMODB_ENDPOINT",
        "AWS_ENDPOINT_URL",
        "LOCAL_NOW",
        "LOCAL_CALLER",
        "LOCAL_INDEX_TABLE",
    ):
        assert declared(shared)[name] == ""


def test_only_the_settings_read_the_environment() -> None:
    package = REPOSITORY / "layers" / "taskdock" / "python" / "taskdock"
    sources = [*package.rglob("*.py"), *(REPOSITORY / "functions").rglob("*.py")]
    reading = {
        path.relative_to(REPOSITORY).as_posix()
        for path in sources
        if re.search(r"\b(environ|getenv)\b", path.read_text(encoding="utf-8"))
    }

    assert reading == {"layers/taskdock/python/taskdock/runtime/settings.py"}
