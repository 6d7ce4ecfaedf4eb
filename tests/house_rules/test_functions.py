"""One name leads everywhere: a function's folder, its resources and its handler."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from local.optional_parts import load_with_every_part
from local.settings import REPOSITORY
from local.template import Template
from tests.support.deployed_routes import function_for

Functions = Mapping[str, Mapping[str, Any]]


def folders() -> set[str]:
    """The folders of functions."""
    inside = (REPOSITORY / "functions").iterdir()
    return {path.name for path in inside if path.is_dir() and path.name != "__pycache__"}


def in_camel_case(folder: str) -> str:
    """`create_task` as the template writes it: `CreateTask`."""
    return "".join(word.capitalize() for word in folder.split("_"))


def test_a_function_is_a_folder_and_a_folder_is_a_function(functions: Functions) -> None:
    expected = {f"{in_camel_case(folder)}Function": f"functions/{folder}" for folder in folders()}

    assert {name: function["CodeUri"] for name, function in functions.items()} == expected


def test_every_function_starts_at_the_handler_of_its_folder(
    functions: Functions, shared: Mapping[str, Any]
) -> None:
    assert shared["Handler"] == "handler.handler"
    assert not [name for name, function in functions.items() if "Handler" in function]
    for folder in folders():
        assert callable(import_module(f"functions.{folder}.handler").handler)


def test_a_function_folder_holds_a_handler_and_nothing_else() -> None:
    for folder in folders():
        files = {path.name for path in (REPOSITORY / "functions" / folder).glob("*.*")}
        assert files - {"__init__.py"} == {"handler.py"}, folder


def test_every_function_writes_to_a_log_of_its_name_that_is_not_kept_for_ever(
    template: Template, functions: Functions
) -> None:
    logs = template.resources("AWS::Logs::LogGroup")
    for folder in folders():
        name = in_camel_case(folder)
        assert functions[f"{name}Function"]["LoggingConfig"] == {
            "LogGroup": {"Ref": f"{name}LogGroup"}
        }
        group = template.resolve(logs[f"{name}LogGroup"]["LogGroupName"])
        assert group == f"/aws/lambda/taskdock-local/{name}"
    assert all("RetentionInDays" in log for log in logs.values())


def test_a_change_in_a_layer_alone_is_published_too(template: Template) -> None:
    functions = template.resources("AWS::Serverless::Function").values()
    layers = template.resources("AWS::Serverless::LayerVersion").values()

    assert all(function.get("AutoPublishAliasAllProperties") is True for function in functions)
    assert all(layer.get("PublishLambdaVersion") is True for layer in layers)


def test_failures_of_every_function_raise_an_alarm(functions: Functions) -> None:
    """Behind the API they are its 5xx, behind a queue they end in a failure queue; elsewhere the
    function's own metrics count."""
    template = load_with_every_part(REPOSITORY / "template.yaml")
    alarms = template.resources("AWS::CloudWatch::Alarm")
    watched = {
        (metric["MetricName"], dimension["Value"]["Ref"])
        for alarm in alarms.values()
        for entry in alarm.get("Metrics", ())
        if (metric := entry.get("MetricStat", {}).get("Metric"))
        if metric["Namespace"] == "AWS/Lambda"
        for dimension in metric["Dimensions"]
    }
    elsewhere = {
        name
        for name, function in functions.items()
        if {event["Type"] for event in function["Events"].values()} <= {"DynamoDB"}
    }

    assert alarms["ServerErrorsAlarm"]["MetricName"] == "5xx"
    assert "CompactColumnsFunction" in elsewhere
    assert watched == {(kind, name) for kind in ("Errors", "Throttles") for name in elsewhere}


def test_an_inbox_session_meets_at_most_three_functions() -> None:
    session = (
        ("POST", "/task"),
        ("POST", "/task/count"),
        ("GET", "/task/t1"),
        ("GET", "/task/t1/form"),
        ("GET", "/task/t1/form-variables"),
        ("GET", "/task/t1/variables"),
        ("GET", "/task/t1/comment"),
        ("POST", "/task/t1/comment/create"),
        ("POST", "/task/t1/claim"),
        ("POST", "/task/t1/complete"),
        ("GET", "/user/demo/profile"),
    )

    assert len({function_for(method, path) for method, path in session}) <= 3


def test_there_are_at_most_ten_functions(functions: Functions) -> None:
    assert len(functions) <= 10
