"""What nobody waits for must not get lost: functions that AWS calls by itself."""

import re
from collections.abc import Mapping
from typing import Any, Final

from local.settings import REPOSITORY
from local.template import Template

Functions = Mapping[str, Mapping[str, Any]]

MOST_ATTEMPTS: Final = 10_000
"""What Lambda allows."""


def asynchronous_events(functions: Functions) -> dict[str, Mapping[str, Any]]:
    """Logical id of the function and name of the event -> the event, unless it is a route."""
    return {
        f"{name}.{key}": event
        for name, function in functions.items()
        for key, event in function.get("Events", {}).items()
        if event["Type"] != "HttpApi"
    }


def failure_queue(event: Mapping[str, Any]) -> str:
    """Logical id of the queue that hears of what the function could not do."""
    destination = event["Properties"]["DestinationConfig"]["OnFailure"]
    assert destination["Type"] == "SQS"
    queue, attribute = destination["Destination"]["Fn::GetAtt"]
    assert attribute == "Arn"
    name: str = queue
    return name


def test_every_asynchronous_function_has_a_failure_queue_it_may_write_to(
    template: Template, functions: Functions
) -> None:
    events = asynchronous_events(functions)
    assert events
    for name, event in events.items():
        queue = failure_queue(event)
        assert queue in template.resources("AWS::SQS::Queue")
        role = functions[name.split(".")[0]]["Role"]["Fn::GetAtt"][0]
        policies = template.resources("AWS::IAM::Role")[role]["Policies"]
        assert {
            "Effect": "Allow",
            "Action": ["sqs:SendMessage"],
            "Resource": {"Fn::GetAtt": [queue, "Arn"]},
        } in [
            statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]
        ]


def test_one_bad_record_is_tried_alone_and_not_for_ever(functions: Functions) -> None:
    for event in asynchronous_events(functions).values():
        properties = event["Properties"]
        assert properties["BisectBatchOnFunctionError"] is True
        assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert properties["MaximumRetryAttempts"] > 0
        assert 0 < properties["MaximumRecordAgeInSeconds"] < 24 * 60 * 60


def test_a_bus_that_is_down_loses_nothing_while_changes_are_young_enough(
    functions: Functions,
) -> None:
    """Lambda's pauses between attempts are a minute at the most: the age is what limits them."""
    [event] = functions["PublishTaskEventsFunction"]["Events"].values()

    assert event["Properties"]["MaximumRetryAttempts"] == MOST_ATTEMPTS
    assert event["Properties"]["MaximumRecordAgeInSeconds"] < MOST_ATTEMPTS * 60


def test_what_is_not_announced_is_counted_and_raises_an_alarm(template: Template) -> None:
    """The publisher reports failed records and does not fail itself, so Lambda counts no error."""
    [counted] = template.resources("AWS::Logs::MetricFilter").values()
    [metric] = counted["MetricTransformations"]
    handler = REPOSITORY / "functions" / "publish_task_events" / "handler.py"
    [message] = re.findall(r'\$\.message = ("[^"]+")', counted["FilterPattern"])
    alarm = template.resources("AWS::CloudWatch::Alarm")["UnannouncedChangesAlarm"]

    assert counted["LogGroupName"] == {"Ref": "PublishTaskEventsLogGroup"}
    assert f"logger.error(\n                {message}" in handler.read_text(encoding="utf-8")
    assert (alarm["Namespace"], alarm["MetricName"]) == (
        metric["MetricNamespace"],
        metric["MetricName"],
    )


def test_a_message_stays_hidden_as_long_as_a_function_may_work_on_it(
    template: Template, functions: Functions, shared: Mapping[str, Any]
) -> None:
    longest = max(function.get("Timeout", shared["Timeout"]) for function in functions.values())
    for queue in template.resources("AWS::SQS::Queue").values():
        assert queue["VisibilityTimeout"] >= longest


def test_what_lies_in_a_failure_queue_raises_an_alarm(
    template: Template, functions: Functions
) -> None:
    watched = {
        str(dimension["Value"])
        for alarm in template.resources("AWS::CloudWatch::Alarm").values()
        for dimension in alarm.get("Dimensions", [])
    }
    for event in asynchronous_events(functions).values():
        assert str({"Fn::GetAtt": [failure_queue(event), "QueueName"]}) in watched
