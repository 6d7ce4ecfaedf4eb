"""What the bodies of Camunda 7's task routes say."""

from typing import Any

import pytest
from taskdock.api.requests.tasks import (
    code_in,
    error_message_in,
    link_in,
    replacement_in,
    submission_in,
    user_in,
)
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.variables.values import from_json

from tests.support.builders import to_group

NOTHING = dict.fromkeys(
    (
        "name",
        "description",
        "priority",
        "assignee",
        "owner",
        "delegationState",
        "due",
        "followUp",
        "parentTaskId",
        "caseInstanceId",
        "tenantId",
    )
)


def test_a_replacement_says_something_of_every_field() -> None:
    assert replacement_in({"unknown": 1, "id": "x"}) == NOTHING


def test_a_replacement_is_read_leniently() -> None:
    body = {"name": 5, "priority": "7", "delegationState": "resolved", "due": 1000, "owner": "o"}

    assert replacement_in(body) == {**NOTHING, **body, "name": "5", "priority": 7} | {
        "delegationState": "RESOLVED"
    }


@pytest.mark.parametrize(("body", "user"), [({"userId": "mary"}, "mary"), ({}, None)])
def test_a_user_may_be_left_out(body: dict[str, Any], user: str | None) -> None:
    assert user_in(body) == user


def test_a_link_is_read() -> None:
    assert link_in({"groupId": "sales", "type": "candidate"}) == to_group("sales")


def test_a_submission_may_be_empty() -> None:
    submission = submission_in({}, "Cannot complete task t1")

    assert (submission.variables, submission.wants_variables) == ({}, False)


def test_a_submission_has_typed_variables() -> None:
    body = {
        "variables": {"x": {"value": "5", "type": "Integer"}, "y": {"value": 1.5}},
        "withVariablesInReturn": True,
    }
    submission = submission_in(body, "Cannot complete task t1")

    assert submission.variables == {"x": from_json(5), "y": from_json(1.5)}
    assert submission.wants_variables


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        (
            {"x": {"value": "abc", "type": "Integer"}},
            "Cannot complete task t1: variables.x: Cannot convert value 'abc' of type 'Integer'"
            " to java type java.lang.Integer",
        ),
        (
            {"x": {"value": 1, "type": "Nonsense"}},
            "Cannot complete task t1: variables.x: Unsupported value type 'Nonsense'",
        ),
        ({"x": 5}, "Cannot complete task t1: variables.x: expected an object with value and type"),
        ([], "variables: expected an object, got a list"),
    ],
)
def test_a_bad_variable_says_what_could_not_be_done(variables: Any, message: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        submission_in({"variables": variables}, "Cannot complete task t1")
    assert refused.value.message == message


@pytest.mark.parametrize(
    ("body", "message"),
    [({}, "errorCode is null"), ({"errorCode": " "}, "errorCode is empty")],
)
def test_a_signal_needs_a_code(body: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidRequest, match=message):
        code_in(body, "errorCode")


def test_a_signal_has_a_code_and_may_have_a_message() -> None:
    assert code_in({"errorCode": 42}, "errorCode") == "42"
    assert error_message_in({"errorMessage": "none left"}) == "none left"
    assert error_message_in({}) is None
