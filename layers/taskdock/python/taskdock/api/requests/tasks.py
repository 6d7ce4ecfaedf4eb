"""Reads the bodies of Camunda 7's task routes as leniently as it does
(docs/camunda-behaviour.md, JSON bodies).

Every function takes a parsed body and raises `InvalidRequest`, which names the property.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from taskdock.api.requests.lenient_fields import LenientFields
from taskdock.api.requests.variables import variables_in
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.tasks.changes import Replacement
from taskdock.domain.tasks.identity_links import requested_link
from taskdock.domain.tasks.task import IdentityLink, Variable


def replacement_in(body: object) -> Replacement:
    """The properties that create or replace a task
    (docs/camunda-behaviour.md, Creating and replacing)."""
    fields = LenientFields(body, "")
    return {
        "name": fields.text("name"),
        "description": fields.text("description"),
        "priority": fields.integer("priority"),
        "assignee": fields.name("assignee"),
        "owner": fields.name("owner"),
        "delegationState": fields.delegation_state("delegationState"),
        "due": fields.instant("due"),
        "followUp": fields.instant("followUp"),
        "parentTaskId": fields.text("parentTaskId"),
        "caseInstanceId": fields.text("caseInstanceId"),
        "tenantId": fields.name("tenantId") if fields.text("tenantId") else None,
    }


def user_in(body: object) -> str | None:
    """The `userId`; None for no user."""
    return LenientFields(body, "").name("userId")


def link_in(body: object) -> IdentityLink:
    """The identity link to add or remove."""
    fields = LenientFields(body, "")
    return requested_link(fields.name("type"), fields.name("userId"), fields.name("groupId"))


@dataclass(frozen=True, slots=True)
class Submission:
    """The body of a request that completes a task."""

    variables: Mapping[str, Variable]
    wants_variables: bool
    """Whether the answer shall have the variables."""


def submission_in(body: object, prefix: str) -> Submission:
    """The variables of a completion, a resolution or a form; error messages start with `prefix`."""
    fields = LenientFields(body, "")
    return Submission(
        variables_in(fields, "variables", prefix), fields.flag("withVariablesInReturn")
    )


def code_in(body: object, name: str) -> str:
    """The code of a BPMN error or escalation, which must not be blank
    (docs/camunda-behaviour.md, BPMN errors)."""
    code = LenientFields(body, "").text(name)
    if code is None:
        raise InvalidRequest(f"{name} is null")
    if not code.strip():
        raise InvalidRequest(f"{name} is empty")
    return code


def error_message_in(body: object) -> str | None:
    """The code, the message and the variables of a BPMN error."""
    return LenientFields(body, "").text("errorMessage")
