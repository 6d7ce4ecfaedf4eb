"""Alarms: what is broken, and what load does; the latter where somebody hears them."""

from typing import Any, Final

import pytest

from api_description.idle_costs import METRICS_OF_A_QUERY
from local.optional_parts import load_with_every_part
from local.settings import REPOSITORY
from local.template import Template

ALARMS: Final = "AWS::CloudWatch::Alarm"
TEMPLATE: Final = REPOSITORY / "template.yaml"


def resolved(template: Template, name: str) -> dict[str, Any]:
    """An alarm with every resource known by its logical id."""
    for each in template.section("Resources"):
        template.learn(each, each)
    alarm: dict[str, Any] = template.resolve(template.resources(ALARMS)[name])
    return alarm


@pytest.mark.parametrize("kind", ["Read", "Write"])
def test_what_the_table_or_any_index_refuses_raises_an_alarm(template: Template, kind: str) -> None:
    """A condition on the table's name finds the metrics of its indexes, too."""
    [query] = resolved(template, f"Table{kind}ThrottlesAlarm")["Metrics"]

    assert query["Expression"] == (
        f"SELECT SUM({kind}ThrottleEvents) FROM \"AWS/DynamoDB\" WHERE TableName = 'TaskTable'"
    )
    assert query["Period"] == 300
    assert query.get("ReturnData", True) is True


def test_an_alarm_counts_what_the_gateway_refuses_for_being_too_much(template: Template) -> None:
    counted = template.resources("AWS::Logs::MetricFilter")["TooManyRequests"]
    [metric] = counted["MetricTransformations"]
    [api] = template.resources("AWS::Serverless::HttpApi").values()
    alarm = resolved(template, "TooManyRequestsAlarm")
    watched = {
        entry["Id"]: entry["MetricStat"]["Metric"]
        for entry in alarm["Metrics"]
        if "MetricStat" in entry
    }

    assert counted["LogGroupName"] == {"Ref": "AccessLogGroup"}
    assert counted["FilterPattern"] == '{ $.status = "429" }'
    assert '"status":"$context.status"' in api["AccessLogSettings"]["Format"]
    assert watched["refused"]["MetricName"] == metric["MetricName"]
    assert watched["refused"]["Namespace"] == template.resolve(metric["MetricNamespace"])
    assert watched["requests"]["MetricName"] == "Count"


def test_slow_answers_raise_an_alarm(template: Template) -> None:
    alarm = resolved(template, "SlowAnswersAlarm")

    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/ApiGateway", "Latency")
    assert alarm["ExtendedStatistic"] == "p99"
    assert int(alarm["Threshold"]) < 30_000, "no answer takes longer"


def test_every_reader_of_the_stream_that_falls_behind_raises_an_alarm(template: Template) -> None:
    late = {
        dimension["Value"]["Ref"]: alarm["Threshold"]
        for alarm in template.resources(ALARMS).values()
        if alarm.get("MetricName") == "IteratorAge"
        for dimension in alarm["Dimensions"]
    }
    readers = {
        name: event["Properties"]["MaximumRecordAgeInSeconds"]
        for name, function in template.resources("AWS::Serverless::Function").items()
        for event in function["Events"].values()
        if event["Type"] == "DynamoDB"
    }

    assert late.keys() == readers.keys()
    for name, milliseconds in late.items():
        assert milliseconds / 1000 < readers[name] / 2, "long before a record is given up"


def test_every_alarm_tells_the_topic(template: Template) -> None:
    topic = template.resolve({"Ref": "AlarmTopicArn"})
    assert topic.startswith("arn:aws:sns:")
    for name, alarm in template.resources(ALARMS).items():
        assert template.resolve(alarm["AlarmActions"]) == [topic], name


def test_alarms_about_load_exist_where_somebody_hears_them() -> None:
    default = set(Template.load(TEMPLATE).resources(ALARMS))
    with_topic = set(load_with_every_part(TEMPLATE).resources(ALARMS))

    assert {"ServerErrorsAlarm", "LateEventsAlarm", "StreamFunctionsAlarm"} <= default
    assert with_topic - default == {
        "TableReadThrottlesAlarm",
        "TableWriteThrottlesAlarm",
        "TooManyRequestsAlarm",
        "SlowAnswersAlarm",
        "LateDiscardsAlarm",
        "CompactionsAlarm",
        "PrintFailureQueueAlarm",
    }


def test_an_alarm_of_a_query_is_reckoned_with_all_that_it_may_find(template: Template) -> None:
    [table] = template.resources("AWS::DynamoDB::Table").values()

    assert 1 + len(table["GlobalSecondaryIndexes"]) == METRICS_OF_A_QUERY


def test_instances_are_reserved_for_readers_of_the_stream_when_asked_for() -> None:
    """By default none: an account needs 100 that are not reserved, and a new one has fewer."""
    readers = {"PublishTaskEventsFunction", "DiscardAttachmentsFunction"}
    for given, reserved in (("0", {}), ("5", dict.fromkeys(readers, "5"))):
        template = Template.load(TEMPLATE)
        template.set_parameters({"StreamReaderConcurrency": given})
        functions = template.resources("AWS::Serverless::Function").items()
        asked = {
            name: template.resolve(function.get("ReservedConcurrentExecutions"))
            for name, function in functions
        }
        assert {name: number for name, number in asked.items() if number is not None} == reserved
