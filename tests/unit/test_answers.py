"""Answers on their way out: compact, gzipped, never cut."""

import base64
import gzip
import json
import random

import pytest
from taskdock.domain import errors
from taskdock.domain.errors import ResponseTooLarge
from taskdock.runtime.answers import LARGEST_PAYLOAD, NO_CONTENT, Answer, error_answer, rendered

SMALL = {"name": "Grüße 😀", "due": None, "lists": [1, 2.5]}
LARGE = {"names": ["a task's name"] * 200}


def incompressible(characters: int) -> str:
    """Text that no compression makes much smaller, the same every time."""
    return random.Random(7).randbytes(characters // 2).hex()


def test_a_body_is_compact_json_in_utf_8() -> None:
    response = rendered(Answer(200, SMALL), "gzip")

    assert response.body == '{"name":"Grüße 😀","due":null,"lists":[1,2.5]}'
    assert response.headers == {"Content-Type": "application/json"}
    assert not response.base64_encoded


def test_an_answer_without_content_has_neither_body_nor_content_type() -> None:
    response = rendered(NO_CONTENT, "gzip")

    assert (response.status_code, response.body, response.headers) == (204, "", {})


def test_null_and_nothing_are_not_the_same_answer() -> None:
    assert rendered(Answer(200, []), None).body == "[]"


def test_an_answer_may_be_of_another_media_type() -> None:
    response = rendered(Answer(200, SMALL, media_type="application/hal+json"), None)

    assert response.headers == {"Content-Type": "application/hal+json"}


@pytest.mark.parametrize("content", [b"\xff\x00", b""])
def test_bytes_are_sent_as_they_are(content: bytes) -> None:
    response = rendered(Answer(200, content, media_type="application/octet-stream"), "gzip")

    assert isinstance(response.body, str)
    assert base64.b64decode(response.body) == content
    assert response.base64_encoded
    assert response.headers == {"Content-Type": "application/octet-stream"}


def test_bytes_that_do_not_fit_are_refused_too() -> None:
    with pytest.raises(ResponseTooLarge):
        rendered(Answer(200, bytes(LARGEST_PAYLOAD)), "gzip")


def test_a_large_body_is_gzipped_for_those_who_accept_it() -> None:
    response = rendered(Answer(200, LARGE, headers={"ETag": '"1"'}), "gzip")

    assert isinstance(response.body, str)
    assert json.loads(gzip.decompress(base64.b64decode(response.body))) == LARGE
    assert response.base64_encoded
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert response.headers["ETag"] == '"1"'


def test_a_large_body_goes_as_it_is_to_everyone_else() -> None:
    response = rendered(Answer(200, LARGE), "gzip;q=0")

    assert isinstance(response.body, str)
    assert json.loads(response.body) == LARGE
    assert "Content-Encoding" not in response.headers
    assert response.headers["Vary"] == "Accept-Encoding"


def test_what_does_not_fit_is_refused_in_the_answers_own_words() -> None:
    answer = Answer(200, "x" * LARGEST_PAYLOAD, too_large="7 tasks match; ask for pages")

    with pytest.raises(ResponseTooLarge, match="7 tasks match; ask for pages"):
        rendered(answer, None)


def test_gzip_lets_an_answer_fit_that_else_would_not() -> None:
    response = rendered(Answer(200, "x" * LARGEST_PAYLOAD), "gzip")

    assert response.status_code == 200


def test_what_does_not_fit_even_gzipped_is_refused() -> None:
    with pytest.raises(ResponseTooLarge):
        rendered(Answer(200, incompressible(3 * LARGEST_PAYLOAD)), "gzip")


@pytest.mark.parametrize(("quotes", "fits"), [(0.24, True), (0.26, False)])
def test_a_quote_counts_four_times_as_lambda_counts_it(quotes: float, fits: bool) -> None:
    answer = Answer(200, '"' * int(LARGEST_PAYLOAD * quotes))

    if fits:
        assert rendered(answer, None).status_code == 200
    else:
        with pytest.raises(ResponseTooLarge):
            rendered(answer, None)


@pytest.mark.parametrize(
    ("error", "status", "type_name", "code"),
    [
        (errors.InvalidRequest("m"), 400, "InvalidRequestException", None),
        (errors.BadUserRequest("m"), 400, "BadUserRequestException", None),
        (errors.TaskSuspended("t"), 400, "SuspendedEntityInteractionException", None),
        (errors.Unauthenticated("m"), 401, "AuthenticationException", None),
        (errors.NotAuthorized("m"), 403, "AuthorizationException", None),
        (errors.TaskNotFound("t"), 404, "InvalidRequestException", None),
        (errors.NotFound("m"), 404, "InvalidRequestException", None),
        (errors.NotAcceptable("m"), 406, "NotAcceptableException", None),
        (errors.TaskAlreadyClaimed("t"), 409, "TaskAlreadyClaimedException", None),
        (errors.ConcurrentChange("m"), 409, "OptimisticLockingException", 1),
        (errors.PreconditionFailed("m"), 412, "PreconditionFailedException", None),
        (errors.RequestTooLarge("m"), 413, "RequestTooLargeException", None),
        (errors.UnsupportedMediaType("m"), 415, "NotSupportedException", None),
        (errors.IdempotencyMismatch("m"), 422, "IdempotencyMismatchException", None),
        (errors.ResponseTooLarge("m"), 422, "ResponseTooLargeException", None),
        (errors.QueryTooExpensive("m"), 422, "QueryTooExpensiveException", None),
        (errors.OutOfTime("m"), 503, "OutOfTimeException", None),
    ],
)
def test_an_error_is_answered_by_its_row(
    error: errors.TaskdockError, status: int, type_name: str, code: int | None
) -> None:
    answer = error_answer(error)

    assert answer.status == status
    assert answer.content == {"type": type_name, "message": error.message, "code": code}


def test_a_class_below_a_known_one_is_answered_like_it() -> None:
    class Narrower(errors.NotAuthorized):
        pass

    assert error_answer(Narrower("m")).status == 403


def test_headers_say_when_to_try_again_and_how_to_sign_in() -> None:
    assert error_answer(errors.TemporarilyUnavailable("m")).headers == {"Retry-After": "1"}
    assert error_answer(errors.Unauthenticated("m")).headers == {"WWW-Authenticate": "Bearer"}


def test_the_log_learns_the_cause_of_an_outage_but_no_message_of_a_caller() -> None:
    outage = errors.TemporarilyUnavailable("m")
    outage.__cause__ = OSError("no route")
    mistake = errors.InvalidRequest("name: the caller's words")
    mistake.__cause__ = ValueError("the caller's words")

    assert error_answer(outage).facts["cause"] == "OSError('no route')"
    assert "words" not in str(error_answer(mistake).facts)
