"""Names and verbs of several words that mean one thing: ата заң, мемлекет басшысы, жүзеге асыру."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from retrieval.analysis import Form, Token, stems_of

Stems = tuple[str, ...]


@lru_cache(maxsize=1 << 14)
def joined(phrase: str) -> str:
    """The stem of a phrase: those of its words, in order.

    >>> joined("мемлекет басшысының")
    'мемлекет басшы'
    """
    return " ".join(stems_of(word)[0] for word in phrase.split())


@dataclass(frozen=True)
class Phrases:
    """The known phrases by their first stem, longest first."""

    by_first: Mapping[str, tuple[Stems, ...]]

    @classmethod
    def of(cls, synonyms: Iterable[Sequence[str]]) -> "Phrases":
        """The phrases among the words of the synonym groups."""
        found: defaultdict[str, dict[Stems, None]] = defaultdict(dict)
        for group in synonyms:
            for phrase in group:
                stems = tuple(joined(phrase).split())
                if len(stems) > 1:
                    found[stems[0]][stems] = None
        return cls({first: tuple(sorted(many, key=len, reverse=True)) for first, many in found.items()})

    def in_tokens(self, tokens: Sequence[Token]) -> list[tuple[int, int]]:
        """Where phrases stand: the index of the first token and the index after the last; none overlap."""
        found: list[tuple[int, int]] = []
        end = 0
        for at, token in enumerate(tokens):
            if at < end or token.stem not in self.by_first:
                continue
            length = self.beginning([one.stem for one in tokens[at : at + self.longest]])
            if length:
                end = at + length
                found.append((at, end))
        return found

    @cached_property
    def longest(self) -> int:
        """The number of words of the longest phrase; 0 without any."""
        return max((len(phrases[0]) for phrases in self.by_first.values()), default=0)

    def beginning(self, stems: Sequence[str]) -> int:
        """The number of words of the longest phrase that the stems begin with; 0 for none."""
        found = tuple(stems)
        phrases = self.by_first.get(found[0], ())
        return next((len(phrase) for phrase in phrases if found[: len(phrase)] == phrase), 0)

    def tokens(self, tokens: Sequence[Token]) -> list[Token]:
        """A token for each phrase that stands among the tokens, over its whole span."""
        found = ((tokens[first:end]) for first, end in self.in_tokens(tokens))
        return [
            Token(*as_one([token[:3] for token in inside]), inside[0].start, inside[-1].end)
            for inside in found
        ]


def as_one(forms: Sequence[Form]) -> Form:
    """The form of a phrase of these forms."""
    word, stem, _ = (" ".join(column) for column in zip(*forms, strict=True))
    return word, stem, stem
