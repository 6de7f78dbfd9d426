"""Names and verbs of several words that mean one thing: ата заң, мемлекет басшысы, жүзеге асыру."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from retrieval.analysis import Token, stems_of

Stems = tuple[str, ...]


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
            for stems in self.by_first[token.stem]:
                if tuple(one.stem for one in tokens[at : at + len(stems)]) == stems:
                    end = at + len(stems)
                    found.append((at, end))
                    break
        return found

    def tokens(self, tokens: Sequence[Token]) -> list[Token]:
        """A token for each phrase that stands among the tokens, over its whole span."""
        result = []
        for first, end in self.in_tokens(tokens):
            inside = tokens[first:end]
            stem = " ".join(token.stem for token in inside)
            word = " ".join(token.word for token in inside)
            result.append(Token(word, stem, stem, inside[0].start, inside[-1].end))
        return result
