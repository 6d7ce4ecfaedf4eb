"""Addresses that browsers open."""

import pytest
from taskdock.api.answers.group_counts import counts_csv
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.services.lists import list_item
from taskdock.domain.web_addresses import is_harmless


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " \tjavascript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "vbscript:x",
        "data:text/html,<script>x</script>",
        "da\tta:text/html,x",
    ],
)
def test_an_address_that_runs_a_program_is_refused(address: str) -> None:
    assert not is_harmless(address)
    with pytest.raises(InvalidRequest, match="href"):
        list_item(address, {})


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://example.org/javascript:x",
        "/task/1",
        "report.pdf",
        "mailto:a@example.org",
        "s3://bucket/data:1",
        "urn:uuid:1",
        "javascripts:x",
        "a b: c",
    ],
)
def test_any_other_address_is_taken(address: str) -> None:
    assert is_harmless(address)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_spreadsheet_takes_no_name_for_a_formula(start: str) -> None:
    written = counts_csv({f"{start}1+1": 2, "sales": 1, None: 3})

    assert f"'{start}1+1" in written
    assert written.endswith("sales,1\nnull,3")
