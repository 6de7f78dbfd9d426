"""How far the changes in a database are known."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Mark(NamedTuple):
    """The number of the last change that is known, and the article that it was made to."""

    number: int
    id: str


START = Mark(0, "")
"""Before the first change."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Articles by id that changed, with their digests, None for one that was removed; and the mark behind them."""

    digests: Mapping[str, str | None]
    mark: Mark
