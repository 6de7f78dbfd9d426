"""Numbers in words: бесінші is 5, екі мың жиырма алты is 2026, 3.5 млн is 3500000.

Kazakh counts in tens and names the unit last (он бес is 15); a number before жүз or a larger scale multiplies
it (екі жүз, бес мың). The last word of a number may be an ordinal (-інші) or a collective (-еу). A run of
number words is read from the left and broken where it no longer makes one number: бес он, as said of five or
ten, is 5 and 10, and an ordinal ends its number. Digits count where they meet a scale (10 мың, 3 мың 500);
figures by themselves are left alone.

Case endings are somebody else's business: give stems, or words that have none. Only proper Cyrillic is read,
since on and bes may be words of another language, and Roman numerals (XX ғасыр) by `roman`, in capitals only.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

_UNITS = "бір екі үш төрт бес алты жеті сегіз тоғыз"
_TENS = "он жиырма отыз қырық елу алпыс жетпіс сексен тоқсан"
_UNIT_ORDINALS = "бірінші екінші үшінші төртінші бесінші алтыншы жетінші сегізінші тоғызыншы"
_TEN_ORDINALS = "оныншы жиырмасыншы отызыншы қырқыншы елуінші алпысыншы жетпісінші сексенінші тоқсаныншы"
_COLLECTIVES = "біреу екеу үшеу төртеу бесеу алтау жетеу"  # eight and nine have none
_SCALES = {
    "жүз": 10**2,
    "мың": 10**3,
    "миллион": 10**6,
    "млн": 10**6,
    "миллиард": 10**9,
    "млрд": 10**9,
    "триллион": 10**12,
    "трлн": 10**12,
}
_SCALE_ORDINALS = {
    "жүзінші": 10**2,
    "мыңыншы": 10**3,
    "миллионыншы": 10**6,
    "миллиардыншы": 10**9,
    "триллионыншы": 10**12,
}
_TEN, _HUNDRED, _LARGEST = 10, 100, 10**15
_THREE = 3  # figures that follow a scale, as in 3 мың 500
_CARDINALS = (
    {"нөл": 0}
    | {word: value for value, word in enumerate(_UNITS.split(), 1)}
    | {word: 10 * value for value, word in enumerate(_TENS.split(), 1)}
)
_LAST = (
    {word: value for value, word in enumerate(_UNIT_ORDINALS.split(), 1)}
    | {word: 10 * value for value, word in enumerate(_TEN_ORDINALS.split(), 1)}
    | {word: value for value, word in enumerate(_COLLECTIVES.split(), 1)}
    | {"қырықыншы": 40, "елуншы": 50}  # common slips
)
_VALUES = _CARDINALS | _LAST | _SCALES | _SCALE_ORDINALS
_SCALE = _SCALES | _SCALE_ORDINALS
_ENDS_NUMBER = frozenset(_LAST) | frozenset(_SCALE_ORDINALS)
_FIGURES = re.compile(r"\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_ROMAN = re.compile(r"(?=[XVI])(X{0,3})(IX|IV|V?I{0,3})")  # centuries, congresses and kings: up to 39
_ROMAN_VALUES = {"X": 10, "V": 5, "I": 1}


def number(word: str) -> str | None:
    """The digits of a single number word, given in lower case and without case endings; None for other words.

    >>> number("бесінші"), number("он"), number("екеу"), number("кітап")
    ('5', '10', '2', None)
    """
    value = _VALUES.get(word)
    return None if value is None else str(value)


def numerals(words: Sequence[str]) -> list[tuple[int, int, str]]:
    """Every number said in words: the index of its first word, the index after its last, its digits.

    >>> numerals("екі мың жиырма алты жылы он бес адам".split())
    [(0, 4, '2026'), (5, 7, '15')]
    """
    found: list[tuple[int, int, str]] = []
    at = 0
    while at < len(words):
        end, value = _read(words, at)
        if end > at:
            found.append((at, end, _digits(value)))
        at = max(end, at + 1)
    return found


def roman(word: str) -> str | None:
    """The digits of a Roman numeral in capitals, up to 39; None for other words.

    >>> roman("XX"), roman("XIV"), roman("xx"), roman("MAX")
    ('20', '14', None, None)
    """
    if _ROMAN.fullmatch(word) is None:
        return None
    values = [_ROMAN_VALUES[letter] for letter in word]
    return str(values[-1] + sum(one if one >= after else -one for one, after in pairwise(values)))


def _read(words: Sequence[str], at: int) -> tuple[int, Decimal]:
    """The end and the value of the number that starts at an index; the end is the index where there is none."""
    total = Decimal(0)
    room = _LARGEST  # scales come in descending order
    while True:
        end, group, closed = _group(words, at, after_scale=room < _LARGEST)
        scale = _SCALE.get(words[end], 0) if end < len(words) and not closed else 0
        if not _HUNDRED < scale < room:
            return end, total + group
        total += (group if end > at else 1) * scale
        at, room = end + 1, scale
        if words[end] in _ENDS_NUMBER:
            return at, total


def _group(words: Sequence[str], start: int, *, after_scale: bool) -> tuple[int, Decimal, bool]:
    """The end and the value of a number below a thousand, or of figures at a scale, and whether it ends there."""
    if start < len(words) and _FIGURES.fullmatch(words[start]):
        before_scale = _SCALE.get(words[start + 1], 0) > _HUNDRED if start + 1 < len(words) else False
        if before_scale or (after_scale and len(words[start]) == _THREE and words[start].isdecimal()):
            return start + 1, Decimal(words[start]), False
        return start, Decimal(0), True
    value, room = 0, 1000  # the next word must be smaller than the room that the last one left
    for at in range(start, len(words)):
        word = words[at]
        said = _VALUES.get(word)
        if said == _HUNDRED and value < _TEN:
            value, room = (value or 1) * said, said
        elif said is not None and said < min(room, _HUNDRED) and (said < _TEN or room >= _HUNDRED):
            value, room = value + said, _TEN if said >= _TEN else 0
        else:
            return at, Decimal(value), False
        if word in _ENDS_NUMBER:
            return at + 1, Decimal(value), True
    return len(words), Decimal(value), False


def _digits(value: Decimal) -> str:
    return f"{value.normalize():f}"
