"""The file of variables with which `sam local` runs functions against a local service."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from local.deployment import Function
from local.settings import User

FILE_NAME: Final = "sam-variables.json"


def write_sam_variables(
    folder: Path, functions: Iterable[Function], name: str, caller: User
) -> Path:
    """Write what `--env-vars` reads; SAM sets these for every function that declares them.

    SAM checks no token, so `LOCAL_CALLER` names the caller: the user, then the user's groups.
    """
    variables: dict[str, str] = {}
    for function in functions:
        variables |= function.environment
    variables["LOCAL_CALLER"] = " ".join((name, *caller.memberships))
    file = folder / FILE_NAME
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"Parameters": variables}, indent=2) + "\n", encoding="utf-8")
    return file
