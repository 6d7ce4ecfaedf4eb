"""Input and output lists: where items go, when lists are frozen, what a service gets to see."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from taskdock.domain.errors import InvalidRequest, NotFound, StateConflict
from taskdock.domain.services import lists as service_lists
from taskdock.domain.services.lists import ListName
from taskdock.domain.tasks.task import Task

from tests.support.service_tasks import LATER, a_service_task, an_item

LISTS = pytest.mark.parametrize("name", ListName)

CHANGES: dict[str, Callable[[Task, ListName], Task]] = {
    "insert": lambda task, name: service_lists.insert(task, name, an_item("new"), LATER),
    "merge": lambda task, name: service_lists.merge_item_metadata(task, name, 0, {}, LATER),
    "remove": lambda task, name: service_lists.remove(task, name, 0, LATER),
}

MAY_CHANGE = {
    ("created", ListName.INPUT): True,
    ("created", ListName.OUTPUT): True,
    ("started", ListName.INPUT): False,
    ("started", ListName.OUTPUT): True,
    **{(state, name): False for state in ("completed", "failed", "canceled") for name in ListName},
}


def a_task_listing(name: ListName, *documents: str, **fields: object) -> Task:
    return a_service_task(**{name.value: [an_item(each) for each in documents]}, **fields)


def listed(task: Task, name: ListName) -> list[str]:
    return [item["href"].rpartition("/")[2] for item in service_lists.items(task, name)]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(("state", "name"), MAY_CHANGE)
def test_a_start_freezes_the_input_and_an_end_both_lists(
    state: str, name: ListName, change: str
) -> None:
    task = a_task_listing(name, "a", state=state)
    if MAY_CHANGE[state, name]:
        assert CHANGES[change](task, name)["lastUpdated"] == LATER
    else:
        with pytest.raises(StateConflict, match=f"The {name} .* cannot change: it is {state}"):
            CHANGES[change](task, name)


@LISTS
def test_a_task_created_without_lists_has_empty_ones(name: ListName) -> None:
    task = a_service_task()
    assert list(service_lists.items(task, name)) == []
    assert service_lists.list_metadata(task, name) == {}


@LISTS
def test_an_item_is_appended_to_its_own_list(name: ListName) -> None:
    task = service_lists.insert(a_task_listing(name, "a"), name, an_item("b"), LATER)
    assert listed(task, name) == ["a", "b"]
    assert [listed(task, other) for other in ListName if other is not name] == [[]]


@pytest.mark.parametrize(
    ("index", "expected"),
    [(0, ["new", "a", "b"]), (1, ["a", "new", "b"]), (2, ["a", "b", "new"])],
)
def test_an_insertion_moves_later_items_down(index: int, expected: list[str]) -> None:
    task = a_task_listing(ListName.INPUT, "a", "b")
    inserted = service_lists.insert(task, ListName.INPUT, an_item("new"), LATER, index=index)
    assert listed(inserted, ListName.INPUT) == expected


@pytest.mark.parametrize("index", [-1, 3])
def test_an_insertion_never_leaves_a_gap(index: int) -> None:
    task = a_task_listing(ListName.INPUT, "a", "b")
    with pytest.raises(InvalidRequest, match=f"index: expected 0 to 2, got {index}"):
        service_lists.insert(task, ListName.INPUT, an_item("new"), LATER, index=index)


@pytest.mark.parametrize(("index", "left"), [(0, ["b", "c"]), (1, ["a", "c"]), (2, ["a", "b"])])
def test_a_removal_lets_later_items_move_up(index: int, left: list[str]) -> None:
    task = a_task_listing(ListName.OUTPUT, "a", "b", "c")
    removed = service_lists.remove(task, ListName.OUTPUT, index, LATER)
    assert listed(removed, ListName.OUTPUT) == left


@LISTS
@pytest.mark.parametrize("index", [-1, 1])
def test_an_index_without_an_item_is_not_found(name: ListName, index: int) -> None:
    task = a_task_listing(name, "a")
    for asked in (
        lambda: service_lists.item_at(task, name, index),
        lambda: service_lists.remove(task, name, index, LATER),
        lambda: service_lists.merge_item_metadata(task, name, index, {}, LATER),
    ):
        with pytest.raises(NotFound, match=f"The {name} of task 't1' has no item with index"):
            asked()


@settings(deadline=None)
@given(count=st.integers(0, 5), place=st.integers(0, 5))
def test_a_removal_undoes_an_insertion(count: int, place: int) -> None:
    task = a_service_task(output=[an_item(str(each)) for each in range(count)])
    index = min(place, count)
    inserted = service_lists.insert(task, ListName.OUTPUT, an_item("new"), LATER, index=index)
    assert service_lists.item_at(inserted, ListName.OUTPUT, index) == an_item("new")
    removed = service_lists.remove(inserted, ListName.OUTPUT, index, LATER)
    assert removed["output"] == task["output"]


def test_item_metadata_is_merged_and_the_other_items_stay() -> None:
    task = a_service_task(input=[an_item("a", copies=1, duplex=True), an_item("b", copies=3)])
    merged = service_lists.merge_item_metadata(
        task, ListName.INPUT, 0, {"copies": 2, "duplex": None, "tray": "A"}, LATER
    )
    assert merged["input"] == [an_item("a", copies=2, tray="A"), an_item("b", copies=3)]
    assert merged["taskState"] == "Updated"


def test_an_item_keeps_what_this_version_does_not_know_of_it() -> None:
    task = a_service_task(input=[{**an_item("a"), "checksum": "9f"}])
    merged = service_lists.merge_item_metadata(task, ListName.INPUT, 0, {"copies": 2}, LATER)
    assert merged == a_service_task(
        input=[{**an_item("a", copies=2), "checksum": "9f"}],
        taskState="Updated",
        lastUpdated=LATER,
    )


def test_a_change_of_a_list_leaves_its_task_alone() -> None:
    task = a_task_listing(ListName.INPUT, "a", "b")
    for change in CHANGES.values():
        change(task, ListName.INPUT)
    assert task == a_task_listing(ListName.INPUT, "a", "b")


def test_metadata_are_merged_from_task_to_list_to_item_and_the_later_wins() -> None:
    task = a_service_task(
        variables={
            "Printer": {"type": "String", "value": "LocalPrinter"},
            "copies": {"type": "Integer", "value": 1},
            "tray": {"type": "String", "value": "A"},
        },
        inputMetadata={"copies": 2, "tray": "B"},
        input=[an_item("a"), an_item("b", tray="C")],
    )
    assert [each["metadata"] for each in service_lists.merged_items(task)] == [
        {"Printer": "LocalPrinter", "copies": 2, "tray": "B"},
        {"Printer": "LocalPrinter", "copies": 2, "tray": "C"},
    ]


def test_the_merge_is_shallow() -> None:
    task = a_service_task(
        variables={"page": {"type": "Json", "value": '{"size":"A4","margin":2}'}},
        input=[an_item("a", page={"size": "A5"})],
    )
    assert next(service_lists.merged_items(task))["metadata"] == {"page": {"size": "A5"}}


def test_merged_items_know_their_place_and_document() -> None:
    task = a_task_listing(ListName.INPUT, "a", "b")
    assert [(each["index"], each["href"]) for each in service_lists.merged_items(task)] == [
        (0, an_item("a")["href"]),
        (1, an_item("b")["href"]),
    ]


def test_the_output_is_no_part_of_the_merge() -> None:
    assert list(service_lists.merged_items(a_task_listing(ListName.OUTPUT, "a"))) == []


ENTRIES = st.dictionaries(st.sampled_from("abc"), st.integers() | st.lists(st.integers()))


@settings(deadline=None)
@given(given_to_list=ENTRIES, given_to_item=ENTRIES)
def test_every_entry_of_an_item_wins_and_no_entry_gets_lost(
    given_to_list: dict[str, Any], given_to_item: dict[str, Any]
) -> None:
    item = {**an_item("a"), "metadata": given_to_item}
    task = a_service_task(inputMetadata=given_to_list, input=[item])
    metadata = next(service_lists.merged_items(task))["metadata"]
    assert {key: metadata[key] for key in given_to_item} == given_to_item
    assert metadata.keys() == given_to_list.keys() | given_to_item.keys()


def test_a_tasks_metadata_are_its_variables_as_plain_values() -> None:
    task = a_service_task(
        variables={
            "description": {"type": "String", "value": "Print task"},
            "copies": {"type": "Integer", "value": 2},
            "page": {"type": "Json", "value": '{"size":"A4"}'},
            "nothing": {"type": "Null", "value": None},
        }
    )
    assert list(service_lists.metadata_of(task).items()) == [
        ("description", "Print task"),
        ("copies", 2),
        ("page", {"size": "A4"}),
        ("nothing", None),
    ]
