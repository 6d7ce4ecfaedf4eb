"""What ids of tasks and services may look like."""

import pytest
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.identifiers import LONGEST_NAME, identifier, is_identifier, short_name


@pytest.mark.parametrize("text", ["a", "cf5bfb0d-7861-499e", "order:1:x_y.z", "Z" * 64])
def test_letters_digits_and_four_signs_make_an_id(text: str) -> None:
    assert is_identifier(text)
    assert identifier(text, "id") == text


@pytest.mark.parametrize("text", ["", "Z" * 65, "a b", "a/b", "ä", "a\n", "a#b", "a\0"])
def test_nothing_is_called_otherwise(text: str) -> None:
    assert not is_identifier(text)
    with pytest.raises(InvalidRequest, match=r"^id: expected 1 to 64 letters"):
        identifier(text, "id")


def test_a_name_is_as_long_as_an_event_can_carry() -> None:
    assert short_name("ä" * LONGEST_NAME, "owner") == "ä" * LONGEST_NAME
    with pytest.raises(InvalidRequest, match=r"^owner: expected at most 255 .* got 256$"):
        short_name("x" * (LONGEST_NAME + 1), "owner")
