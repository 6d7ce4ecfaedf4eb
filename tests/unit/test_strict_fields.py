"""Objects in which every property has to mean something."""

from collections.abc import Callable

import pytest
from taskdock.api.requests.strict_fields import StrictFields
from taskdock.domain.errors import InvalidRequest


def fields(value: object, where: str = "") -> StrictFields:
    return StrictFields(value, where)


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u00a0"])
@pytest.mark.parametrize(
    "read",
    [
        lambda given: given.filled("name"),
        lambda given: given.needed("name"),
    ],
)
def test_blank_text_is_refused(read: Callable[[StrictFields], object], blank: str) -> None:
    with pytest.raises(InvalidRequest, match=r"^name: must not be blank$"):
        read(fields({"name": blank}))


def test_text_is_kept_as_it_is() -> None:
    assert fields({"name": " My Task "}).needed("name") == " My Task "


@pytest.mark.parametrize("value", [{}, {"name": None}])
def test_what_is_needed_must_be_there(value: object) -> None:
    assert fields(value).filled("name") is None
    with pytest.raises(InvalidRequest, match=r"^name: is missing$"):
        fields(value).needed("name")


def test_each_text_of_a_list_counts_once_in_its_order() -> None:
    assert fields({"types": ["b", "a", "b"]}).texts("types") == ("b", "a")
    assert fields({"types": None}).texts("types") == ()


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("a,b", "types: expected a list of strings"),
        ({"a": 1}, "types: expected a list of strings"),
        (["a", 1], r"types\[1\]: expected a string, got 1"),
        ([None], r"types\[0\]: expected a string, got null"),
        (["a", " "], r"types\[1\]: must not be blank"),
    ],
)
def test_a_list_of_texts_holds_texts(value: object, message: str) -> None:
    with pytest.raises(InvalidRequest, match=f"^{message}"):
        fields({"types": value}).texts("types")


@pytest.mark.parametrize("value", ["a\0b", ["a", "\0"], {"a": {"b": ["\0"]}}, {"\0": 1}])
def test_the_nul_character_is_refused_however_deep(value: object) -> None:
    with pytest.raises(InvalidRequest, match=r"^metadata: text must not contain the NUL"):
        fields({"metadata": value}).value("metadata")


def test_an_administrative_property_is_refused_even_when_null() -> None:
    with pytest.raises(InvalidRequest, match=r"^tid: is administrative"):
        fields({"name": "x", "tid": None}).refuse_administrative(["state", "tid"])


def test_properties_that_were_never_asked_for_are_named_with_their_place() -> None:
    given = fields({"name": "x", "nmae": "y", "other": 1}, "lists.input")
    given.filled("name")

    with pytest.raises(
        InvalidRequest, match=r"^lists\.input: .*nmae \(did you mean name\?\).*other"
    ):
        given.refuse_others()


def test_known_properties_pass() -> None:
    given = fields({"name": "x"})
    given.filled("name")
    given.filled("description")

    given.refuse_others()
