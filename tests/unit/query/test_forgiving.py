"""What real programs send, and the answer that they need."""

import pytest
from taskdock.api.queries.reading import read_body, read_parameters
from taskdock.api.requests.standalone_tasks import new_standalone_task
from taskdock.domain.json_text import read_json
from taskdock.domain.tasks.task import TaskId

from tests.support.builders import CREATED


@pytest.mark.parametrize("name", ["orQueries", "sorting"])
def test_an_empty_parameter_of_a_query_string_is_absent(name: str) -> None:
    assert read_parameters({name: ""}, read_json) == read_body({})


@pytest.mark.parametrize("text", ['\ufeff{"a": 1}', '\ufeff{"a": 1}'.encode()])
def test_a_byte_order_mark_before_json_is_skipped(text: str | bytes) -> None:
    assert read_json(text) == {"a": 1}


def test_an_empty_tenant_id_is_no_tenant() -> None:
    task = new_standalone_task({"name": "a", "tenantId": ""}, TaskId("t1"), CREATED)

    assert "tenantId" not in task


@pytest.mark.parametrize("digits", ["1118058", "11180581", "111805812"])
def test_a_fraction_of_up_to_nine_digits_is_cut_to_milliseconds(digits: str) -> None:
    written, short = (
        read_body({"dueDate": f"2019-02-05T09:48:46.{fraction}Z"}) for fraction in (digits, "111")
    )

    assert written == short
