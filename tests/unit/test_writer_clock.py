"""The clock of writers: trusted as far as the table's answers agree with it."""

from email.utils import formatdate
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from taskdock.adapters.dynamodb.changes.writer_clock import WriterClock
from taskdock.domain.errors import TemporarilyUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = 1_769_172_162.0


class Machine:
    """A machine, and a table that answers with its own time."""

    def __init__(self, ahead: float = 0.0) -> None:
        self.true = NOW
        self.ahead = ahead
        handlers: dict[str, Callable[..., None]] = {}
        events = SimpleNamespace(register=handlers.__setitem__)
        client = SimpleNamespace(meta=SimpleNamespace(events=events))
        self.handlers = handlers
        self.clock = WriterClock(
            cast(Any, client), lambda: self.true + self.ahead, lambda: self.true - NOW
        )

    def ask(self, there: float = 0.005, back: float = 0.005, date: str | None = "its own") -> None:
        context: dict[str, Any] = {}
        request = SimpleNamespace(context=context)
        self.handlers["request-created.dynamodb"](request=request, operation_name="GetItem")
        self.true += there
        said = formatdate(self.true, usegmt=True) if date == "its own" else date
        self.true += back
        headers = {} if said is None else {"date": said}
        self.handlers["response-received.dynamodb"](
            response_dict={"headers": headers}, context=context
        )

    def is_right(self) -> bool:
        try:
            now = self.clock.now()
        except TemporarilyUnavailable:
            return False
        assert now == int((self.true + self.ahead) * 1000)
        return True


def test_a_clock_that_was_not_compared_says_so_and_is_trusted_until_then() -> None:
    machine = Machine(60)
    seen = [(machine.is_right(), machine.clock.is_compared)]
    machine.ask()
    seen.append((machine.is_right(), machine.clock.is_compared))

    assert seen == [(True, False), (False, True)]


@given(
    ahead=st.floats(-30, 30),
    fraction=st.floats(0, 1),
    there=st.floats(0.001, 0.9),
    back=st.floats(0.001, 0.9),
)
def test_a_clock_that_is_right_is_never_refused_and_a_wrong_one_always(
    ahead: float, fraction: float, there: float, back: float
) -> None:
    machine = Machine(ahead)
    machine.true += fraction
    machine.ask(there, back)

    if abs(ahead) <= 5:
        assert machine.is_right()
    if abs(ahead) > 6 + there + back:
        assert not machine.is_right()


def test_the_error_says_how_far_off_it_is() -> None:
    machine = Machine(-12)
    machine.ask()

    with pytest.raises(TemporarilyUnavailable, match=r"is 1[12] seconds off the task table's"):
        machine.clock.now()


def test_a_clock_that_is_put_right_is_trusted_again() -> None:
    machine = Machine(60)
    machine.ask()
    machine.ahead = 0
    assert not machine.clock.is_compared

    machine.ask()
    assert machine.is_right()


def test_a_clock_that_somebody_sets_has_to_be_compared_again() -> None:
    machine = Machine()
    machine.ask()
    machine.true += 3600
    assert machine.clock.is_compared

    machine.ahead = 20
    assert not machine.clock.is_compared


def test_a_slow_answer_does_not_spoil_a_quick_ones_comparison() -> None:
    machine = Machine(8)
    machine.ask()
    machine.ask(4, 4)

    assert not machine.is_right()


@pytest.mark.parametrize("date", [None, "", "soon"])
def test_an_answer_without_a_date_says_nothing(date: str | None) -> None:
    machine = Machine()
    machine.ask(date=date)

    assert not machine.clock.is_compared
    assert machine.is_right()


def test_an_answer_that_never_came_says_nothing() -> None:
    machine = Machine()
    machine.handlers["response-received.dynamodb"](response_dict=None, context={})

    assert not machine.clock.is_compared
