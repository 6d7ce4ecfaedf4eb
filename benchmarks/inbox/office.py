"""The tasks of an invented office, as its programs create them: for pictures and first steps."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from local.service import LocalService
from tests.support.http import bearer, call

NOW: Final = datetime.now(UTC)
FORM_KEY: Final = "travel-request"
SHOWN: Final = "travel-3"
"""A task with a form, comments and a history."""

KINDS: Final[Sequence[tuple[str, str, str, Sequence[str]]]] = (
    (
        "invoice",
        "Approve invoice {number} of {firm}",
        "The amount is above the limit of the department. Check the order and the delivery note.",
        ("Harbour Supplies", "Nordlicht Print", "Baker & Daughters", "Miller Tools", "Kranich Bau"),
    ),
    (
        "contract",
        "Review the contract with {firm}",
        "The legal team has marked two clauses. Say whether we can sign.",
        ("Alba Logistics", "Fennel Foods", "Quarry Lane Studio"),
    ),
    (
        "complaint",
        "Answer the complaint of {firm}",
        "The parcel came a week late, and one box was open.",
        ("Ida Sommer", "Tomás Rivera", "Greta Lind", "Noor Haddad"),
    ),
    (
        "onboarding",
        "Prepare the first day of {firm}",
        "A desk, a laptop, an account and somebody to show the house.",
        ("Lena Vogt", "Sam Okafor"),
    ),
)
TRIPS: Final = (
    ("Lisbon", "Trade fair for packaging", 1480),
    ("Aarhus", "Workshop with the design team", 620),
    ("Vienna", "Visit of a customer", 940),
    ("Leeds", "Training on the new press", 710),
)

FORM: Final[Mapping[str, Any]] = {
    "type": "default",
    "schemaVersion": 16,
    "id": FORM_KEY,
    "components": [
        {"type": "text", "text": "## Travel request\nPlease decide within two days."},
        {"type": "textfield", "key": "destination", "label": "Destination", "readonly": True},
        {"type": "textfield", "key": "purpose", "label": "Purpose", "readonly": True},
        {
            "type": "number",
            "key": "budget",
            "label": "Budget in euros",
            "validate": {"required": True, "min": 0, "max": 5000},
        },
        {
            "type": "select",
            "key": "costCentre",
            "label": "Cost centre",
            "values": [
                {"label": "Sales", "value": "sales"},
                {"label": "Product", "value": "product"},
            ],
            "validate": {"required": True},
        },
        {"type": "checkbox", "key": "approved", "label": "I approve this trip"},
        {"type": "textarea", "key": "remark", "label": "Remark"},
    ],
}


CALLED: Final = "The customer called again. I have sent the copy that was missing."
MOVED: Final = "The workshop was moved to the second week. The price of the train is new."


class Office:
    """Fills a local service."""

    def __init__(self, service: LocalService) -> None:
        self._service = service

    def fill(self) -> None:
        """About fifty tasks of demo and mary, some with comments, a form, dates and a history."""
        self.ask("PUT", f"/v1/forms/{FORM_KEY}", FORM)
        self.ask("POST", "/v1/import", {"tasks": [*_entries()]})
        for name, query in (
            ("Urgent invoices", {"nameLike": "%invoice%", "minPriority": 50}),
            ("Trips", {"nameLike": "%trip%"}),
        ):
            body = {"resourceType": "Task", "name": name, "query": query}
            self.ask("POST", "/filter/create", body)
        for user, text in (("mary", MOVED), ("demo", "Thanks, I take it.")):
            self.ask("POST", f"/task/{SHOWN}/comment/create", {"message": text}, user=user)
        self.ask("POST", f"/task/{SHOWN}/claim", {"userId": "demo"})

    def ask(self, method: str, path: str, body: object = None, *, user: str = "demo") -> Any:
        """The JSON that a call answers; a call that is refused ends the program."""
        headers = {**bearer(self._service.token(user)), "Content-Type": "application/json"}
        sent = None if body is None else json.dumps(body).encode()
        answer = call(method, self._service.url + path, sent, headers)
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {answer.body!r}")
        return answer.json() if answer.body else None


def _entries() -> Iterator[dict[str, Any]]:
    number = 0
    for kind, name, description, firms in KINDS:
        for again in range(3):
            for firm in firms:
                number += 1
                title = name.format(number=4700 + number, firm=firm)
                entry = _entry(f"{kind}-{number}", title, description, number)
                entry["identityLinks"] = [_offered(_GROUPS[(number + again) % len(_GROUPS)])]
                if kind == "invoice":
                    entry["variables"] = {"amount": _integer(180 + 137 * number)}
                if number % 9 == 4:
                    comment = {"userId": "mary", "time": _at(-7, number), "message": CALLED}
                    entry["comments"] = [comment]
                yield entry
    for at, (city, purpose, budget) in enumerate(TRIPS, 1):
        entry = _entry(f"travel-{at}", f"Decide on the trip to {city}", purpose, 3 * at + 1)
        entry["task"] |= {"formKey": FORM_KEY, "assignee": None}
        entry["identityLinks"] = [_offered("sales")]
        texts = {"destination": city, "purpose": purpose}
        entry["variables"] = {
            **{key: {"type": "String", "value": value} for key, value in texts.items()},
            "budget": _integer(budget),
        }
        yield entry


_GROUPS: Final = ("sales", "accounting", "sales", "support")


def _entry(task_id: str, name: str, description: str, number: int) -> dict[str, Any]:
    task: dict[str, Any] = {
        "id": task_id,
        "name": name,
        "description": description,
        "created": _at(-24 * (number % 13) - 1, number),
        "priority": (number * 35) % 101,
        "assignee": {0: "demo", 1: "mary", 3: "demo"}.get(number % 6),
    }
    if number % 4:
        task["due"] = _at(24 * ((number * 5) % 19 - 4), 31 * number)
    if number % 11 == 5:
        task["followUp"] = _at(6 * 24, 0)
    return {"task": task}


def _offered(group: str) -> dict[str, str]:
    return {"groupId": group, "type": "candidate"}


def _integer(value: int) -> dict[str, Any]:
    return {"type": "Integer", "value": value}


def _at(hours: int, minutes: int) -> str:
    instant = NOW + timedelta(hours=hours, minutes=minutes % 60)
    return instant.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
