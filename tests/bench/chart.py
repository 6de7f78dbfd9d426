"""A drawing of lines on two logarithmic axes, as SVG: on light paper, and on dark where the reader wants that."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

_WIDTH, _HEIGHT = 800, 580
_LEFT, _RIGHT, _TOP, _BOTTOM = 92, 168, 96, 68
_INK, _PALE, _GRID, _PAPER = "#1f2328", "#59636e", "#e4e8ec", "#ffffff"
_IN_THE_DARK = {_INK: "#f0f6fc", _PALE: "#9198a1", _GRID: "#2a313c", _PAPER: "#0d1117"}
_FONT = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
_LINE_HEIGHT = 24
"""What two labels at the right keep between them."""

_NEAR = 0.2
"""How far beyond a tick, in powers of ten, an axis may end."""


class Colour(NamedTuple):
    """A colour on light and on dark paper."""

    light: str
    dark: str


class Line(NamedTuple):
    """What is drawn of an engine: its points (x, y), all above 0, by ascending x; `strong` marks the main one."""

    name: str
    colour: Colour
    points: Sequence[tuple[float, float]]
    strong: bool = False


class Axis(NamedTuple):
    """What an axis shows and the names of its ticks, by value."""

    title: str
    ticks: Mapping[float, str]


def axis(title: str, values: Iterable[float]) -> Axis:
    """An axis with a tick for each power of ten about from the lowest of the values to the highest."""
    powers = [math.log10(value) for value in values]
    lowest, highest = math.floor(min(powers) + _NEAR), math.ceil(max(powers) - _NEAR)
    return Axis(title, {10.0**power: f"{10.0**power:,.15g}" for power in range(lowest, highest + 1)})


def drawn(title: str, below: str, x: Axis, y: Axis, lines: Sequence[Line]) -> str:
    """The SVG. The axes end at the first and at the last tick or point; a label stands at the end of its line."""
    points = [point for line in lines for point in line.points]
    across = _Range([*x.ticks, *(one for one, _ in points)], _LEFT, _WIDTH - _RIGHT)
    up = _Range([*y.ticks, *(one for _, one in points)], _HEIGHT - _BOTTOM, _TOP)
    parts = [
        _style(_IN_THE_DARK | dict(line.colour for line in lines)),
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" rx="12" fill="{_PAPER}"/>',
        _text(28, 42, title, 24, _INK, weight=700),
        _text(28, 70, below, 17, _PALE),
        *_grid(across, up, x, y),
        *(_path(line, across, up) for line in sorted(lines, key=lambda line: line.strong)),
        *_labels(lines, up),
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" font-family="{_FONT}">'
    return "\n".join([head, f"<title>{escape(title)}</title>", *parts, "</svg>", ""])


def _style(colours: Mapping[str, str]) -> str:
    """What takes the place of each colour where the reader wants it dark."""
    rules = (
        f'[{what}="{light}"]{{{what}:{dark}}}'
        for light, dark in colours.items()
        for what in ("fill", "stroke")
    )
    return f"<style>@media (prefers-color-scheme: dark) {{{''.join(rules)}}}</style>"


class _Range:
    """From values to places on the paper."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        self.start, self.end = start, end
        self._low, self._high = math.log(min(values)), math.log(max(values))

    def place(self, value: float) -> float:
        share = (math.log(value) - self._low) / ((self._high - self._low) or 1)
        return self.start + share * (self.end - self.start)


def _grid(across: _Range, up: _Range, x: Axis, y: Axis) -> list[str]:
    parts = []
    for value, name in y.ticks.items():
        at = up.place(value)
        parts += [
            f'<path d="M{across.start:.1f} {at:.1f}H{across.end:.1f}" stroke="{_GRID}"/>',
            _text(across.start - 12, at + 6, name, 17, _PALE, anchor="end"),
        ]
    for value, name in x.ticks.items():
        at = across.place(value)
        parts += [
            f'<path d="M{at:.1f} {up.start:.1f}V{up.end:.1f}" stroke="{_GRID}"/>',
            _text(at, up.start + 25, name, 17, _PALE, anchor="middle"),
        ]
    middle = (across.start + across.end) / 2
    return [
        *parts,
        _text(middle, up.start + 52, x.title, 17, _INK, anchor="middle"),
        _text(28, (up.start + up.end) / 2, y.title, 17, _INK, anchor="middle", turned=True),
    ]


def _path(line: Line, across: _Range, up: _Range) -> str:
    places = [(across.place(x), up.place(y)) for x, y in line.points]
    course = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    width, radius = (4.5, 6.0) if line.strong else (2.5, 4.0)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{line.colour.light}" stroke="{_PAPER}" stroke-width="1.5"/>'
        for x, y in places
    )
    return (
        f'<g data-engine="{escape(line.name)}"><path d="{course}" fill="none" stroke="{line.colour.light}" '
        f'stroke-width="{width}" stroke-linejoin="round" stroke-linecap="round"/>{dots}</g>'
    )


def _labels(lines: Sequence[Line], up: _Range) -> list[str]:
    """The names at the ends of the lines, each as near to its own as the others leave room."""
    ordered = sorted((line for line in lines if line.points), key=lambda line: up.place(line.points[-1][1]))
    wanted = [up.place(line.points[-1][1]) for line in ordered]
    places = _apart(wanted, _LINE_HEIGHT)
    return [
        _text(
            _WIDTH - _RIGHT + 16, at + 6, line.name, 18, line.colour.light, weight=700 if line.strong else 500
        )
        for at, line in zip(places, ordered, strict=True)
    ]


def _apart(wanted: Sequence[float], least: float) -> list[float]:
    """Ascending places at least so far apart, and each group of close ones in the middle of where it wants to be."""
    groups: list[list[float]] = []
    for place in wanted:
        groups.append([place])
        while len(groups) > 1 and _start(groups[-1], least) < _start(groups[-2], least) + least * len(
            groups[-2]
        ):
            last = groups.pop()
            groups[-1] += last
    return [_start(group, least) + least * number for group in groups for number in range(len(group))]


def _start(group: Sequence[float], least: float) -> float:
    return sum(group) / len(group) - least * (len(group) - 1) / 2


def _text(
    x: float,
    y: float,
    text: str,
    size: int,
    colour: str,
    *,
    weight: int = 400,
    anchor: str = "start",
    turned: bool = False,
) -> str:
    turn = f' transform="rotate(-90 {x:.1f} {y:.1f})"' if turned else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" fill="{colour}" '
        f'text-anchor="{anchor}"{turn}>{escape(text)}</text>'
    )
