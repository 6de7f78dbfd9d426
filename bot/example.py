"""The name in the example question, which follows the articles."""

from collections.abc import Callable
from itertools import islice

from retrieval.example import example_name
from retrieval.index import Index

_AMONG = 200
"""The newest articles, among which a name is looked for."""


class Example:
    """A name that the newest articles of an index speak of; None where there is none.

    `renew` looks for it again, which takes some milliseconds, so whoever knows that articles came or went does it.
    """

    def __init__(self, index: Callable[[], Index]) -> None:
        self._index = index
        self.renew()

    def __call__(self) -> str | None:
        return self._name

    def renew(self) -> None:
        """Looks through the newest articles as they are now."""
        self._name = example_name(islice(self._index().articles.values(), _AMONG))
