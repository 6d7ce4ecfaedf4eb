"""What the stories put into tasks: a form, a picture, a document, names that break pages."""

import zlib
from struct import pack
from typing import Any, Final

FORM: Final[dict[str, Any]] = {
    "type": "default",
    "components": [
        {"type": "text", "id": "intro", "text": "# Paper\nSee [the shop](https://example.org)."},
        {
            "type": "textfield",
            "id": "supplier",
            "key": "supplier",
            "label": "Who delivers?",
            "description": "A name that is in the books.",
            "validate": {"required": True},
        },
        {"type": "number", "id": "sheets", "key": "sheets", "label": "How many sheets?"},
        {"type": "checkbox", "id": "urgent", "key": "urgent", "label": "It is urgent"},
        {
            "type": "select",
            "id": "size",
            "key": "size",
            "label": "Which size?",
            "values": [{"label": "A4", "value": "a4"}, {"label": "A3", "value": "a3"}],
        },
        {
            "type": "radio",
            "id": "colour",
            "key": "colour",
            "label": "Which colour?",
            "values": [{"label": "White", "value": "white"}, {"label": "Grey", "value": "grey"}],
        },
        {
            "type": "checklist",
            "id": "floors",
            "key": "floors",
            "label": "Which floors?",
            "values": [{"label": "First", "value": "1"}, {"label": "Second", "value": "2"}],
        },
        {
            "type": "taglist",
            "id": "tags",
            "key": "tags",
            "label": "Which tags?",
            "values": [{"label": "Office", "value": "office"}, {"label": "Art", "value": "art"}],
        },
        {
            "type": "datetime",
            "id": "until",
            "key": "until",
            "subtype": "date",
            "dateLabel": "Until when?",
        },
        {"type": "textarea", "id": "remark", "key": "remark", "label": "Anything else?"},
    ],
}

HOSTILE: Final = (
    "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    "{{7*7}} ${7*7} &lt;b&gt; \u202egnp.exe \U0001f9d1\u200d\U0001f680 '\"`"
)
LONG_WORD: Final = "w" * 65_536


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = pack(">I", zlib.crc32(kind + content))
    return pack(">I", len(content)) + kind + content + check


def picture(width: int, height: int) -> bytes:
    """A PNG of one colour."""
    row = b"\0" + b"\xcc\x66\x33" * width
    header = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    content = zlib.compress(row * height)
    parts = _chunk(b"IHDR", header) + _chunk(b"IDAT", content) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def pdf(text: str, pages: int = 1) -> bytes:
    """A PDF with the text on each of its pages."""
    drawn = f"BT /F1 48 Tf 72 600 Td ({text}) Tj ET".encode()
    kids = " ".join(f"{5 + number} 0 R" for number in range(pages))
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources "
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        *[f"{page}<< /Font << /F1 3 0 R >> >> >>".encode() for _ in range(pages)],
    ]
    content = b"%PDF-1.4\n"
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, len(content))
    return content + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table) + end
