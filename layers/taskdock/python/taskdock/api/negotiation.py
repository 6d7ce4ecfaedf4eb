"""Reads `Accept` and `Accept-Encoding` (RFC 9110, sections 12.4 and
12.5)."""

from collections.abc import Sequence

from taskdock.domain.errors import NotAcceptable


def accepts_gzip(accept_encoding: str | None) -> bool:
    """Whether gzip may be used: not without the header, and not after `gzip;q=0`."""
    weights = _weights(accept_encoding or "")
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def best_type(accept: str | None, offered: Sequence[str]) -> str:
    """The offered media type that the caller prefers; the first of equals.

    Raises `NotAcceptable` when the caller accepts none of them. Without the header everything is
    accepted.
    """
    weights = _weights(accept or "*/*")
    best = max(offered, key=lambda media_type: _weight_of(media_type, weights))
    if _weight_of(best, weights) <= 0:
        raise NotAcceptable(f"No acceptable content-type found: this is {' or '.join(offered)}.")
    return best


def _weight_of(media_type: str, weights: dict[str, float]) -> float:
    wildcard = f"{media_type.partition('/')[0]}/*"
    for name in (media_type, wildcard, "*/*"):
        if name in weights:
            return weights[name]
    return 0.0


def _weights(header: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for choice in header.lower().split(","):
        name, *parameters = (part.strip() for part in choice.split(";"))
        if name:
            weights[name] = _quality(parameters)
    return weights


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0
