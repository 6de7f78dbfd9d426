"""Names, loanwords and internationalisms: how a Russian or English word may be spelled among the Kazakh ones.

Kazakh takes such words from Russian mostly as they are, so that a key (`retrieval.script.fold`) of the word without its
ending is the beginning of the Kazakh one's: коалиций and коалиция, Жетысуского and Жетісу. English words are first
respelled by the correspondences of Greek and Latin words: constitution is konstitusia, philosophy is filosofia.
"""

import re
from collections.abc import Iterable, Iterator

from retrieval.script import fold
from retrieval.tongues import Tongue, stem_in

SHORTEST = 5
"""Letters of a key below which too many words begin alike."""
SHORTEST_NAME = 3
"""The same for names, which a capital letter gives away."""
# What may be left of a Kazakh word's key behind the key of a foreign one without its ending.
RESTS = ("a", "ia", "i", "o", "e", "ie")

_RUSSIAN_ENDING = re.compile(
    r"(?:ого|его|ому|ему|ыми|ими|ами|ями|иях|иям|ией|ием|ов|ев|ей|ой|ый|ий|ая|яя|ое|ее|ую|юю|ые|ие|ых|их|ым|им|ом|ем|ам|ям|ах|ях|ия|ию|ии"
    r"|[аяоеуюыийь])$"
)
_SUFFIXES = (
    (re.compile(r"(?:ическ|ичн|ийск|ейск|еск|ск|(?<=[^аеиоуыя])н)$"), ("", "ия", "ика", "а")),  # политический
    (re.compile(r"ионн$"), ("ия",)),  # конституционный
    (re.compile(r"(?:ианск|анск|янск)$"), ("ия", "а", "")),  # американский
    (re.compile(r"(?:ец|ц|чанин|жанин|янин|анин)$"), ("",)),  # алматинец
    (re.compile(r"(?:инск|инец|инц)$"), ("", "ы", "а")),  # алматинский, алматинцы
)
_ENGLISH_ENDING = re.compile(r"(?:'s|s'|(?<=[^s])s)$")
_ENGLISH = (
    (r"(?:tion|cion)(?:al|ally|ary|ist|ed|ing)?$", "tsia"),
    (r"(?:ss|s)ion(?:al|ary)?$", "ssia"),
    (r"ization$", "izatsia"),
    (r"(?:is|iz)ation$", "izatsia"),
    (r"ology$", "ologia"),
    (r"ological$", "ologia"),
    (r"graphy$", "grafia"),
    (r"graphic(?:al)?$", "grafia"),
    (r"cracy$", "kratia"),
    (r"cratic$", "kratia"),
    (r"([ae])ncy$", r"\1ntsia"),
    (r"([ae])nce$", r"\1ntsia"),
    (r"sity$", "sitet"),
    (r"ty$", "tet"),
    (r"ism$", "izm"),
    (r"(?:ic|ical|ics)$", "ik"),
    (r"ive$", "iv"),
    (r"ary$", "ar"),
    (r"ory$", "oria"),
    (r"ian$", "ia"),
    (r"ean$", "ea"),
    (r"an$", "a"),
    (r"(?<=[bcdfghklmnprstvz])y$", "ia"),
    (r"(?<=[bcdfghklmnprstvz])e$", ""),
)
_ENGLISH_ENDINGS = tuple((re.compile(pattern), spelled) for pattern, spelled in _ENGLISH)
_ENGLISH_LETTERS = (
    ("sch", "sh"),
    ("tch", "ch"),
    ("ph", "f"),
    ("th", "t"),
    ("rh", "r"),
    ("ck", "k"),
    ("qu", "kv"),
    ("x", "ks"),
    ("oo", "u"),
    ("ee", "i"),
    ("ou", "u"),
    ("ae", "e"),
    ("w", "v"),
    ("ll", "l"),
)
_DOUBLED = re.compile(r"([bcdfgklmnprtvz])\1")


def keys(word: str, tongue: Tongue) -> tuple[str, ...]:
    """The keys that a Kazakh word may have which is this one, a normalised word; the likeliest first.

    >>> "koalisia" in keys("коалиций", Tongue.RUSSIAN), "jetisu" in keys("жетысуского", Tongue.RUSSIAN)
    (True, True)
    >>> "konstitusia" in keys("constitution", Tongue.ENGLISH)
    True
    """
    spelled = _russian(word) if tongue is Tongue.RUSSIAN else _english(word)
    bases = [key for key in dict.fromkeys(fold(one) for one in spelled) if len(key) >= SHORTEST_NAME]
    longer = (key + rest for rest in RESTS for key in bases if len(key) >= SHORTEST)
    return tuple(dict.fromkeys([*bases, *longer, *_heard(bases)]))


def names(word: str, tongue: Tongue) -> tuple[str, ...]:
    """The keys of a name that may be heard and written otherwise in Kazakh: Абулхаир is Әбілқайыр, Ахан is Ақан."""
    plain = _RUSSIAN_ENDING.sub("", word) if tongue is Tongue.RUSSIAN else _ENGLISH_ENDING.sub("", word)
    found = [fold(plain), fold(word)]
    return tuple(dict.fromkeys([*found, *_heard(found)]))


def _heard(found: Iterable[str]) -> Iterator[str]:
    """The keys as Kazakh may have it for what Russian hears: қ for х, ө and о for у (Букей: Бөкей)."""
    for key in found:
        for heard in (
            key.replace("x", "k"),
            key.replace("u", "o", 1),
            key.replace("x", "k").replace("u", "o", 1),
        ):
            if heard != key:
                yield heard


def _russian(word: str) -> Iterator[str]:
    plain = word.replace("ё", "е")
    yield stem_in(plain, Tongue.RUSSIAN)
    if plain[-1] in "яею":
        yield f"{plain[:-1]}й"  # Абая: Абай
    bare = _RUSSIAN_ENDING.sub("", plain)
    yield from (plain, bare)
    for base in dict.fromkeys((bare, stem_in(plain, Tongue.RUSSIAN))):
        for pattern, endings in _SUFFIXES:
            if pattern.search(base):
                short = pattern.sub("", base)
                yield from (short + ending for ending in endings)


def _english(word: str) -> Iterator[str]:
    plain = _ENGLISH_ENDING.sub("", word)
    for base in dict.fromkeys((plain, word)):
        yield base
        yield from (_respelled(one) for one in _with_endings(base))
        yield _respelled(base)


def _with_endings(word: str) -> Iterable[str]:
    return [pattern.sub(spelled, word) for pattern, spelled in _ENGLISH_ENDINGS if pattern.search(word)]


def _respelled(word: str) -> str:
    for letters, spelled in _ENGLISH_LETTERS:
        word = word.replace(letters, spelled)
    word = re.sub(r"ch", "h", word) if word.startswith(("tech", "psych", "chem", "chr")) else word
    word = re.sub(r"c(?=[eiy])", "ts", word).replace("c", "k")
    return _DOUBLED.sub(r"\1", word)
