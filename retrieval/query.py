"""From a question to a query: its informative words, and what the articles' words have to do with them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.analysis import Token, analyze, stems_of
from retrieval.article import Span
from retrieval.glossary import NONE
from retrieval.index import Index
from retrieval.question import FUNCTION_STEMS, FUNCTION_WORDS, Wanted, wanted
from retrieval.script import fold
from retrieval.telling import tongue_of
from retrieval.tongues import Tongue, foreign, is_function
from retrieval.translation import Rendering, Translator
from retrieval.vocabulary import Alternative, How

UNKNOWN = 1.25
"""The idf of a word that the articles do not know, as a multiple of what BM25 gives a word in no passage: a
question that turns on such a word is most likely about something else."""
ROOT_EVIDENCE = 0.7
"""How much of a word's evidence a passage has that holds only a word of the same root."""
SYNONYM_EVIDENCE = 0.5
"""The same for a passage that holds only a synonym: enough to rank it, less to say that it answers."""
ABSENT_VERB = 0.5
"""What a foreign verb weighs, as a share, whose translation the articles do not have: there are many ways to say that
somebody heads, gathers or helps, and a question turns on the nouns."""
TRANSLATION_EVIDENCE = 0.8
"""The same for a translation; chance finds one of several sooner than a single word."""
_EVIDENCE = {How.SYNONYM: SYNONYM_EVIDENCE, How.TRANSLATION: TRANSLATION_EVIDENCE}

_FUNCTION_KEYS = frozenset(fold(word) for word in FUNCTION_WORDS)


@dataclass(frozen=True, slots=True)
class Asked:
    """An informative word of a question: as typed and normalised, its span there, and what it may mean.

    `idf` is that of the best meaning; of a word that the articles do not know, that of a word in none of them. A word
    of another language comes with what it is in Kazakh, as people say it, the surest first, or is `untranslated`; of a
    term that is two words in Kazakh each is asked for.
    """

    word: str
    span: Span
    alternatives: tuple[Alternative, ...]
    idf: float
    kazakh: tuple[str, ...] = ()
    untranslated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the index understands it."""

    asked: tuple[Asked, ...]
    wanted: frozenset[Wanted]
    tongue: Tongue = Tongue.KAZAKH


def understand(index: Index, question: str, tongue: Tongue | None = None) -> Query:
    """The question's informative words and what the articles' words have to do with them.

    Its language is told from it where none is given.
    """
    tokens = analyze(question)
    tongue = tongue or tongue_of(tokens, index.vocabulary, index.glossary)
    asked = (
        _foreign(index, question, tokens, tongue)
        if tongue is not Tongue.KAZAKH
        else _kazakh(index, question, tokens)
    )
    return Query(tuple(asked), wanted(question), tongue)


def tongue_in(index: Index, question: str) -> Tongue:
    """The language of a question."""
    return tongue_of(analyze(question), index.vocabulary, index.glossary)


def _kazakh(index: Index, question: str, tokens: Sequence[Token]) -> list[Asked]:
    asked: dict[str, Asked] = {}
    known: list[Span] = []  # phrases and hyphenated words that the articles know as a whole
    for token in (*index.phrases.tokens(tokens), *tokens):
        word, span = token.word, Span(token.start, token.end)
        whole = " " in word or "-" in word
        if word in asked or any(one.start <= span.start and span.end <= one.end for one in known):
            continue
        if not whole and is_function_word(index, word):
            continue
        alternatives = (
            index.vocabulary.meant_by_phrase(token.stem) if " " in word else index.vocabulary.meant(word)
        )
        if whole:
            if not alternatives or ("-" in word and all(one.how is How.SYNONYM for one in alternatives)):
                continue  # its parts follow
            known.append(span)
        elif index.glossary is not NONE and all(one.how is How.TYPO for one in alternatives):
            # People mix languages: a word that the articles do not have may be of another one.
            if is_function(word, foreign(word)):
                continue
            other = index.translator.known(question, token, foreign(word))
            if other is not None:
                asked |= {one.word: one for one in _asked(index, question, span, other)}
                continue
        asked[word] = Asked(word, span, alternatives, _idf(index, alternatives))
    return sorted(asked.values(), key=lambda one: one.span)


def _foreign(index: Index, question: str, tokens: Sequence[Token], tongue: Tongue) -> list[Asked]:
    """The words of a question in another language, each with what it is in Kazakh."""
    plain = _whole_or_parts(index.translator, tokens, tongue)
    found: dict[str, Asked] = {}  # a word that is said twice is asked for once
    for one in index.translator.rendered(question, plain, tongue):
        span = Span(plain[one.first].start, plain[one.end - 1].end)
        for asked in _asked(index, question, span, one):
            found.setdefault(asked.word, asked)
    return list(found.values())


def _asked(index: Index, question: str, span: Span, found: Rendering) -> Iterator[Asked]:
    for place, slot in enumerate(found.slots):
        word = found.word(place) or question[slice(*span)].lower()
        idf = _idf(index, slot)
        if not slot and found.is_verb:
            idf *= ABSENT_VERB
        yield Asked(word, span, slot, idf, found.shown, untranslated=not found.shown)


def _whole_or_parts(translator: Translator, tokens: Sequence[Token], tongue: Tongue) -> list[Token]:
    """The tokens, a hyphenated word whole, or in its parts where these alone are known."""
    found: list[Token] = []
    inside = 0
    for token in tokens:
        if token.end <= inside:
            continue  # a part of the one before
        if "-" in token.word:
            if translator.is_compound(token.word, tongue):
                continue  # its parts follow
            inside = token.end
        found.append(token)
    return found


def _idf(index: Index, alternatives: Sequence[Alternative]) -> float:
    """The idf of the commonest of the meanings, synonyms aside; without one, that of a word in no passage."""
    idfs = [index.fields.stem.idf(one.stem) for one in alternatives if one.how is not How.SYNONYM]
    return min(idfs, default=UNKNOWN * float(np.log(1 + (len(index.passages) + 0.5) / 0.5)))


def is_function_word(index: Index, word: str) -> bool:
    """Whether the word is no evidence; one in another spelling only where the articles do not know it as it is."""
    if word in FUNCTION_WORDS or any(stem in FUNCTION_STEMS for stem in stems_of(word)):
        return True
    return fold(word) in _FUNCTION_KEYS and not index.vocabulary.knows(stems_of(word)[0])


def sureness(one: Alternative) -> float:
    """How much of a word's evidence a passage has that holds this meaning of it, 0 to 1."""
    return one.weight * _EVIDENCE.get(one.how, 1.0)
