"""An expression as a query holds it, and what it is evaluated in.

Nothing here knows the grammar: a query without expressions loads neither it nor the evaluation.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from taskdock.domain.instants import Instant

if TYPE_CHECKING:
    from taskdock.domain.expressions.nodes import Node


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression: literal text and embedded parts, in order.

    A single part keeps its value's type; more than one always make a string.
    """

    text: str
    """As the caller wrote it."""
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression can read: the time and the caller."""

    now: Instant
    user: str | None
    """The caller's id; None without a caller."""
    groups: tuple[str, ...]
    """The caller's groups, in the order in which `currentUserGroups()` lists them."""
