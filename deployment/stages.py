"""The stages in samconfig.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deployment.passes import CannotDeploy


@dataclass(frozen=True, slots=True)
class Stage:
    """A section of samconfig.toml."""

    name: str
    stack: str
    parameters: Mapping[str, str]
    """What it gives the template."""

    @property
    def has_inbox(self) -> bool:
        """Whether people have the inbox there."""
        return self.parameters.get("WithInbox") == "true"


def stage_in(file: Path, name: str) -> Stage:
    """The stage of that name; raises `CannotDeploy` when there is none."""
    document = tomllib.loads(file.read_text(encoding="utf-8"))
    sections = {key: each for key, each in document.items() if isinstance(each, dict)}
    settings = sections.get(name, {}).get("deploy", {}).get("parameters", {})
    if "stack_name" not in settings:
        known = ", ".join(each for each in sections if "deploy" in sections[each])
        raise CannotDeploy(f"{file.name} has no stage {name!r}; it has {known}")
    pairs = (pair.split("=", 1) for pair in settings.get("parameter_overrides", []))
    return Stage(name, settings["stack_name"], dict(pairs))
