"""What callers accept."""

import pytest
from taskdock.api.negotiation import accepts_gzip, best_type
from taskdock.domain.errors import NotAcceptable

JSON = "application/json"
HAL = "application/hal+json"


@pytest.mark.parametrize("header", ["gzip", "deflate, GZIP", "gzip;q=0.5", "*", "br;q=1, *;q=0.1"])
def test_gzip_is_used_for_those_who_accept_it(header: str) -> None:
    assert accepts_gzip(header)


@pytest.mark.parametrize(
    "header", [None, "", "identity", "gzip;q=0", "gzip;q=0, *", "*;q=0", "gzip;q=x", "x-gzip-2"]
)
def test_gzip_is_not_used_for_anyone_else(header: str | None) -> None:
    assert not accepts_gzip(header)


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("Application/HAL+JSON", HAL),
        ("text/html, application/hal+json;q=0.9", HAL),
        ("application/hal+json;q=0.5, application/json;q=0.9", JSON),
        ("application/json;q=0.2, */*;q=0.1", JSON),
        ("application/json;q=0, */*", HAL),
    ],
)
def test_the_caller_gets_what_it_likes_best(accept: str | None, chosen: str) -> None:
    assert best_type(accept, (JSON, HAL)) == chosen


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "image/*", "json"])
def test_nothing_is_forced_on_a_caller(accept: str) -> None:
    with pytest.raises(NotAcceptable, match=JSON):
        best_type(accept, (JSON,))
