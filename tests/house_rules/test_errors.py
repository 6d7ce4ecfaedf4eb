"""Every error has a status, and says the same wherever it comes from."""

from collections.abc import Iterator

from taskdock.api.answers.errors import TABLE
from taskdock.domain.errors import TaskdockError


def below(cls: type[TaskdockError]) -> Iterator[type[TaskdockError]]:
    """The classes derived from `cls`, directly or not."""
    for derived in cls.__subclasses__():
        yield derived
        yield from below(derived)


def test_every_error_has_a_row_of_its_own() -> None:
    ours = {cls for cls in below(TaskdockError) if cls.__module__ == TaskdockError.__module__}

    assert ours == set(TABLE)


def test_all_errors_are_in_one_tree_of_classes() -> None:
    elsewhere = {
        cls.__qualname__
        for cls in below(TaskdockError)
        if cls.__module__.startswith("taskdock.") and cls.__module__ != TaskdockError.__module__
    }

    assert elsewhere == set()


def test_an_error_is_the_callers_or_can_be_tried_again() -> None:
    for error, row in TABLE.items():
        assert row.status in range(400, 500) or row.status == 503, error
        assert (row.code == 1) == (row.type == "OptimisticLockingException"), error
