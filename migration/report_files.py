"""Writes the reports of commands into the folder of the journal."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from migration.http_client import Trouble


def write_report(folder: Path, name: str, report: Mapping[str, Any], page: str) -> list[Path]:
    """`<name>.json` and `<name>.md`, each whole or not at all; raises `Trouble`."""
    text = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
    return [
        write_whole(folder / f"{name}.json", text),
        write_whole(folder / f"{name}.md", page),
    ]


def write_whole(path: Path, text: str, *, private: bool = False) -> Path:
    """The file with that text; what was there before stays when it cannot be written.

    A private file is readable by its owner alone. Raises `Trouble`.
    """
    new = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.unlink(missing_ok=True)
        new.touch(0o600 if private else 0o666)
        new.write_text(text, encoding="utf-8")
        new.replace(path)
    except OSError as problem:
        raise Trouble(f"{path}: {problem.strerror}") from None
    return path
