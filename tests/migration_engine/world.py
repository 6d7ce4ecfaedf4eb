"""A made world in an engine, all of it made through the engine's REST API."""

import json
import random
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final

import urllib3

ADMIN: Final = ("demo", "demo")
USERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "demo": {
        "groups": ["sales", "accounting"],
        "tenants": ["t1", "t2"],
        "admin": True,
        "email": "demo@localhost",
        "last_name": "Demo",
    },
    "mary": {"groups": ["sales"], "tenants": ["t1"], "email": "mary@example.org"},
    "john": {"groups": ["management"], "tenants": []},
}
"""As the local service takes them; everybody's password is their name."""

NAMES: Final = ("Pay invoice", "pay INVOICE", "50% done", "a_b", "Ärger prüfen", "Call back", "zed")
CUSTOMERS: Final = ("ACME", "acme", "Globex", "50% Corp", "under_score", "Zürich", "null", "10")
JAVA: Final = "rO0ABXNyABNqYXZhLnV0aWwuQXJyYXlMaXN0eIHSHZnHYZ0DAAFJAARzaXpleHAAAAAAdwQAAAAAeA=="
"""An empty list of Java, serialized."""

_HEAD: Final = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="t">'
)
ORDER: Final = f"""{_HEAD}
<bpmn:process id="order" name="Order" isExecutable="true" camunda:historyTimeToLive="30">
  <bpmn:startEvent id="start"/>
  <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="check"/>
  <bpmn:userTask id="check" name="Check order" camunda:candidateGroups="sales"
    camunda:formKey="embedded:deployment:check.html"/>
  <bpmn:sequenceFlow id="f2" sourceRef="check" targetRef="part"/>
  <bpmn:subProcess id="part">
    <bpmn:startEvent id="begin"/>
    <bpmn:sequenceFlow id="g1" sourceRef="begin" targetRef="pay"/>
    <bpmn:userTask id="pay" name="Pay order" camunda:assignee="mary">
      <bpmn:extensionElements><camunda:inputOutput>
        <camunda:inputParameter name="step">inner</camunda:inputParameter>
      </camunda:inputOutput></bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="g2" sourceRef="pay" targetRef="done"/>
    <bpmn:endEvent id="done"/>
  </bpmn:subProcess>
  <bpmn:sequenceFlow id="f3" sourceRef="part" targetRef="end"/>
  <bpmn:endEvent id="end"/>
</bpmn:process></bpmn:definitions>"""
VOTES: Final = f"""{_HEAD}
<bpmn:process id="votes" name="Votes" isExecutable="true" camunda:historyTimeToLive="30">
  <bpmn:startEvent id="start"/>
  <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="vote"/>
  <bpmn:userTask id="vote" name="Vote" camunda:assignee="${{voter}}">
    <bpmn:multiInstanceLoopCharacteristics camunda:collection="voters"
      camunda:elementVariable="voter"/>
  </bpmn:userTask>
  <bpmn:sequenceFlow id="f2" sourceRef="vote" targetRef="end"/>
  <bpmn:endEvent id="end"/>
</bpmn:process></bpmn:definitions>"""
MANY: Final = f"""{_HEAD}
<bpmn:process id="many" name="Many orders" isExecutable="true" camunda:historyTimeToLive="30">
  <bpmn:startEvent id="start"/>
  <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="each"/>
  <bpmn:callActivity id="each" calledElement="order">
    <bpmn:extensionElements>
      <camunda:in businessKey="K-${{number}}"/>
      <camunda:in sourceExpression="${{number}}" target="amount"/>
      <camunda:in sourceExpression="customer-${{number}}" target="customer"/>
    </bpmn:extensionElements>
    <bpmn:multiInstanceLoopCharacteristics camunda:collection="numbers"
      camunda:elementVariable="number"/>
  </bpmn:callActivity>
  <bpmn:sequenceFlow id="f2" sourceRef="each" targetRef="end"/>
  <bpmn:endEvent id="end"/>
</bpmn:process></bpmn:definitions>"""
_AT_ONCE: Final = 250
"""Processes that are started in one transaction."""

