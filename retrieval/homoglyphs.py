"""Letters of one script that stand in words of another.

About one token in eighty of Kazakh news is typed with look-alikes: a Latin i, a, o, e, p, c or x inside a
Cyrillic word, less often the reverse. A reader sees no difference, so none may remain.

The rule: the letters that look like no other decide the script of their word, the more numerous side wins,
and the look-alikes on the losing side are turned. Where no letter decides, a mixed word is Cyrillic and a
word of one script stays as it is (EXPO, IPO, the Roman XIX), unless it is in small letters and the words
around it are Cyrillic. Capitals have more look-alikes (Н, В, Т, М, К), so this comes before lower case.

The pairs are the Kazakh ones among the confusables of Unicode Technical Standard 39, and the signs that
people fall back on where a font or a keyboard has no Kazakh letters: ə for ә, ɵ for ө, ƒ for ғ, ¥ for ұ.
"""

import re

# Pairs that look alike both ways, and so decide nothing.
_LATIN_TWINS = "aceopxyihABCEHIKMOPTXY"
_CYRILLIC_TWINS = "асеорхуіһАВСЕНІКМОРТХУ"
# Small letters that pass for each other in some fonts, and stand-ins for letters that a keyboard lacks.
_STAND_INS = dict(zip("kmtəǝƏɵɷƟƒƑɣҝҡӄӊӈҥӷҕѳѲ¥", "кмтәәӘөөӨғҒғқққңңңғғөӨұ", strict=True))

_TO_CYRILLIC = str.maketrans(dict(zip(_LATIN_TWINS, _CYRILLIC_TWINS, strict=True)) | _STAND_INS)
_TO_LATIN = str.maketrans(dict(zip(_CYRILLIC_TWINS + "кмт", _LATIN_TWINS + "kmt", strict=True)))
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_DECIDES_CYRILLIC = re.compile(rf"[\u0400-\u052f](?<![{_CYRILLIC_TWINS}])")
_DECIDES_LATIN = re.compile(rf"[A-Za-z\u00c0-\u024f](?<![{_LATIN_TWINS}əǝƏƟƒƑ])")
_NEIGHBOUR = re.compile(r"[^\W\d_]+")
_REACH = 60  # letters around a word that its neighbours are looked for in


def resolve(word: str) -> str:
    """The word in one script as far as look-alikes go; its case and its other letters stay.

    >>> resolve("мәжiлic") == "мәжіліс", resolve("Таlgаt") == "Talgat"
    (True, True)
    """
    if word.isascii():
        return word
    cyrillic = len(_DECIDES_CYRILLIC.findall(word))
    latin = len(_DECIDES_LATIN.findall(word))
    if cyrillic == latin == 0:
        return to_cyrillic(word) if _CYRILLIC.search(word) else word
    return to_cyrillic(word) if cyrillic >= latin else word.translate(_TO_LATIN)


def to_cyrillic(word: str) -> str:
    """The word with every Latin look-alike as the Cyrillic letter."""
    return word.translate(_TO_CYRILLIC)


def is_disguised(text: str, start: int, end: int) -> bool:
    """Whether the Latin word at a span is a Cyrillic one by its neighbours, since no letter of it decides.

    >>> is_disguised("жаңа apa келді", 5, 8), is_disguised("zhana apa keldi", 6, 9)
    (True, False)
    """
    word = text[start:end]
    if not word.islower() or not _LATIN.search(word) or _DECIDES_LATIN.search(word):
        return False
    before = _NEIGHBOUR.findall(text, max(0, start - _REACH), start)[-1:]
    after = _NEIGHBOUR.findall(text, end, end + _REACH)[:1]
    near = before + after
    return bool(near) and all(_DECIDES_CYRILLIC.search(neighbour) for neighbour in near)
