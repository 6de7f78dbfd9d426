"""The words of a text, as a person reads them, each with the place where it stands.

The text itself is never changed: words are found in what was given and normalised one by one, so every span
counts in the original, in code points, end exclusive.

- A word is a run of letters. Soft hyphens, zero-width signs and accents inside it do not end it; they are
  dropped, except that decomposed й, ё and Latin letters are composed. Look-alikes of another script are
  resolved (`homoglyphs`), and every word is in lower case.
- A hyphenated word counts whole and in parts. A last part that only declines what stands before it (АҚШ-тың,
  700-ге) is no word; the rest is, with the whole span.
- A number is its digits: 10 000, 10.000 and 10,000 are 10000; 3,5 is 3.5; 15-ші and 15-інші are 15.
- A date in digits is its day, its month by name and its year, each with the span of the date. 15.03 may be a
  date or not, so it is the number 15.03 as well.
- Abbreviations lose their dots: ж. is ж, т.б. is тб, б.з.д. is бзд. Initials are words of one letter.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from retrieval.homoglyphs import is_disguised, resolve, to_cyrillic
from retrieval.script import fold

_MONTHS = "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан"
_MONTH = dict(enumerate(_MONTHS.split(), 1))
# What behind a hyphen only declines the word before it, as it is typed with and without the Kazakh letters.
_CASES = (
    "тың тің дың дің ның нің тын тин дын дин нын нин ға ге қа ке га ка да де та те нда нде дан ден тан тен нан"
    " нен ды ді ты ті ны ні ди ти ни мен бен пен дағы дегі тағы тегі дагы деги тагы теги лар лер дар дер тар тер"
    " лық лік дық дік тық тік дай дей тай тей сы сі си"
)
_RUSSIAN_AND_ENGLISH = "го му й я е ый ая ое ой ом ые ых х ти th st nd rd"  # after numbers only
_ENDINGS = frozenset(_CASES.split())
_ENDING_KEYS = frozenset(map(fold, _ENDINGS)) | {"", "i", "n"}
_OTHER_ENDINGS = frozenset(_RUSSIAN_AND_ENGLISH.split())
_ORDINAL = re.compile("i?n?şi")  # -ші, -інші, by key

_HYPHENS = "-‐‑–"
_APOSTROPHES = "'’‘ʼ`´ʹ′"
_INVISIBLE = "\u00ad\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff"
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0610-\u061a\u064b-\u065f\u0670"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
_CYRILLIC = "а-яА-ЯёЁәғқңөұүһіӘҒҚҢӨҰҮҺІ"
_LETTER = rf"(?:[^\W\d_ʼʹ\u0640]|¥(?=[{_CYRILLIC}])|(?<=[{_CYRILLIC}])¥)"
# What may follow a letter: its accents, and invisible signs that are not the end of the word.
_INSIDE = rf"(?:[{_MARKS}]|[{_INVISIBLE}]++(?=[^\W_]|[{_MARKS}{_HYPHENS}]))*+"
_PIECE = rf"{_LETTER}{_INSIDE}(?:(?:{_LETTER}|\d|[{_APOSTROPHES}](?=[^\W\d_])){_INSIDE})*+"
_SPACE = "[ \u00a0\u2007\u2009\u202f]"
_NUMBER = rf"\d{{1,3}}(?:{_SPACE}\d{{3}})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*"
_DATE = r"(?:\d{1,2}[./]\d{1,2}[./]\d{4}|\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{2}\.\d{2}|\d{1,2}\.[01]\d)(?![.,/-]?\d|\s?%)"
_WORD = re.compile(
    rf"(?P<plain>[{_CYRILLIC}]++)(?![^\W_]|[{_HYPHENS}{_APOSTROPHES}{_INVISIBLE}{_MARKS}¥]|\.\s?[^\W\d_]\.)"
    r"|(?P<short>(?i:т\.\s?б|т\.\s?с\.\s?с|т\.\s?т|б\.\s?з\.\s?[дб]|б\.\s?з|а\.қ\.ш)(?=\.))"
    rf"|(?:(?P<date>{_DATE})|(?P<number>{_NUMBER}))(?:%?[{_HYPHENS}]?(?P<tail>{_PIECE}))?+(?P<figures>)"
    rf"|(?P<word>{_PIECE}(?:[{_HYPHENS}](?:{_PIECE}|\d+))*)"
)
# Signs that stand around words, and what a word reaches over all the same: т. б.; 10 000 and, no date, 15.03 %.
_SIGNS = re.escape('.,!?:;…()[]{}«»“”„"—/*=')
_JOINT = rf"[{_SIGNS}]++(?:(?<=[тбсз]\.)\s(?=[тбсзд]\.))?+|(?<=\d)\s(?=[\d%])"
_POINT = r"(?:(?<=[.\s][тбсздш])\.)?+"  # the last one of т.б. is part of it
_CHUNK = re.compile(rf"(?i)[^\s{_SIGNS}]++(?:(?:{_JOINT})[^\s{_SIGNS}]++)*+{_POINT}")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_PLAIN = re.compile(rf"[{_CYRILLIC}]++|[0-9]++")
_PART = re.compile(rf"{_PIECE}|\d+")
_DAY_FIRST = re.compile(r"(\d+)[./](\d+)(?:[./](\d+))?")
_THOUSANDS = re.compile(r"([1-9]\d{0,2}(?:([.,])\d{3})(?:\2\d{3})*)((?!\2)[.,]\d+)?")
_DROPPED = re.compile(rf"[{_INVISIBLE}]")
_MARK = re.compile(rf"[{_MARKS}]")
_CYRILLIC_MARKS = re.compile(rf"([\u0400-\u052f])([{_MARKS}]+)")
_KEPT_MARKS = {"и": "\u0306", "И": "\u0306", "е": "\u0308", "Е": "\u0308"}  # й and ё are letters of their own
_CYRILLIC_LETTER = re.compile(r"[\u0400-\u052f]")
_APOSTROPHE = re.compile(rf"[{_APOSTROPHES}]")
_NOT_LETTERS = re.compile(r"[\s.]")
_LONGEST = 64  # letters of a hyphenated word that counts whole
_MOST_PARTS = 4
_CENTURY = 50  # years in two digits below this are of this century


class Word(NamedTuple):
    """A normalised word and the span of the surface word, in code points, end exclusive."""

    text: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """The words of a text in order, a hyphenated word before its parts.

    >>> [word.text for word in words("15.03.2026: Жан-жақты ТАЛДАУ, 10 000-ға жуық")]
    ['15', 'наурыз', '2026', 'жан-жақты', 'жан', 'жақты', 'талдау', '10000', 'жуық']
    """
    found: list[Word] = []
    for match in _WORD.finditer(text):
        kind = match.lastgroup
        if kind == "plain":
            found.append(Word(match[0].lower(), *match.span()))
        elif kind == "word":
            found.extend(_hyphenated(match))
        elif kind == "short":
            found.append(Word(normal(_NOT_LETTERS.sub("", match[0])), *match.span()))
        else:
            found.extend(_figures(match))
    return found


def chunks(text: str) -> list[str]:
    """The text cut at white space, but for that which a word reaches over, without the signs around a chunk.

    The words of a text are those of its chunks, one chunk after the other, unless one `needs_neighbours`.

    >>> chunks("«Қала», 10 000 адам, Ж.Ж. т. б.")
    ['Қала', '10 000', 'адам', 'Ж.Ж', 'т. б.']
    """
    return _CHUNK.findall(text)


def is_plain(chunk: str) -> bool:
    """Whether the chunk is one word of Cyrillic letters or of figures only: its word is the chunk in lower case.

    >>> is_plain("Қала"), is_plain("2026"), is_plain("жан-жақты")
    (True, True, False)
    """
    return _PLAIN.fullmatch(chunk) is not None


def needs_neighbours(chunk: str) -> bool:
    """Whether what stands around the chunk decides on a word of it: see `retrieval.homoglyphs`.

    >>> needs_neighbours("apa"), needs_neighbours("dala"), needs_neighbours("мәжiлic")
    (True, False, False)
    """
    return _LATIN.search(chunk) is not None and any(
        is_disguised(f"ж {piece} ж", 2, 2 + len(piece)) and normal(to_cyrillic(piece)) != normal(piece)
        for piece in _PART.findall(chunk)
    )


@lru_cache(maxsize=1 << 15)
def normal(word: str) -> str:
    r"""One word as it is compared: composed, in lower case, in one script, without stress and invisible signs.

    >>> normal("Қо\u00adғам"), normal("И\u0306од"), normal("O\u2019zen"), normal("мәжiлic") == "мәжіліс"
    ('қоғам', 'йод', "o'zen", True)
    """
    if _PLAIN.fullmatch(word):
        return word.lower()
    bare = unicodedata.normalize("NFKD", _APOSTROPHE.sub("'", _DROPPED.sub("", word)))
    seen = _CYRILLIC_MARKS.sub(_kept, resolve(bare))
    if "'" in seen and _CYRILLIC_LETTER.search(seen):
        seen = seen.replace("'", "")
    shown = _MARK.sub("", unicodedata.normalize("NFC", seen).lower())
    return _NOT_LETTERS.sub("", shown) or word  # a few Arabic signs are made of a space and a mark


def _kept(match: re.Match[str]) -> str:
    letter, marks = match.groups()
    mark = _KEPT_MARKS.get(letter)
    return letter + mark if mark is not None and mark in marks else letter


def _hyphenated(match: re.Match[str]) -> Iterator[Word]:
    text = match.string
    parts = [_part(text, *part.span()) for part in _PART.finditer(text, *match.span())]
    if len(parts) > 1 and parts[-1].text in _ENDINGS:
        del parts[-1]
    if len(parts) == 1:
        yield Word(parts[0].text, *match.span())
        return
    whole = "-".join(part.text for part in parts)
    if len(parts) <= _MOST_PARTS and len(whole) <= _LONGEST:
        yield Word(whole, *match.span())
    yield from parts


def _part(text: str, start: int, end: int) -> Word:
    word = text[start:end]
    return Word(normal(to_cyrillic(word) if is_disguised(text, start, end) else word), start, end)


def _figures(match: re.Match[str]) -> Iterator[Word]:
    tail = match["tail"] and _part(match.string, *match.span("tail"))
    declined = not tail or _declines(tail.text)
    start, end = match.span() if declined else match.span("date" if match["date"] else "number")
    for text in _date(match["date"]) if match["date"] else [_number(match["number"])]:
        yield Word(text, start, end)
    if tail and not declined:
        yield tail


def _declines(tail: str) -> bool:
    key = fold(tail)
    ordinal = _ORDINAL.match(key)
    return key[ordinal.end() if ordinal else 0 :] in _ENDING_KEYS or tail in _OTHER_ENDINGS


def _date(date: str) -> list[str]:
    """The words of a date; the number that it looks like where there is no such day."""
    if (match := _DAY_FIRST.fullmatch(date)) is not None:
        day, month, year = match.groups()
    else:
        year, month, day = date.split("-")
    if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):  # noqa: PLR2004 - the calendar
        return [_number(date)]
    words_of_date = [str(int(day)), _MONTH[int(month)]]
    if year is None:
        return [_number(date), *words_of_date]
    if len(year) == 2:  # noqa: PLR2004 - two digits
        year = f"{'20' if int(year) < _CENTURY else '19'}{year}"
    return [*words_of_date, str(int(year))]


def _number(number: str) -> str:
    """The digits of a number with a point, if any, before its fraction."""
    plain = "".join(str(unicodedata.decimal(sign, sign)) for sign in number if not sign.isspace())
    if (match := _THOUSANDS.fullmatch(plain)) is not None:
        whole, separator, fraction = match.groups()
        return whole.replace(separator, "") + (fraction or "").replace(",", ".")
    return plain.replace(",", ".")
