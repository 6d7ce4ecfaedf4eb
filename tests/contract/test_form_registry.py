"""What every registry of forms promises."""

from typing import TYPE_CHECKING

import pytest
from taskdock.adapters.dynamodb.form_registry import DynamoDbFormRegistry
from taskdock.domain.instants import Instant
from taskdock.use_cases.forms.registry import Form, FormRegistry, FormVersion

from tests.support.in_memory_forms import InMemoryFormRegistry

if TYPE_CHECKING:
    from tests.support.tables import Table


def a_form(version: int = 1, key: str = "approve", text: str = "f\u00f6rm") -> Form:
    about = FormVersion(key, version, Instant(17 + version))
    return Form(about, {"type": "default", "components": [{"type": "text", "text": text}]})


@pytest.fixture(params=["in_memory", "moto", "dynoxide"])
def forms(request: pytest.FixtureRequest) -> FormRegistry:
    """Every registry there is, empty."""
    if request.param == "in_memory":
        return InMemoryFormRegistry()
    table: Table = request.getfixturevalue(f"{request.param}_table")
    return DynamoDbFormRegistry(table.client, table.name)


def test_an_unknown_form_is_none(forms: FormRegistry) -> None:
    assert forms.get("approve") is None
    assert forms.get("approve", 1) is None
    assert [*forms.list()] == []
    assert not forms.remove("approve")


def test_a_form_comes_back_in_every_version(forms: FormRegistry) -> None:
    first, second = a_form(), a_form(2, text="other")

    assert forms.put(first)
    assert forms.get("approve") == first
    assert forms.put(second)

    assert forms.get("approve") == forms.get("approve", 2) == second
    assert forms.get("approve", 1) == first
    assert forms.get("approve", 3) is None


@pytest.mark.parametrize("version", [1, 3])
def test_only_the_next_version_is_taken(forms: FormRegistry, version: int) -> None:
    forms.put(a_form())

    assert not forms.put(a_form(version, text="late"))

    assert forms.get("approve") == forms.get("approve", 1) == a_form()
    assert forms.get("approve", 3) is None


def test_a_second_version_needs_a_first_one(forms: FormRegistry) -> None:
    assert not forms.put(a_form(2))
    assert forms.get("approve") is None


def test_the_newest_versions_are_listed_by_key(forms: FormRegistry) -> None:
    for form in (a_form(key="b"), a_form(key="a"), a_form(2, key="b"), a_form(key="C")):
        assert forms.put(form)

    assert [(about.key, about.version) for about in forms.list()] == [("C", 1), ("a", 1), ("b", 2)]
    assert forms.list()[0] == a_form(key="C").about


def test_a_removed_form_is_gone_in_every_version(forms: FormRegistry) -> None:
    forms.put(a_form())
    forms.put(a_form(2))
    forms.put(a_form(key="other"))

    assert forms.remove("approve")

    assert forms.get("approve") is None
    assert forms.get("approve", 1) is None
    assert [about.key for about in forms.list()] == ["other"]
    assert forms.put(a_form(text="again"))
    assert forms.get("approve") == a_form(text="again")
