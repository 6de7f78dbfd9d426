"""What language a question is in: Kazakh, however it is typed, Russian, or English."""

import re
from collections.abc import Sequence

from retrieval.analysis import Token
from retrieval.glossary import NONE, Glossary
from retrieval.question import KAZAKH_FUNCTION_WORDS
from retrieval.script import fold
from retrieval.tongues import Tongue, is_function, stem_in
from retrieval.vocabulary import Vocabulary

_KAZAKH = re.compile("[әғқңөұүһіäğñşıúýǵń\u0600-\u06ff]")
_RUSSIAN = re.compile(
    r"[ёщъ]|(?:ого|его|ому|ему|ый|ий|ая|яя|ое|ые|ых|их|ыми|ими|ться|тся|ость|ости|остью|ами|ями|ает|ует|ил[аи]?|ал[аи]?|ения|ении|ений)$"
)
_LATIN = re.compile("[a-z]")
_NUMBER = re.compile(r"\d")
_KAZAKH_KEYS = frozenset(map(fold, KAZAKH_FUNCTION_WORDS))


def tongue_of(tokens: Sequence[Token], vocabulary: Vocabulary, glossary: Glossary) -> Tongue:
    """The language of a question: the one that more of its words are of; Kazakh where nothing tells.

    A word tells by its letters or as a function word, and where these leave it open, by an ending and by who knows it:
    the articles or the glossary.
    """
    words = [token.word for token in tokens if not _NUMBER.search(token.word)]
    told = [by_itself(word) for word in words]
    if (
        glossary is NONE
        or set(told) == {Tongue.KAZAKH}
        or (Tongue.KAZAKH in told and set(told) <= {Tongue.KAZAKH, None})
    ):
        return Tongue.KAZAKH
    votes = dict.fromkeys(Tongue, 0)
    for word, tongue in zip(words, told, strict=True):
        said = tongue or _by_who_knows(word, vocabulary, glossary)
        if said is not None:
            votes[said] += 1
    return max(votes, key=lambda tongue: (votes[tongue], tongue is Tongue.KAZAKH))


def foreign(word: str) -> Tongue:
    """The language that a word is in if it is not Kazakh."""
    return Tongue.ENGLISH if _LATIN.search(word) else Tongue.RUSSIAN


def by_itself(word: str) -> Tongue | None:
    """The language of a normalised word by its letters, or as a function word of one language alone; else None."""
    if _KAZAKH.search(word):
        return Tongue.KAZAKH
    is_kazakh = fold(word) in _KAZAKH_KEYS
    if is_function(word, foreign(word)) == is_kazakh:
        return None
    return Tongue.KAZAKH if is_kazakh else foreign(word)


def _by_who_knows(word: str, vocabulary: Vocabulary, glossary: Glossary) -> Tongue | None:
    if fold(word) in _KAZAKH_KEYS:
        return None  # a function word of both
    other = foreign(word)
    known = bool(glossary.senses([stem_in(word, other)], other))
    if known != vocabulary.is_spelled(word):
        return other if known else Tongue.KAZAKH
    return other if not known and other is Tongue.RUSSIAN and _RUSSIAN.search(word) else None
