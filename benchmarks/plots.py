"""A plot of lines over two logarithmic scales, as SVG."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Final

_LEFT: Final = 70
_WIDTH: Final = 420
_TOP: Final = 20
_HEIGHT: Final = 420
_LABELS: Final = 330
_LINE: Final = 19

type Points = Sequence[tuple[float, float]]
type _At = Callable[[float, float], tuple[float, float]]


def plot(series: Mapping[str, Points]) -> str:
    """The lines by their names, the names at their ends; every number must be above zero."""
    xs = sorted({x for points in series.values() for x, _ in points})
    ys = [y for points in series.values() for _, y in points]
    low, high = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)))
    wide = math.log10(xs[-1] / xs[0]) or 1.0

    def at(x: float, y: float) -> tuple[float, float]:
        across = math.log10(x / xs[0]) / wide
        up = (math.log10(y) - low) / (high - low)
        return _LEFT + across * _WIDTH, _TOP + (1 - up) * _HEIGHT

    parts = [*_grid(xs, range(low, high + 1), at), *_lines(series, at)]
    size = f"0 0 {_LEFT + _WIDTH + _LABELS} {_TOP + _HEIGHT + 50}"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}" font-family="sans-serif"'
    return "\n".join([f'{head} font-size="12">', *parts, "</svg>", ""])


def _grid(xs: Sequence[float], powers: Sequence[int], at: _At) -> Iterator[str]:
    yield '<rect width="100%" height="100%" fill="white"/>'
    for power in powers:
        _, y = at(xs[0], 10.0**power)
        yield f'<path d="M{_LEFT} {y:.1f}h{_WIDTH}" stroke="#ddd"/>'
        yield _text(_LEFT - 8, y + 4, f"${10.0**power:,g}", 'text-anchor="end"')
    bottom = _TOP + _HEIGHT
    for x in xs:
        across, _ = at(x, 10.0 ** powers[0])
        yield f'<path d="M{across:.1f} {_TOP}v{_HEIGHT}" stroke="#ddd"/>'
        yield _text(across, bottom + 18, f"{x:,g}", 'text-anchor="middle"')
    middle = _LEFT + _WIDTH / 2
    yield _text(middle, bottom + 38, "open tasks in the table", 'text-anchor="middle"')


def _lines(series: Mapping[str, Points], at: _At) -> Iterator[str]:
    """Each line; the names beside their ends, moved apart where they would touch."""
    by_end = sorted(series.items(), key=lambda each: -each[1][-1][1])
    least: float = _TOP
    for place, (name, points) in enumerate(by_end):
        color = f"hsl({place * 360 / len(by_end):.0f} 65% 40%)"
        corners = [at(x, y) for x, y in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
        end_x, end_y = corners[-1]
        label_y = max(least, min(end_y, _TOP + _HEIGHT - _LINE * (len(by_end) - 1 - place)))
        least = label_y + _LINE
        yield f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="1.5"/>'
        leader = f"M{end_x:.1f} {end_y:.1f}L{end_x + 24:.1f} {label_y:.1f}"
        yield f'<path d="{leader}" stroke="{color}" stroke-width="0.5" fill="none"/>'
        yield _text(end_x + 28, label_y + 4, name, f'fill="{color}"')


def _text(x: float, y: float, text: str, style: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{escape(text)}</text>'
