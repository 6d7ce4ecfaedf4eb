"""The template's event bus and queues on moto, and a listener that shows the events."""

import json
from collections.abc import Mapping
from typing import Any, Final

from local.template import Template

_LISTENER: Final = "local-listener"


def make_queues(template: Template, sqs: Any) -> Mapping[str, str]:
    """Makes the template's queues; their addresses by ARN. Messages that failed too often go to the
    queue that the template names.
    """
    addresses = {}
    for logical_id in template.resources("AWS::SQS::Queue"):
        name = template.physical_name(logical_id)
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = _arn(sqs, url)
        template.learn(logical_id, url, Arn=arn, QueueName=name, QueueUrl=url)
        addresses[arn] = url
    for logical_id, node in template.resources("AWS::SQS::Queue").items():
        if "RedrivePolicy" in node:
            policy = json.dumps(template.resolve(node["RedrivePolicy"]))
            url = template.resolve({"Ref": logical_id})
            sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": policy})
    return addresses


def make_rules(template: Template, events: Any) -> None:
    """The template's rules that bring events of its buses to its queues."""
    for logical_id, node in template.resources("AWS::Events::Rule").items():
        rule = template.resolve(node)
        if rule.get("State", "ENABLED") != "ENABLED":
            continue  # which moto would deliver by all the same
        name, bus = template.physical_name(logical_id), rule["EventBusName"]
        pattern = json.dumps(rule["EventPattern"])
        events.put_rule(Name=name, EventBusName=bus, EventPattern=pattern)
        targets = [{"Id": each["Id"], "Arn": each["Arn"]} for each in rule["Targets"]]
        events.put_targets(Rule=name, EventBusName=bus, Targets=targets)


def make_buses(template: Template, events: Any) -> tuple[str, ...]:
    """Makes the template's event buses; their names."""
    names = []
    for logical_id, node in template.resources("AWS::Events::EventBus").items():
        name = template.resolve(node["Name"])
        try:
            arn = events.create_event_bus(Name=name)["EventBusArn"]
        except events.exceptions.ResourceAlreadyExistsException:
            # An earlier service of this process made it; moto keeps it.
            arn = events.describe_event_bus(Name=name)["Arn"]
        template.learn(logical_id, name, Name=name, Arn=arn)
        names.append(name)
    return tuple(names)


class Listener:
    """Receives every event of a bus, to show it."""

    def __init__(self, bus: str, events: Any, sqs: Any) -> None:
        self._sqs = sqs
        self._queue = sqs.create_queue(QueueName=f"{bus}-{_LISTENER}")["QueueUrl"]
        events.put_rule(
            Name=_LISTENER,
            EventBusName=bus,
            # Every event has a source, and moto wants a pattern.
            EventPattern=json.dumps({"source": [{"exists": True}]}),
        )
        target = {"Id": "queue", "Arn": _arn(sqs, self._queue)}
        events.put_targets(Rule=_LISTENER, EventBusName=bus, Targets=[target])

    def heard(self) -> list[dict[str, Any]]:
        """The events since the last call, in the order in which they came."""
        heard = []
        while messages := self._receive():
            for message in messages:
                heard.append(json.loads(message["Body"]))
                handle = message["ReceiptHandle"]
                self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=handle)
        return heard

    def _receive(self) -> list[dict[str, Any]]:
        answer = self._sqs.receive_message(
            QueueUrl=self._queue, MaxNumberOfMessages=10, WaitTimeSeconds=0
        )
        return list(answer.get("Messages", ()))


def line_for(event: Mapping[str, Any]) -> str:
    """An event in one line: its name, the service, the task's id and version."""
    detail = event["detail"]
    about = " ".join(
        str(detail[key]) for key in ("service", "tid", "version") if detail.get(key) is not None
    )
    return f"event {event['detail-type']} {about}".rstrip()


def _arn(sqs: Any, url: str) -> str:
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return str(answer["Attributes"]["QueueArn"])
