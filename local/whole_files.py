"""Files that are written whole or not at all, whenever the process ends."""

from pathlib import Path
from typing import Final

UNFINISHED: Final = ".new"
"""What the name of a file ends with that a kill left behind."""


def write_whole(file: Path, content: bytes) -> None:
    """Write the content, in place of what the file held."""
    written = file.with_name(f"{file.name}{UNFINISHED}")
    written.write_bytes(content)
    written.replace(file)
