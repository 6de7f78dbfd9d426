"""What language a question is in: Kazakh, however it is typed, Russian, or English."""

import re
from collections.abc import Sequence
from functools import lru_cache

from retrieval.analysis import Token
from retrieval.counting import in_kazakh
from retrieval.glossary import NONE, Glossary
from retrieval.question import KAZAKH_FUNCTION_WORDS
from retrieval.script import fold
from retrieval.tongues import Tongue, foreign, is_function, stem_in
from retrieval.vocabulary import Vocabulary

_KAZAKH = re.compile("[әғқңөұүһіäğñşıúýǵń\u0600-\u06ff]")
_RUSSIAN = re.compile(
    r"[ёщъ]|(?:ого|его|ому|ему|ый|ий|ая|яя|ое|ые|ых|их|ыми|ими|ться|тся|ость|ости|остью|ами|ями|ает|ует|ил[аи]?|ал[аи]?"
    r"|ения|ении|ений|ц[ыа]|цев|цам[и]?|цах|[сц]к(?:ой|ом|им))$"
)
_ENGLISH = re.compile(
    r"(?:[cstx]ion|ness|ship|[iau]ty|acy|phy|logy|ght|ould|ism|ists?)s?$|^th|^wh|ck|ea|oo|ee"
)
# Words that came into Kazakh as they are: they stand in questions of every language.
_INTERNATIONAL = re.compile(r"(?:ция|сия|изм|ист|логия|графия|кратия|атор|ент|инг)$")
_NUMBER = re.compile(r"\d")
_ROMAN = re.compile("[xviхі]+")
_SURE = 1.5
"""What a word counts that tells by itself; one that only somebody knows may be known by chance, as names are."""
_KAZAKH_KEYS = frozenset(map(fold, KAZAKH_FUNCTION_WORDS))


def tongue_of(tokens: Sequence[Token], vocabulary: Vocabulary, glossary: Glossary) -> Tongue:
    """The language of a question: the one that more of its words are of; Kazakh where nothing tells.

    A word tells by its letters or as a function word, and where these leave it open, by an ending and by who knows it:
    the articles or the glossary.
    """
    words = [token.word for token in tokens if not _is_number(token)]
    told = [by_itself(word) for word in words]
    # Whatever the glossary knows of such a question, it need not be read.
    if glossary is NONE or (
        set(told) <= {Tongue.KAZAKH, None}
        and (Tongue.KAZAKH in told or all(_is_kazakh(word, vocabulary) for word in words))
    ):
        return Tongue.KAZAKH
    votes = {tongue: _SURE * told.count(tongue) for tongue in Tongue}
    first, second, _ = sorted(votes.values(), reverse=True)
    if first > second + told.count(None):  # whatever the others say
        return max(votes, key=votes.__getitem__)
    terms = _in_terms(words, glossary)
    for at, (word, tongue) in enumerate(zip(words, told, strict=True)):
        if tongue is None:
            said = foreign(word) if at in terms else _by_who_knows(word, vocabulary, glossary)
            if said is not None:
                votes[said] += 1
    return max(votes, key=lambda tongue: (votes[tongue], tongue is Tongue.KAZAKH))


def _is_number(token: Token) -> bool:
    roman = _ROMAN.fullmatch(token.word) is not None and token.stem.isdigit()
    return roman or _NUMBER.search(token.word) is not None


@lru_cache(maxsize=50_000)
def by_itself(word: str) -> Tongue | None:
    """The language of a normalised word by its letters, or as a function word of one language alone; else None."""
    if _KAZAKH.search(word):
        return Tongue.KAZAKH
    is_kazakh = fold(word) in _KAZAKH_KEYS
    if is_function(word, foreign(word)) == is_kazakh:
        return None
    return Tongue.KAZAKH if is_kazakh else foreign(word)


def _in_terms(words: Sequence[str], glossary: Glossary) -> set[int]:
    """The places of the words that make up a term of the glossary, such as "prime minister"."""
    found: set[int] = set()
    stems = [stem_in(word, foreign(word)) for word in words]
    for at, (word, stem) in enumerate(zip(words, stems, strict=True)):
        for size in range(2, glossary.longest(foreign(word), stem) + 1):
            if at + size <= len(words) and glossary.senses(stems[at : at + size], foreign(word)):
                found.update(range(at, at + size))
    return found


def _is_kazakh(word: str, vocabulary: Vocabulary) -> bool:
    return fold(word) in _KAZAKH_KEYS or vocabulary.is_spelled(word)


def _by_who_knows(word: str, vocabulary: Vocabulary, glossary: Glossary) -> Tongue | None:
    if fold(word) in _KAZAKH_KEYS:
        return None  # a function word of both
    other = foreign(word)
    if _INTERNATIONAL.search(word):
        return None
    known = bool(glossary.senses([stem_in(word, other)], other)) or in_kazakh(word, other) is not None
    if known != vocabulary.is_spelled(word):
        return other if known else Tongue.KAZAKH
    ending = _RUSSIAN if other is Tongue.RUSSIAN else _ENGLISH
    return other if not known and ending.search(word) else None
