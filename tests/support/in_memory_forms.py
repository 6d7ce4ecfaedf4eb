"""Registered forms in memory."""

from collections.abc import Sequence

from taskdock.use_cases.forms.registry import Form, FormVersion


class InMemoryFormRegistry:
    """`FormRegistry`."""

    def __init__(self) -> None:
        self._forms: dict[str, list[Form]] = {}

    def get(self, key: str, version: int | None = None) -> Form | None:
        """See `FormRegistry.get`."""
        versions = self._forms.get(key, [])
        wanted = len(versions) if version is None else version
        return versions[wanted - 1] if 0 < wanted <= len(versions) else None

    def list(self) -> Sequence[FormVersion]:
        """See `FormRegistry.list`."""
        return [self._forms[key][-1].about for key in sorted(self._forms)]

    def put(self, form: Form) -> bool:
        """See `FormRegistry.put`."""
        if form.about.version != len(self._forms.get(form.about.key, [])) + 1:
            return False
        self._forms.setdefault(form.about.key, []).append(form)
        return True

    def remove(self, key: str) -> bool:
        """See `FormRegistry.remove`."""
        return self._forms.pop(key, None) is not None
