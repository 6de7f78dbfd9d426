"""How much of a text a glossary knows: by language, the share of content words that have an entry."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from retrieval import loanwords
from retrieval.analysis import Token, analyze
from retrieval.article import Span
from retrieval.families import Families
from retrieval.glossary import FUNCTION, Glossary, Sense
from retrieval.numbers import number
from retrieval.question import FUNCTION_WORDS
from retrieval.script import fold
from retrieval.sentences import sentences
from retrieval.telling import by_itself
from retrieval.tongues import Tongue, is_function, stem_in

_told = lru_cache(maxsize=1 << 16)(by_itself)


class Standing(Enum):
    """What a glossary knows of a word."""

    NO_CONTENT = 0  # a function word or a number
    ENTRY = 1
    RELATIVE = (
        2  # no entry of its own, but a word of its family has one, or it is a Kazakh lemma in other letters
    )
    MISSING = 3


@dataclass(frozen=True, slots=True)
class Share:
    """Of `words` content words `known` have an entry, and `related` more are relatives of one or loanwords."""

    words: int = 0
    known: int = 0
    related: int = 0


@dataclass(frozen=True, slots=True)
class Covered:
    """One language: its number of sentences, its words, those that are no names, and what has no entry.

    A name is a capitalised word inside a sentence. `missing` are words that are no names in their commonest form,
    each with how often it stands there in any form, the most frequent first.
    """

    sentences: int
    all: Share
    without_names: Share
    missing: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class _Count:
    sentences: int = 0
    standings: Counter[tuple[Standing, bool]] = field(default_factory=Counter)
    missing: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, found: Iterable[tuple[Token, Standing, bool]], stemmed: Callable[[Token], str]) -> None:
        self.sentences += 1
        for token, standing, is_name in found:
            self.standings[standing, is_name] += 1
            if not is_name and standing in {Standing.MISSING, Standing.RELATIVE}:
                self.missing[stemmed(token)][token.word] += 1

    def covered(self, most: int) -> Covered:
        forms = [(counts.most_common(1)[0][0], counts.total()) for counts in self.missing.values()]
        missing = sorted(forms, key=lambda one: (-one[1], one[0]))[:most]
        return Covered(self.sentences, self._share((False, True)), self._share((False,)), tuple(missing))

    def _share(self, names: tuple[bool, ...]) -> Share:
        known, related, missing = (
            sum(self.standings[standing, is_name] for is_name in names)
            for standing in (Standing.ENTRY, Standing.RELATIVE, Standing.MISSING)
        )
        return Share(known + related + missing, known, related)


def coverage(texts: Iterable[str], glossary: Glossary, most: int = 50) -> dict[Tongue, Covered]:
    """What the glossary knows of the texts, for each language; `most` bounds the missing words of one."""
    known = {tongue: _Known.of(glossary, tongue) for tongue in Tongue}
    counts = {tongue: _Count() for tongue in Tongue}
    for text in texts:
        for tongue, sentence, tokens in _told_apart(text):
            counts[tongue].add(known[tongue].judged(sentence, tokens), known[tongue].stem)
    return {tongue: count.covered(most) for tongue, count in counts.items()}


def _told_apart(text: str) -> Iterator[tuple[Tongue, str, Sequence[Token]]]:
    """The sentences with the language of each; one that nothing tells of is in that of most of the text."""
    parts = [line[slice(*span)] for line in text.splitlines() for span in sentences(line, Span(0, len(line)))]
    found = [(part, analyze(part)) for part in parts]
    votes = [Counter(_told(token.word) for token in tokens) for _, tokens in found]
    whole = _leading(sum(votes, Counter())) or Tongue.KAZAKH
    for (part, tokens), told in zip(found, votes, strict=True):
        if tokens:
            yield _leading(told) or whole, part, tokens


def _leading(votes: Mapping[Tongue | None, int]) -> Tongue | None:
    """The language with the most votes; None where there is none, or no single one."""
    first, second, *_ = sorted((votes.get(tongue, 0) for tongue in Tongue), reverse=True)
    return None if first == second else next(tongue for tongue in Tongue if votes.get(tongue, 0) == first)


class _Known:
    """What a glossary knows of the words of one language; a word is looked up once."""

    def __init__(
        self, standing: Callable[[Token], Standing], stem: Callable[[Token], str], glossary: Glossary
    ) -> None:
        self.stem = stem
        self._standing, self._glossary = standing, glossary
        self._seen: dict[str, Standing] = {}

    @classmethod
    def of(cls, glossary: Glossary, tongue: Tongue) -> "_Known":
        if tongue is Tongue.KAZAKH:
            return cls(_kazakh(glossary), lambda token: token.stem, glossary)
        return _Foreign(
            _foreign(glossary, tongue), lambda token: stem_in(token.word, tongue), glossary, tongue
        )

    def judged(self, sentence: str, tokens: Sequence[Token]) -> Iterator[tuple[Token, Standing, bool]]:
        """The content words, each with its standing and whether it is a name."""
        termed = self._in_terms(tokens)
        passed = -1  # the end of a hyphenated word that has an entry as a whole
        for at, token in enumerate(tokens):
            if token.start < passed:
                continue
            standing = Standing.ENTRY if at in termed else self._of(token)
            if at + 1 < len(tokens) and tokens[at + 1].start < token.end:
                if standing is not Standing.ENTRY:
                    continue  # its parts follow
                passed = token.end
            if standing is not Standing.NO_CONTENT:
                yield (
                    token,
                    standing,
                    at > 0 and token.start > tokens[0].start and sentence[token.start].isupper(),
                )

    def _of(self, token: Token) -> Standing:
        standing = self._seen.get(token.word)
        if standing is None:
            is_number = token.stem[0].isdigit() or token.word[0].isdigit()
            is_letter = len(set(token.word)) == 1  # an initial, "т. б." or a Roman number: a, ii
            standing = Standing.NO_CONTENT if is_number or is_letter else self._standing(token)
            self._seen[token.word] = standing
        return standing

    def _in_terms(self, _: Sequence[Token]) -> frozenset[int]:
        """The places of the words that are in a term of several words which the glossary has."""
        return frozenset()


class _Foreign(_Known):
    """The same for a language whose terms have senses."""

    def __init__(
        self,
        standing: Callable[[Token], Standing],
        stem: Callable[[Token], str],
        glossary: Glossary,
        tongue: Tongue,
    ) -> None:
        super().__init__(standing, stem, glossary)
        self._tongue = tongue

    def _in_terms(self, tokens: Sequence[Token]) -> frozenset[int]:
        places = [
            at for at in range(len(tokens)) if at == 0 or tokens[at].start >= tokens[at - 1].end
        ]  # without the parts of hyphenated words
        stems = [self.stem(tokens[at]) for at in places]
        found: set[int] = set()
        for first, stem in enumerate(stems):
            longest = min(self._glossary.longest(self._tongue, stem), len(stems) - first)
            for size in range(longest, 1, -1):
                if self._glossary.senses(stems[first : first + size], self._tongue):
                    found.update(
                        at
                        for at in places[first : first + size]
                        if not is_function(tokens[at].word, self._tongue)
                    )
                    break
        return frozenset(found)


def _kazakh(glossary: Glossary) -> Callable[[Token], Standing]:
    lemmas = [(analyze(entry.kazakh), entry.domain == FUNCTION) for entry in glossary.entries]
    stems = {token.stem for tokens, is_function_ in lemmas if not is_function_ for token in tokens}
    roots = {token.root for tokens, is_function_ in lemmas if not is_function_ for token in tokens}
    empty = {tokens[0].stem for tokens, is_function_ in lemmas if is_function_ and len(tokens) == 1} - stems

    def standing(token: Token) -> Standing:
        if token.word in FUNCTION_WORDS or token.stem in empty:
            return Standing.NO_CONTENT
        if token.stem in stems:
            return Standing.ENTRY
        return Standing.RELATIVE if token.root in roots else Standing.MISSING

    return standing


def _foreign(glossary: Glossary, tongue: Tongue) -> Callable[[Token], Standing]:
    families = Families(glossary, tongue)
    keys = {fold(token.word) for entry in glossary.entries for token in analyze(entry.kazakh)}

    def standing(token: Token) -> Standing:
        word = token.word
        senses = glossary.senses([stem_in(word, tongue)], tongue)
        if is_function(word, tongue) or (senses and all(map(_is_empty, senses))):
            return Standing.NO_CONTENT
        if senses:
            return Standing.ENTRY
        related = any(one.is_evidence for one in families.senses(stem_in(word, tongue)))
        if related or any(key in keys for key in loanwords.keys(word, tongue)):
            return Standing.RELATIVE
        return Standing.MISSING

    return standing


def _is_empty(sense: Sense) -> bool:
    return not sense.is_evidence or number(sense.kazakh) is not None
