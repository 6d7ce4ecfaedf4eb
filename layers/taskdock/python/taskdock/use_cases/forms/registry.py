"""The registered forms, each with its versions, and the form of a task."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from taskdock.domain.errors import ConcurrentChange, NotFound
from taskdock.domain.forms.rules import Rule
from taskdock.domain.forms.schema import rules_in
from taskdock.domain.identifiers import is_identifier
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.forms import wanted_form
from taskdock.domain.tasks.task import Task

REMEMBERED: Final = 60_000
"""Milliseconds for which a form counts as what it was."""


@dataclass(frozen=True, slots=True)
class FormVersion:
    """A version of a form, without its schema."""

    key: str
    version: int
    registered: Instant


@dataclass(frozen=True, slots=True)
class Form:
    """A version of a form."""

    about: FormVersion
    schema: Mapping[str, Any]
    """A Camunda Form as JSON."""


class FormRegistry(Protocol):
    """The registered forms. Every method raises `TemporarilyUnavailable` when the store is
    throttled or out of reach.
    """

    def get(self, key: str, version: int | None = None) -> Form | None:
        """A version of the form of that key, the newest without one."""
        ...

    def list(self) -> Sequence[FormVersion]:
        """The newest version of each form, by key."""
        ...

    def put(self, form: Form) -> bool:
        """Write the next version; False when it is not the next one by now."""
        ...

    def remove(self, key: str) -> bool:
        """Remove every version; False when there was none."""
        ...


class KnownForms:
    """The registry with a cache of what it said in the last minute. Threads may share one."""

    def __init__(self, registry: FormRegistry) -> None:
        self._registry = registry
        self._found: dict[tuple[str, int | None], tuple[Form | None, Instant]] = {}

    def of_task(self, task: Task, now: Instant) -> Form | None:
        """The form that the task names; None when it names none, or one that is not registered."""
        wanted = wanted_form(task)
        if wanted is None or not is_identifier(wanted[0]):
            return None
        found = self._found.get(wanted)
        if found is None or now >= found[1] + REMEMBERED:
            found = self._found[wanted] = (self._registry.get(*wanted), now)
        return found[0]

    def rules_for(self, task: Task, now: Instant) -> tuple[Rule, ...]:
        """What the task's form asks of the values that complete it; nothing without a form."""
        form = self.of_task(task, now)
        return () if form is None else rules_in(form.schema)


def register_form(
    forms: FormRegistry, key: str, schema: Mapping[str, Any], now: Instant
) -> tuple[FormVersion, bool]:
    """The form's newest version, which is a new one unless it says the same as the one before, and
    whether the form is new. Raises `ConcurrentChange`.
    """
    before = forms.get(key)
    if before is not None and before.schema == schema:
        return before.about, False
    about = FormVersion(key, 1 if before is None else before.about.version + 1, now)
    if not forms.put(Form(about, schema)):
        raise ConcurrentChange(
            f"Form '{key}' was registered by others at the same time. Try again."
        )
    return about, before is None


def find_form(forms: FormRegistry, key: str, version: int | None = None) -> Form:
    """A version of the form, the newest without one; raises `NotFound`."""
    found = forms.get(key, version) if is_identifier(key) else None
    if found is None:
        which = "" if version is None else f" in version {version}"
        raise NotFound(f"No form with key {key}{which}")
    return found


def remove_form(forms: FormRegistry, key: str) -> None:
    """Remove the form with all of its versions; raises `NotFound`."""
    if not is_identifier(key) or not forms.remove(key):
        raise NotFound(f"No form with key {key}")
