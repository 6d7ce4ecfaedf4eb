"""How far the readers of the table's stream have come, kept in a file beside the table's: what was
not delivered when the service was killed is delivered after its restart.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.whole_files import write_whole

type Positions = dict[str, str]
"""The last sequence number that was delivered, by shard."""


class StreamPositions:
    """The positions of every reader of one stream."""

    def __init__(self, file: Path | None, stream: str) -> None:
        """`file` None keeps nothing."""
        self._file = file
        self._stream = stream
        self._saved = ""
        kept = _read(file)
        self._is_known = kept.get("stream") == stream
        self._by_reader: dict[str, Positions] = kept.get("readers", {}) if self._is_known else {}

    @property
    def is_kept(self) -> bool:
        """Whether a later service goes on from these positions."""
        return self._file is not None

    @property
    def is_known(self) -> bool:
        """Whether an earlier service has read this stream."""
        return self._is_known

    def of(self, reader: str) -> Positions:
        """The reader's positions, to be kept up to date by the code that reads for it."""
        return self._by_reader.setdefault(reader, {})

    def save(self) -> None:
        """Write down that everything up to these positions was delivered."""
        text = json.dumps({"stream": self._stream, "readers": self._by_reader})
        if self._file is None or text == self._saved:
            return
        self._saved = text
        write_whole(self._file, text.encode())


def _read(file: Path | None) -> Mapping[str, Any]:
    try:
        kept = json.loads(file.read_text(encoding="utf-8")) if file else {}
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}
