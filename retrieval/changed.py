"""Articles with some changes, without a copy of all of them."""

from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import merge
from typing import Any

from retrieval.article import Article, newest_first


class OfParts(Mapping[str, Article]):
    """Articles by id, newest first, that follow from the parts of an index."""

    @abstractmethod
    def over(self, parts: Sequence[Any], new: Mapping[str, Article]) -> "OfParts":
        """The articles of other parts (`retrieval.index.Part`), among which the new ones are."""


@dataclass(frozen=True, eq=False)
class Changed(Mapping[str, Article]):
    """Articles by id, newest first, with some changes: put in order only when somebody goes through them."""

    base: Mapping[str, Article]
    new: Mapping[str, Article]
    gone: frozenset[str]

    @classmethod
    def of(cls, known: Mapping[str, Article], new: Mapping[str, Article], gone: Collection[str]) -> "Changed":
        """The known articles less those that are gone, and then with the new ones."""
        if not isinstance(known, Changed):
            return cls(known, new, frozenset(gone))
        left = {id_: article for id_, article in known.new.items() if id_ not in gone}
        return cls(known.base, {**left, **new}, frozenset(gone).union(known.gone))

    def __getitem__(self, id_: str) -> Article:
        if id_ in self.new:
            return self.new[id_]
        if id_ in self.gone:
            raise KeyError(id_)
        return self.base[id_]

    def __len__(self) -> int:
        same = sum(1 for id_ in {*self.gone, *self.new} if id_ in self.base)
        return len(self.base) - same + len(self.new)

    def __iter__(self) -> Iterator[str]:
        return iter(self._in_order)

    @cached_property
    def _in_order(self) -> Sequence[str]:
        left = (self.base[id_] for id_ in self.base if id_ not in self.gone and id_ not in self.new)
        return [
            article.id
            for article in merge(left, sorted(self.new.values(), key=newest_first), key=newest_first)
        ]
