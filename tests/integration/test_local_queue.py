"""A queue reaches its function as a Lambda event source mapping would bring it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest
from botocore.session import Session

from local.deployment import Function, QueueMapping
from local.event_bus import make_buses, make_queues, make_rules
from local.invocation import FunctionFailed
from local.queue_driver import QueueDriver
from local.secret_store import make_secrets
from local.template import Template
from tests.support.http_events import sample

FUNCTION: Final = Function("F", "functions.work.handler", "handler", 10.0, 128, {})
TEMPLATE: Final = """
Resources:
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: !Ref AWS::StackName}}
  Work:
    Type: AWS::SQS::Queue
    Properties:
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 2}
  Failed: {Type: AWS::SQS::Queue, Properties: {}}
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Ref Bus
      EventPattern: {source: [taskdock], detail: {service: [printer]}}
      Targets: [{Id: work, Arn: !GetAtt Work.Arn, DeadLetterConfig: {Arn: !GetAtt Failed.Arn}}]
  Silent:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Ref Bus
      State: DISABLED
      EventPattern: {source: [taskdock]}
      Targets: [{Id: work, Arn: !GetAtt Work.Arn}]
  Password: {Type: AWS::SecretsManager::Secret, Properties: {SecretString: !Sub "${Bus} ${Work}"}}
"""


class Worker:
    """A function that fails on demand and remembers its events."""

    def __init__(self, *, crashes: int = 0, reports: Sequence[str] = ()) -> None:
        self.events: list[Mapping[str, Any]] = []
        self._crashes = crashes
        self._reports = reports

    @property
    def bodies(self) -> list[list[str]]:
        """What was in the messages, batch by batch."""
        return [[record["body"] for record in event["Records"]] for event in self.events]

    def invoke(self, function: Function, event: Mapping[str, Any], patience: float) -> Any:
        """See `Invoker.invoke`; messages whose body is to be reported are reported."""
        assert (function, patience) == (FUNCTION, FUNCTION.timeout + 1)
        self.events.append(event)
        if self._crashes:
            self._crashes -= 1
            raise FunctionFailed("crashed")
        failed = [each["messageId"] for each in event["Records"] if each["body"] in self._reports]
        return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


class Cloud:
    """The small template's bus, queues and rules on moto; a message comes again at once."""

    def __init__(self, endpoint: str, folder: Path) -> None:
        self._endpoint = endpoint
        file = folder / "template.yaml"
        file.write_text(TEMPLATE, encoding="utf-8")
        self.template = Template.load(file)
        self.template.learn("AWS::StackName", f"stack-{uuid4().hex[:8]}")
        self.sqs = self.client("sqs")
        self.events = self.client("events")
        make_queues(self.template, self.sqs)
        make_buses(self.template, self.events)
        make_rules(self.template, self.events)

    def client(self, service: str) -> Any:
        return Session().create_client(
            service,
            region_name="eu-central-1",
            endpoint_url=self._endpoint,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def resolved(self, name: str, attribute: str | None = None) -> str:
        node = {"Ref": name} if attribute is None else {"Fn::GetAtt": [name, attribute]}
        return str(self.template.resolve(node))

    def send(self, *bodies: str) -> None:
        for body in bodies:
            self.sqs.send_message(QueueUrl=self.resolved("Work"), MessageBody=body)

    def driver(self, worker: Worker, batch_size: int = 10) -> QueueDriver:
        mapping = QueueMapping(FUNCTION, self.resolved("Work", "Arn"), batch_size)
        return QueueDriver(mapping, self.resolved("Work"), self.sqs, worker, again_after=0)

    def left_in(self, queue: str) -> list[str]:
        answer = self.sqs.receive_message(
            QueueUrl=self.resolved(queue), MaxNumberOfMessages=10, WaitTimeSeconds=0
        )
        return [message["Body"] for message in answer.get("Messages", ())]


@pytest.fixture
def cloud(moto_endpoint: str, tmp_path: Path) -> Iterator[Cloud]:
    yield Cloud(moto_endpoint, tmp_path)


def test_messages_are_delivered_in_lambdas_form_and_removed(cloud: Cloud) -> None:
    worker = Worker()
    cloud.send("a")

    assert cloud.driver(worker).deliver() == 1

    [[record]] = [event["Records"] for event in worker.events]
    [as_aws_sends_it] = sample("print_documents", "started")["Records"]
    assert json.loads(json.dumps(record)).keys() == as_aws_sends_it.keys()
    assert record["attributes"].keys() >= as_aws_sends_it["attributes"].keys()
    assert record["eventSourceARN"] == cloud.resolved("Work", "Arn")
    assert (record["body"], record["eventSource"]) == ("a", "aws:sqs")
    assert cloud.driver(worker).deliver() == 0


def test_a_batch_is_as_large_as_the_mapping_says(cloud: Cloud) -> None:
    worker = Worker()
    cloud.send("a", "b", "c")

    assert cloud.driver(worker, batch_size=2).deliver() == 3
    assert [len(batch) for batch in worker.bodies] == [2, 1]


def test_only_what_is_reported_comes_again_and_then_goes_to_the_failure_queue(
    cloud: Cloud,
) -> None:
    worker = Worker(reports=["bad"])
    cloud.send("good", "bad", "fine")

    cloud.driver(worker).deliver()

    assert sorted(body for batch in worker.bodies for body in batch) == [
        *("bad", "bad", "fine", "good"),
    ]
    assert cloud.left_in("Failed") == ["bad"]


def test_after_a_crash_everything_comes_again(cloud: Cloud) -> None:
    worker = Worker(crashes=1)
    cloud.send("a", "b")

    cloud.driver(worker).deliver()

    assert [sorted(batch) for batch in worker.bodies] == [["a", "b"], ["a", "b"]]
    assert cloud.left_in("Failed") == []


def test_a_rule_brings_what_it_matches_to_its_queue_unless_it_is_disabled(cloud: Cloud) -> None:
    worker = Worker()
    for service in ("printer", "scanner"):
        entry = {"Source": "taskdock", "DetailType": "TaskStarted"}
        detail = json.dumps({"service": service})
        bus = cloud.resolved("Bus")
        cloud.events.put_events(Entries=[{**entry, "Detail": detail, "EventBusName": bus}])

    assert cloud.driver(worker).deliver() == 1

    [[body]] = worker.bodies
    assert json.loads(body)["detail"] == {"service": "printer"}


def test_a_secret_is_where_the_template_says(cloud: Cloud) -> None:
    secrets = cloud.client("secretsmanager")
    make_secrets(cloud.template, secrets)

    found = secrets.get_secret_value(SecretId=cloud.resolved("Password"))

    assert found["SecretString"] == f"{cloud.resolved('Bus')} {cloud.resolved('Work')}"
