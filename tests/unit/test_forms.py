"""The form of a task."""

from typing import Any

import pytest
from taskdock.domain.errors import InvalidRequest, NotFound
from taskdock.domain.tasks.forms import refuse_deployed_form, refuse_rendered_form, shown_form

from tests.support.builders import a_task

REFERENCE = {"key": "approve", "binding": "latest", "version": None}


def test_a_task_without_form_shows_nothing() -> None:
    assert shown_form(a_task()) == {"key": None, "camundaFormRef": None, "contextPath": None}


def test_a_key_comes_before_a_reference() -> None:
    by_key = shown_form(a_task(formKey="embedded:app:f.html", camundaFormRef=REFERENCE))
    by_reference = shown_form(a_task(camundaFormRef=REFERENCE))

    assert (by_key["key"], by_key["camundaFormRef"]) == ("embedded:app:f.html", None)
    assert (by_reference["key"], by_reference["camundaFormRef"]) == (None, REFERENCE)


def test_there_is_nothing_to_render() -> None:
    with pytest.raises(NotFound, match="No matching rendered form for task with the id t1 found"):
        refuse_rendered_form(a_task("t1", formKey="embedded:app:f.html"))


@pytest.mark.parametrize("key", ["embedded:app:f.html", "deployment:", "x deployment:f.html", ""])
def test_a_form_that_is_not_deployed_is_the_callers_mistake(key: str) -> None:
    with pytest.raises(InvalidRequest, match="does not refer to a deployed form"):
        refuse_deployed_form(a_task(formKey=key))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"camundaFormRef": REFERENCE},
        {"formKey": "deployment:f.html"},
        {"formKey": "embedded:deployment:f.html"},
        {"formKey": "camunda-forms:deployment:f.form"},
    ],
)
def test_a_form_that_is_deployed_is_deployed_elsewhere(fields: dict[str, Any]) -> None:
    with pytest.raises(NotFound, match="No deployed form for task with the id t1 found"):
        refuse_deployed_form(a_task("t1", **fields))
