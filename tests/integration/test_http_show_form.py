"""The form of a task over HTTP."""

import pytest
from taskdock.domain.variables.values import from_json

from tests.support.builders import a_task
from tests.support.http_events import sample
from tests.support.in_memory_apps import InMemoryApps

ID = "approve-order-17"
VARIABLES = {"amount": from_json(99.5), "draft": from_json("x")}


def test_the_sample_shows_which_form_it_is() -> None:
    answer = InMemoryApps(a_task(ID, formKey="embedded:deployment:f.html")).send(
        sample("manage_task", "show_form")
    )

    assert (answer.status, answer.json) == (
        200,
        {"key": "embedded:deployment:f.html", "camundaFormRef": None, "contextPath": None},
    )


def test_the_sample_shows_the_variables_that_are_asked_for() -> None:
    apps = InMemoryApps(a_task(ID, variables=VARIABLES))

    answer = apps.send(sample("manage_task", "list_form_variables"))

    assert answer.json == {"amount": {"type": "Double", "value": 99.5, "valueInfo": {}}}


@pytest.mark.parametrize("query", ["", "variableNames=", "deserializeValues=false"])
def test_all_variables_are_shown_unless_some_are_asked_for(query: str) -> None:
    apps = InMemoryApps(
        a_task("t1", parentTaskId="parent", variables=VARIABLES),
        a_task("parent", variables={"above": from_json(1)}),
    )

    answer = apps.ask("GET /task/{id}/form-variables", query=query)

    assert sorted(answer.json) == ["above", "amount", "draft"]


@pytest.mark.parametrize(
    ("case", "form_key", "status", "message"),
    [
        ("render_form", None, 404, f"No matching rendered form for task with the id {ID} found."),
        (
            "show_deployed_form",
            "deployment:f",
            404,
            f"No deployed form for task with the id {ID} found.",
        ),
        ("show_deployed_form", None, 404, f"No deployed form for task with the id {ID} found."),
        ("show_deployed_form", "f", 400, "The form key 'f' does not refer to a deployed form."),
    ],
)
def test_the_samples_of_forms_to_look_at_say_that_there_are_none(
    case: str, form_key: str | None, status: int, message: str
) -> None:
    answer = InMemoryApps(a_task(ID, formKey=form_key)).send(sample("manage_task", case))

    assert (answer.status, answer.json["type"]) == (status, "InvalidRequestException")
    assert answer.json["message"] == message
