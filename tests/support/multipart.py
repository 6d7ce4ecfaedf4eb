"""Forms written as clients upload them, for tests."""

from typing import Final

BOUNDARY: Final = "----boundary7MA4YWxk"

FORM_TYPE: Final = f"multipart/form-data; boundary={BOUNDARY}"
"""What a request with such a form says its body is."""


def part(
    name: str, content: bytes, *, file_name: str | None = None, content_type: str | None = None
) -> bytes:
    """A field of a form; `name` is written as it is between quotes."""
    disposition = f'Content-Disposition: form-data; name="{name}"'
    if file_name is not None:
        disposition += f'; filename="{file_name}"'
    headers = (
        [disposition] if content_type is None else [disposition, f"Content-Type: {content_type}"]
    )
    return "\r\n".join([*headers, "", ""]).encode() + content


def form(*parts: bytes) -> bytes:
    """The body of a request that uploads these fields."""
    delimiter = f"--{BOUNDARY}".encode()
    return b"".join(delimiter + b"\r\n" + each + b"\r\n" for each in parts) + delimiter + b"--\r\n"
