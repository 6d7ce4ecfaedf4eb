"""Expressions evaluated at a given moment for a given caller; a Sunday noon for mary by default."""

from collections.abc import Callable
from typing import Final

import pytest
from taskdock.domain import instants
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.expressions.evaluation import evaluate_instant, evaluate_text, evaluate_texts
from taskdock.domain.expressions.expression import Expression, Scope
from taskdock.domain.expressions.grammar import parse

SUNDAY_NOON: Final = "2026-03-15T12:00:00.000+0000"


def scope(
    at: str = SUNDAY_NOON, user: str | None = "mary", groups: tuple[str, ...] = ("sales", "support")
) -> Scope:
    now = instants.parse(at)
    assert now is not None
    return Scope(now, user, groups)


def text(expression: str, within: Scope | None = None) -> str:
    return evaluate_text(parse(expression), within or scope())


def texts(expression: str, within: Scope | None = None) -> tuple[str, ...]:
    return evaluate_texts(parse(expression), within or scope())


def moment(expression: str, at: str = SUNDAY_NOON) -> str:
    """The date that the expression yields, as it would be answered."""
    return instants.write(evaluate_instant(parse(expression), scope(at)))


def shown(inside: str, within: Scope | None = None) -> str:
    """The text of whatever `${inside}` yields, of any type."""
    return text(f"${{{inside}}}|", within).removesuffix("|")


def refused(
    expression: str,
    evaluate: Callable[[Expression, Scope], object] = evaluate_text,
    within: Scope | None = None,
) -> str:
    """The message of the refusal, wherever between parsing and result it comes."""
    with pytest.raises(InvalidRequest) as error:
        evaluate(parse(expression), within or scope())
    return error.value.message


def refused_by_parse(expression: str) -> str:
    """The message of a refusal that needs no values."""
    with pytest.raises(InvalidRequest) as error:
        parse(expression)
    return error.value.message
