"""No event may get lost in functions that AWS calls asynchronously."""

import re
from collections.abc import Mapping
from typing import Any, Final

from local.settings import REPOSITORY
from local.template import Template
from tests.support.permissions import statements

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


def queue_named(node: Any) -> str:
    """Logical id of the queue whose ARN this is."""
    queue, attribute = node["Fn::GetAtt"]
    assert attribute == "Arn"
    name: str = queue
    return name


def failure_queue(template: Template, event: Mapping[str, Any]) -> str:
    """Logical id of the function's failure queue."""
    if event["Type"] == "SQS":
        source = queue_named(event["Properties"]["Queue"])
        redrive = template.resources("AWS::SQS::Queue")[source]["RedrivePolicy"]
        assert 1 < redrive["maxReceiveCount"] <= 10
        return queue_named(redrive["deadLetterTargetArn"])
    destination = event["Properties"]["DestinationConfig"]["OnFailure"]
    assert destination["Type"] == "SQS"
    return queue_named(destination["Destination"])


def test_every_asynchronous_function_has_a_failure_queue(
    template: Template, functions: Functions
) -> None:
    events = asynchronous_events(functions)
    assert {event["Type"] for event in events.values()} == {"DynamoDB", "SQS"}
    for event in events.values():
        assert failure_queue(template, event) in template.resources("AWS::SQS::Queue")


def test_who_reads_a_stream_may_write_to_its_failure_queue(
    template: Template, functions: Functions
) -> None:
    for name, event in asynchronous_events(functions).items():
        if event["Type"] == "SQS":
            continue  # SQS itself moves what fails
        role = functions[name.split(".")[0]]["Role"]["Fn::GetAtt"][0]
        assert (
            role,
            {
                "Effect": "Allow",
                "Action": ["sqs:SendMessage"],
                "Resource": {"Fn::GetAtt": [failure_queue(template, event), "Arn"]},
            },
        ) in list(statements(template))


def test_a_function_that_aws_calls_exists_after_its_permissions(template: Template) -> None:
    """Lambda checks them when it connects the function with its stream or queue."""
    for name, function in template.resources("AWS::Serverless::Function").items():
        if any(event["Type"] != "HttpApi" for event in function["Events"].values()):
            policy = f"{name.removesuffix('Function')}Policy"
            assert template.section("Resources")[name]["DependsOn"] == policy


def test_one_bad_record_is_tried_alone_and_not_for_ever(functions: Functions) -> None:
    for event in asynchronous_events(functions).values():
        properties = event["Properties"]
        assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        if event["Type"] == "DynamoDB":
            assert properties["BisectBatchOnFunctionError"] is True
            assert properties["MaximumRetryAttempts"] > 0
            assert 0 < properties["MaximumRecordAgeInSeconds"] < 24 * 60 * 60


def test_a_bus_that_is_down_loses_nothing_while_changes_are_young_enough(
    functions: Functions,
) -> None:
    """Lambda's pauses between attempts are a minute at the most: the age is what limits them."""
    [event] = functions["PublishTaskEventsFunction"]["Events"].values()

    assert event["Properties"]["MaximumRetryAttempts"] == MOST_ATTEMPTS
    assert event["Properties"]["MaximumRecordAgeInSeconds"] < MOST_ATTEMPTS * 60


def test_changes_that_are_not_published_are_counted_and_raise_an_alarm(template: Template) -> None:
    """The publisher reports failed records and does not fail itself, so Lambda counts no error."""
    counted = template.resources("AWS::Logs::MetricFilter")["UnannouncedChanges"]
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
    longest = max(
        function.get("Timeout", shared["Timeout"])
        for function in functions.values()
        if function["Events"]
    )
    for queue in template.resources("AWS::SQS::Queue").values():
        assert queue["VisibilityTimeout"] >= longest


def test_a_message_that_a_function_reads_stays_hidden_six_times_as_long(
    template: Template, functions: Functions, shared: Mapping[str, Any]
) -> None:
    """As AWS advises: Lambda itself tries again when the function is throttled."""
    for name, event in asynchronous_events(functions).items():
        if event["Type"] == "SQS":
            timeout = functions[name.split(".")[0]].get("Timeout", shared["Timeout"])
            queue = template.resources("AWS::SQS::Queue")[queue_named(event["Properties"]["Queue"])]
            assert queue["VisibilityTimeout"] >= 6 * timeout


def test_a_rule_may_send_to_its_queues_and_loses_nothing(template: Template) -> None:
    policies = template.resources("AWS::SQS::QueuePolicy").values()
    allowed = {
        (str(statement["Condition"]["ArnEquals"]["aws:SourceArn"]), queue_named(queue))
        for policy in policies
        for statement in policy["PolicyDocument"]["Statement"]
        for queue in statement["Resource"]
    }
    for name, rule in template.resources("AWS::Events::Rule").items():
        source = str({"Fn::GetAtt": [name, "Arn"]})
        for target in rule["Targets"]:
            for queue in (target["Arn"], target["DeadLetterConfig"]["Arn"]):
                assert (source, queue_named(queue)) in allowed


def test_a_message_in_a_failure_queue_raises_an_alarm(
    template: Template, functions: Functions
) -> None:
    watched = {
        str(dimension["Value"])
        for alarm in template.resources("AWS::CloudWatch::Alarm").values()
        for dimension in alarm.get("Dimensions", [])
    }
    for event in asynchronous_events(functions).values():
        assert str({"Fn::GetAtt": [failure_queue(template, event), "QueueName"]}) in watched
