"""What a benchmark found: rows of figures, ours beside the peer's, and whether a target was met."""

import operator
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table as RichTable
from rich.text import Text

_SIGNS: dict[str, Callable[[float, float], bool]] = {"≤": operator.le, "=": operator.eq, "≥": operator.ge}
_MANY = 1000
_NOTHING = "–"
Runs = Mapping[str, Sequence[float]]
"""The figures of one side: for each name, what each run found."""


@dataclass(frozen=True)
class Target:
    """What our figure should be, or its ratio to the peer's."""

    sign: Literal["≤", "=", "≥"]
    limit: float
    of: Literal["ours", "ratio"] = "ours"

    def __str__(self) -> str:
        return f"{'ratio ' if self.of == 'ratio' else ''}{self.sign} {_shown(self.limit)}"


@dataclass(frozen=True)
class Figure:
    """A row to fill: the name its runs go by, what it is, its unit, and how one figure is made of the runs'."""

    name: str
    label: str
    unit: str = ""
    target: Target | None = None
    of_runs: Callable[[Iterable[float]], float] = statistics.median

    def row(self, ours: Runs, peer: Runs) -> "Row":
        """The row of what was found."""
        found = tuple(tuple(runs.get(self.name, ())) for runs in (ours, peer))
        both = [self.of_runs(runs) if runs else None for runs in found]
        return Row(self.label, self.unit, both[0], both[1], self.target, *found)


@dataclass(frozen=True)
class Row:
    """A figure of both sides, None where there is none, and what each run found."""

    label: str
    unit: str
    ours: float | None
    peer: float | None
    target: Target | None = None
    our_runs: Sequence[float] = ()
    peer_runs: Sequence[float] = ()

    @property
    def ratio(self) -> float | None:
        """Ours for each one of the peer's; None where one is missing or the peer's is 0."""
        return None if self.ours is None or not self.peer else self.ours / self.peer

    @property
    def met(self) -> bool | None:
        """Whether the target was reached; None where there is none, or no figure for it."""
        if self.target is None:
            return None
        found = self.ours if self.target.of == "ours" else self.ratio
        return None if found is None else _SIGNS[self.target.sign](found, self.target.limit)

    def as_json(self) -> dict[str, Any]:
        """All of it as plain data."""
        target = None if self.target is None else str(self.target)
        return asdict(self) | {"ratio": self.ratio, "target": target, "met": self.met}


@dataclass
class Table:
    """The result of a benchmark. `notes` say how it was measured, `broken` what could not be."""

    title: str
    rows: list[Row]
    notes: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """All of it as plain data."""
        return asdict(self) | {"rows": [row.as_json() for row in self.rows]}

    def __rich__(self) -> RenderableType:
        drawn = RichTable(title=self.title, box=box.SIMPLE_HEAD, title_justify="left")
        drawn.add_column("figure")
        for name in ("ours", "peer", "ratio", "target"):
            drawn.add_column(name, justify="right")
        drawn.add_column("")
        for row in self.rows:
            ratio = _NOTHING if row.ratio is None else f"{_shown(row.ratio)}×"
            target = _NOTHING if row.target is None else str(row.target)
            label = f"{row.label}, {row.unit}" if row.unit else row.label
            drawn.add_row(label, _shown(row.ours), _shown(row.peer), ratio, target, _verdict(row.met))
        return Group(
            drawn,
            *(Text(f"  {note}", style="dim") for note in self.notes),
            *(Text(f"  not measured: {problem}", style="red") for problem in self.broken),
        )


class Found:
    """What the runs of each side have found so far."""

    def __init__(self) -> None:
        self._runs: dict[str, defaultdict[str, list[float]]] = defaultdict(lambda: defaultdict(list))

    def add(self, who: str, figures: Mapping[str, float]) -> None:
        """Takes in one run's figures."""
        for name, figure in figures.items():
            self._runs[who][name].append(figure)

    def rows(self, figures: Iterable[Figure]) -> list[Row]:
        """The rows to show."""
        return [figure.row(self._runs["ours"], self._runs["peer"]) for figure in figures]


def _verdict(met: bool | None) -> Text:  # noqa: FBT001 - it is what is shown
    if met is None:
        return Text("")
    return Text("met", style="green") if met else Text("missed", style="red")


def _shown(figure: float | None) -> str:
    if figure is None:
        return _NOTHING
    return f"{figure:,.0f}" if abs(figure) >= _MANY else f"{figure:.3g}"
