"""Fields of a form as clients upload them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from taskdock.domain.errors import InvalidRequest
from taskdock.domain.json_text import refuse_nul

_CHARSETS: Final = ("utf-8", "us-ascii", "iso-8859-1")


@dataclass(frozen=True, slots=True)
class Upload:
    """A field: its content, media type and parameters."""

    name: str
    content: bytes
    file_name: str | None = None
    media_type: str | None = None
    """In lower case."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Parameters of the media type, their names in lower case."""

    def text(self) -> str:
        """The content as text, in UTF-8 unless the field names another charset: Java clients often
        send ISO-8859-1. Raises `InvalidRequest` when the bytes do not fit the charset.
        """
        charset = self.parameters.get("charset", "utf-8").lower()
        if charset not in _CHARSETS:
            raise InvalidRequest(f"{self.name}: expected a charset of {', '.join(_CHARSETS)}")
        try:
            text = self.content.decode(charset)
        except UnicodeDecodeError:
            raise InvalidRequest(f"{self.name}: the text is not valid {charset.upper()}") from None
        refuse_nul(text, self.name)
        return text
