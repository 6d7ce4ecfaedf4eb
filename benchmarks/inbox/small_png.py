"""Pictures with a palette of 256 colours, which take a third of the bytes."""

import base64
import json
import struct
import zlib
from typing import Final

from tests.inbox.page import Page

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_PALETTE_OF_BYTES: Final = (8, 3)
"""Eight bits a pixel, which name a colour of the palette."""

_REDUCED: Final = """
(async (text) => {
  const bytes = Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const pixels = new Uint32Array(
    context.getImageData(0, 0, image.width, image.height).data.buffer);
  const numbers = new Map();
  for (const each of pixels) numbers.set(each, (numbers.get(each) ?? 0) + 1);
  const byUse = [...numbers.keys()].sort((a, b) => numbers.get(b) - numbers.get(a));
  const parts = (colour) => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
  const known = [];
  const nearest = ([red, green, blue]) => {
    let best = 0, least = Infinity;
    known.forEach(([r, g, b], place) => {
      const far = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
      if (far < least) [best, least] = [place, far];
    });
    return [best, least];
  };
  // Colours that differ from those before them, the commonest first: a rare red stays red.
  for (let apart = 500; apart > 1 && known.length < 256; apart /= 4) {
    for (const colour of byUse) {
      if (known.length < 256 && nearest(parts(colour))[1] >= apart) known.push(parts(colour));
    }
  }
  const places = new Map(byUse.map((colour) => [colour, nearest(parts(colour))[0]]));
  let found = "";
  for (const each of pixels) found += String.fromCharCode(places.get(each));
  return { width: image.width, height: image.height, palette: known.flat(), pixels: btoa(found) };
})(%s)
"""


def reduced(page: Page, picture: bytes) -> bytes:
    """The PNG with 256 of its colours, and the nearest of them in place of the others; the browser,
    which can read it, shows a blank page afterwards."""
    page.go("about:blank")
    found = page.asynchronous(_REDUCED % json.dumps(base64.b64encode(picture).decode()))
    width, height = found["width"], found["height"]
    pixels = base64.b64decode(found["pixels"])
    rows = b"".join(b"\0" + pixels[row * width : (row + 1) * width] for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, *_PALETTE_OF_BYTES, 0, 0, 0)
    return _SIGNATURE + b"".join(
        _chunk(kind, content)
        for kind, content in (
            (b"IHDR", header),
            (b"PLTE", bytes(found["palette"])),
            (b"IDAT", zlib.compress(rows, 9)),
            (b"IEND", b""),
        )
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))
