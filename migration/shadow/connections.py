"""How the proxy reaches the old server."""

import ssl
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import urllib3

_NEVER: Final = urllib3.Timeout(connect=30.0, read=None)


@dataclass(frozen=True, slots=True)
class Old:
    """How the proxy reaches the old server; `base` is the path of its REST API."""

    origin: str
    base: str
    reads: urllib3.PoolManager
    trusted: ssl.SSLContext

    @classmethod
    def at(cls, address: str) -> "Old":
        """For the address of the REST API."""
        parts = urlsplit(address)
        trusted = ssl.create_default_context()
        reads = urllib3.PoolManager(maxsize=64, timeout=_NEVER, retries=False, ssl_context=trusted)
        return cls(f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/"), reads, trusted)

    def for_write(self) -> urllib3.PoolManager:
        """A connection for one write; the caller closes it.

        A kept connection may be closed by the server while the write is on its way, and a write
        cannot be repeated. A pool keeps a connection even after "Connection: close" when the answer
        does not say the same, so each write has a pool of its own.
        """
        return urllib3.PoolManager(
            maxsize=1, timeout=_NEVER, retries=False, ssl_context=self.trusted
        )
