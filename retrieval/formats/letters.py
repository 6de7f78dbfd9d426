"""How much bytes in some encoding look like Kazakh, Russian, Ukrainian or a language in Latin script.

The measure is a cost: the sum of -ln p over the characters beyond ASCII, by how common a letter is in the language
that fits best, and more for what does not stand in words, such as a capital behind a small letter.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

WORST = 5.5
"""The highest cost of a character, on average, of what still reads like a language.

Kazakh and Russian stay below 5 even in two words; a wrong reading seldom does.
"""
GOOD = 4.4
"""Likewise, of what reads like a language so well that no declaration counts against it."""

# Letters from the most to the least common.
_ALPHABETS = (
    "аыентрілдсқмкобжғзупңйишгөұүәяхвцфэьючһёъщ",
    "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
    "оанивеітрсклдпумязьгбчхцїйжєшюфщґ",
    "éüöäışğçáíóñèàßêâôîûúåãõæøœëïìòùý",
)
# Few texts are in these; where another fits as well, it is that.
_UNLIKELY = (0.0, 0.0, 4.0, 0.0)
_KNOWN = frozenset("".join(_ALPHABETS))
_MARKS = frozenset("«»–—…„“”‘’‚‹›№°§·•©®\xa0\xad€")
_MARK = 4.0
_LETTER_OF_ANOTHER = 9.0
_FOREIGN_LETTER = 11.0
_SIGN = 10.0
_CONTROL = 14.0
_CAPITAL = 1.0  # that no other stands before
_CAPITAL_INSIDE = 7.0  # behind a small letter
_MIXED = 5.0  # two scripts in one word
_ACCENTS = 4.0  # two letters in a row that Latin script has beyond ASCII
# ғ and ә change places between KZ-1048 and PT154. These never or hardly stand together in Kazakh.
_NEVER = re.compile("(?i)[кгсптшщчхфцкеіөүә]ғ|ғ[еіөүә]")
_HARDLY = re.compile("(?i)[бвмйж]ғ|ғ[бвгжзйклмнңпрстфхцчшщьъ]")
_DISCORD = (5.0, 3.0)
_SAMPLE = 100_000  # bytes whose neighbours are looked at
_ASCII = 0x80
# Few files are in these; where they read as well as another, it is the other.
_UNUSUAL = {"ptcp154": 1.0, "cp866": 3.0, "iso8859-5": 5.0, "mac-cyrillic": 8.0}


def costs(data: bytes, codecs: Sequence[str]) -> dict[str, float]:
    """What the data cost, read in each of some encodings of one byte a character.

    The encoding that costs least fits best; see WORST for whether it fits at all.
    """
    units = {byte: count for byte, count in Counter(data).items() if byte >= _ASCII}
    pairs = {
        pair: count for pair, count in Counter(pairwise(b" " + data[:_SAMPLE])).items() if max(pair) >= _ASCII
    }
    return {codec: _cost(units, pairs, codec) for codec in codecs}


def _cost(units: Mapping[int, int], pairs: Mapping[tuple[int, int], int], codec: str) -> float:
    table = _table(codec)
    letters = min(
        unlikely + sum(count * _price(table[byte], alphabet) for byte, count in units.items())
        for alphabet, unlikely in zip(_ALPHABETS, _UNLIKELY, strict=True)
    )
    words = sum(count * _price_of_pair(table[one], table[two]) for (one, two), count in pairs.items())
    return _UNUSUAL.get(codec, 0.0) + letters + words


@cache
def _table(codec: str) -> tuple[str | None, ...]:
    return tuple(_character(byte, codec) for byte in range(256))


def _character(byte: int, codec: str) -> str | None:
    try:
        return bytes([byte]).decode(codec)
    except UnicodeDecodeError:
        return None


@cache
def _price(character: str | None, alphabet: str) -> float:
    if character is None or unicodedata.category(character) == "Cc":
        return _CONTROL
    if character in _MARKS:
        return _MARK
    if not character.isalpha():
        return _SIGN
    small = character.lower()
    if small in alphabet:
        # By its rank alone, as Gusein-Zade found it to hold in Russian and other languages.
        size = len(alphabet)
        return -math.log(math.log((size + 1) / (alphabet.index(small) + 1)) / size)
    return _LETTER_OF_ANOTHER if small in _KNOWN else _FOREIGN_LETTER


@cache
def _price_of_pair(before: str | None, after: str | None) -> float:
    if before is None or after is None or not after.isalpha():
        return 0.0
    if not before.isalpha():
        return _CAPITAL if after.isupper() else 0.0
    mixed = _MIXED if _is_cyrillic(before) != _is_cyrillic(after) else 0.0
    if not _is_cyrillic(before) and not (before.isascii() or after.isascii()):
        mixed += _ACCENTS
    discord = sum(
        price for rule, price in zip((_NEVER, _HARDLY), _DISCORD, strict=True) if rule.match(before + after)
    )
    return mixed + discord + (_CAPITAL_INSIDE if before.islower() and after.isupper() else 0.0)


def _is_cyrillic(letter: str) -> bool:
    return "\u0400" <= letter <= "\u052f"