CLAIM: Final = """<cmmn:definitions xmlns:cmmn="http://www.omg.org/spec/CMMN/20151109/MODEL"
 xmlns:camunda="http://camunda.org/schema/1.0/cmmn" targetNamespace="t">
<cmmn:case id="claim" name="Claim" camunda:historyTimeToLive="30"><cmmn:casePlanModel id="plan">
 <cmmn:planItem id="p1" definitionRef="review"/><cmmn:humanTask id="review" name="Review claim"/>
</cmmn:casePlanModel></cmmn:case></cmmn:definitions>"""


class World:
    """The engine at an address, as its administrator; `chance` makes the same world each time."""

    def __init__(self, url: str, seed: int = 7) -> None:
        self.url = url
        self.chance = random.Random(seed)
        self._pool = urllib3.PoolManager(maxsize=8, retries=False)
        self._headers = urllib3.make_headers(basic_auth=":".join(ADMIN))

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """What the engine answers; an error fails the test."""
        sent = {} if body is None else {"json": body}
        answer = self._pool.request(
            method, f"{self.url}{path}", headers=self._headers, **sent, **more
        )
        assert answer.status < 300, f"{method} {path}: {answer.status} {answer.data[:500]!r}"
        return json.loads(answer.data) if answer.data else None

    def make(self) -> None:
        """People, definitions, filters, and some 100 tasks of all kinds."""
        self._people()
        form = "<form><input cam-variable-name='ok'></form>"
        self.deploy({"order.bpmn": ORDER, "votes.bpmn": VOTES, "check.html": form})
        self.deploy({"claim.cmmn": CLAIM})
        self.deploy({"order.bpmn": ORDER}, tenant="t1")
        for number in range(60):
            self._standalone(f"task-{number:03d}")
        for number in range(12):
            self._process(number)
        for number in range(4):
            body = {"businessKey": f"C-{number}", "variables": self._variables()}
            self.ask("POST", "/case-definition/key/claim/create", body)
        self._odd_ones()
        self._filters()

    def load(self, count: int) -> None:
        """So many more tasks, each of a process of its own that another process has called."""
        self.deploy({"many.bpmn": MANY})
        info = {
            "objectTypeName": "java.util.ArrayList<java.lang.Integer>",
            "serializationDataFormat": "application/json",
        }
        for start in range(0, count, _AT_ONCE):
            numbers = json.dumps([*range(start, min(start + _AT_ONCE, count))])
            variable = {"value": numbers, "type": "Object", "valueInfo": info}
            path = "/process-definition/key/many/start"
            self.ask("POST", path, {"variables": {"numbers": variable}})

    def deploy(self, files: Mapping[str, str], tenant: str = "") -> None:
        """Deploy definitions and forms, together."""
        fields = {name: (name, text.encode()) for name, text in files.items()}
        given = {"tenant-id": tenant} if tenant else {}
        self.ask("POST", "/deployment/create", None, fields={**given, **fields})

    def _people(self) -> None:
        for kind, ids in (
            ("group", ("sales", "accounting", "management")),
            ("tenant", ("t1", "t2")),
        ):
            for each in ids:
                more = {"type": "WORKFLOW"} if kind == "group" else {}
                self.ask("POST", f"/{kind}/create", {"id": each, "name": each, **more})
        for name, user in USERS.items():
            if name != ADMIN[0]:
                profile = {"id": name, "firstName": name.capitalize(), "email": user.get("email")}
                body = {"profile": profile, "credentials": {"password": name}}
                self.ask("POST", "/user/create", body)
            for group in user["groups"]:
                self.ask("PUT", f"/group/{group}/members/{name}")
            for tenant in user["tenants"]:
                self.ask("PUT", f"/tenant/{tenant}/user-members/{name}")

    def _standalone(self, task_id: str) -> None:
        chance = self.chance
        day = f"2026-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}T12:00:00.000+0000"
        task = {
            "id": task_id,
            "name": chance.choice(NAMES),
            "description": chance.choice(("", "Needs a second look", "50% done", None)),
            "priority": chance.choice((0, 10, 50, 100, -5)),
            "assignee": chance.choice((None, "demo", "mary", "john")),
            "owner": chance.choice((None, None, "mary")),
            "due": chance.choice((None, day)),
            "followUp": chance.choice((None, None, day)),
            "tenantId": chance.choice((None, None, None, "t1", "t2")),
        }
        self.ask("POST", "/task/create", task)
        for group in chance.sample(("sales", "accounting", "management"), chance.randint(0, 2)):
            body = {"groupId": group, "type": "candidate"}
            self.ask("POST", f"/task/{task_id}/identity-links", body)
        if chance.random() < 0.2:
            body = {"userId": "john", "type": "participant"}
            self.ask("POST", f"/task/{task_id}/identity-links", body)
        path = f"/task/{task_id}/localVariables"
        self.ask("POST", path, {"modifications": self._variables()})
        if chance.random() < 0.3:
            self.ask("POST", f"/task/{task_id}/comment/create", {"message": "Is this right?"})
        if task["assignee"] and chance.random() < 0.2:
            self.ask("POST", f"/task/{task_id}/delegate", {"userId": "john"})

    def _variables(self) -> dict[str, Any]:
        chance = self.chance
        known = {
            "amount": chance.choice((100, 100.0, 99.5, 2**40, 250)),
            "customer": chance.choice(CUSTOMERS),
            "approved": chance.random() < 0.5,
            "nothing": None,
        }
        chosen = {name: {"value": value} for name, value in known.items() if chance.random() < 0.6}
        if chance.random() < 0.3:
            chosen["when"] = {"value": "2026-05-01T00:00:00.000+0000", "type": "Date"}
        if chance.random() < 0.2:
            chosen["order"] = {"value": '{"lines": [1, 2]}', "type": "Json"}
        return chosen

    def _process(self, number: int) -> None:
        body = {"businessKey": f"B-{number % 5}", "variables": self._variables()}
        path = "/process-definition/key/order"
        started = self.ask(
            "POST", f"{path}/tenant-id/t1/start" if number % 4 == 3 else f"{path}/start", body
        )
        if number % 3 == 0:
            [task] = self.ask("GET", f"/task?processInstanceId={started['id']}")
            self.ask("POST", f"/task/{task['id']}/complete", {"variables": {"ok": {"value": True}}})
        if number % 5 == 4:
            self.ask("PUT", f"/process-instance/{started['id']}/suspended", {"suspended": True})

    def _odd_ones(self) -> None:
        """Files, large and small, objects, long names, and tasks of one process side by side."""
        voters = {"value": '["mary","john","demo"]', "type": "Object"}
        info = {
            "objectTypeName": "java.util.ArrayList<java.lang.String>",
            "serializationDataFormat": "application/json",
        }
        body = {"variables": {"voters": {**voters, "valueInfo": info}}}
        self.ask("POST", "/process-definition/key/votes/start", body)
        self.ask(
            "POST", "/task/create", {"id": "odd", "name": "n" * 255, "description": "d" * 4000}
        )
        java = {**info, "serializationDataFormat": "application/x-java-serialized-object"}
        java["objectTypeName"] = "java.util.ArrayList"
        variables = {
            "bytes": {"type": "Bytes", "value": b64encode(bytes(range(256))).decode()},
            "list": {"type": "Object", "value": JAVA, "valueInfo": java},
            "text": {"type": "Xml", "value": "<a/>"},
        }
        variables.pop("text")
        self.ask("POST", "/task/odd/localVariables", {"modifications": variables})
        for name, size in (("small", 1000), ("large", 400_000), ("huge", 5_000_000)):
            fields = {"attachment-name": name, "content": (f"{name}.bin", b"x" * size)}
            self.ask("POST", "/task/odd/attachment/create", None, fields=fields)
        fields = {"attachment-name": "link", "url": "https://documents.example/1"}
        self.ask("POST", "/task/odd/attachment/create", None, fields=fields)

    def _filters(self) -> None:
        for name, query in (
            ("Mine", {"assigneeExpression": "${currentUser()}"}),
            ("Sales", {"candidateGroup": "sales", "includeAssignedTasks": True}),
            ("Invoices", {"nameLike": "%nvoice%", "priority": 50}),
        ):
            body = {"resourceType": "Task", "name": name, "owner": "demo", "query": query}
            self.ask("POST", "/filter/create", {**body, "properties": {"color": "#555555"}})
