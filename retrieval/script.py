"""One key for a Kazakh word, whatever the keyboard, alphabet or script that typed it.

`fold` spells a word with the fewest letters that still tell words apart: a pair of Kazakh letters that
differs by vowel harmony or by a missing key is one letter (қ к q, ғ г, ә а, ө о, ұ ү у, ы і и й, ң н, һ х),
я and ю are i and a vowel, ц is s (the draft alphabet of 2021 writes it so), and no letter of a key is the
first half of a digraph, so a key is its own key. ш, ч and х are ş, ç and x.

Latin spellings are read all at once: the alphabet of the decree of October 2017 (apostrophes: s' c' y'),
that of February 2018 (acutes: á ó ú ń ǵ ý, sh, ch), the draft of January 2021 (ä ö ü ū ğ ñ ş q ı) and what
people make up (zh, kh, gh, ts, ya, yu, ye, w). The Arabic script is төте жазу, as Kazakhs in China write
it. What a Latin letter leaves open (y, c, x, w, sh, ng) is read the most common way; `variants` names others.

Endings need proper letters to be recognised: `restore` puts the Kazakh letters back by vowel harmony and
`to_cyrillic` spells another script in Cyrillic. Both are guesses whose folds equal the folds of what was
given; only their endings are meant to be right.
"""

import re
import unicodedata
from collections.abc import Container, Sequence
from enum import Enum

_CYRILLIC = dict(
    zip("абвгғдежзийклмнңоөпрстуұүфхһцчшщыіэәёқ", "abvggdejziiklmnnooprstuuufxxsçşşiieaek", strict=True)
) | {
    "я": "ia",
    "ю": "iu",
    "ъ": "",
    "ь": "",
    "ї": "i",
    "є": "e",
    "ў": "u",
    "ґ": "g",
}
_ARABIC = dict(
    zip("اآەېهوۇۋۈۉۆبپتجچحخدرزسشعغفقكکگڭلمنھىيیئ", "aaeeeouuuovbptjçxxdrzsşggfkkkgnlmnxiiii", strict=True)
) | dict.fromkeys("ءٴ", "")
_LATIN = {
    **dict.fromkeys(("shch", "sch", "sh", "ş", "š", "ș", "ś", "ŝ", "s'"), "ş"),
    **dict.fromkeys(("tsh", "tch", "ch", "ç", "č", "ć", "c'"), "ç"),
    **dict.fromkeys(("dzh", "dj", "zh", "ž"), "j"),
    **dict.fromkeys(("kh", "h"), "x"),
    **dict.fromkeys(("y'", "ý", "w"), "u"),
    **dict.fromkeys(("ts", "ß"), "s"),
    **dict.fromkeys(("y", "ı"), "i"),
    **dict.fromkeys(("ə", "ǝ", "æ"), "a"),
    **dict.fromkeys(("ɵ", "ø"), "o"),
    "gh": "g",
    "ŋ": "n",
    "q": "k",
    "'": "",
}
_LATIN_PIECE = re.compile(
    rf"(?P<soft>c(?=[eiyıéïí]))|(?P<first>(?<![^\W_])ye)|(?P<hard>c(?![h']))"
    rf"|{'|'.join(sorted(map(re.escape, _LATIN), key=len, reverse=True))}"
)
_FOREIGN = re.compile(r"[A-Za-z'\u00c0-\u024f\u0259\u0275]")
_LETTERS = _CYRILLIC | _ARABIC
_KEY = str.maketrans(_LETTERS)
# Each alternative begins with its letter, so that all other letters are passed over quickly.
_RUN = re.compile(r"i(?:(?P<glide>(?<=[aeou]i)i*(?=e))|i+)|uu+|dd*j|tt*s|x(?<=kazax)")
_RUN_KEY = {"i": "i", "u": "u", "d": "j", "t": "s", "x": "k"}  # казах, Kazakh: қазақ in Russian and English


# What else the Latin letters of a question may mean.
_OPEN = (
    ("sh", "sx"),  # асхана, as ashana
    ("ng", "n"),  # ң
    ("w", "sh"),  # ш in chats
    ("x", "ks"),  # экспо, as expo
    ("y", "u"),  # у by its look
    ("c", "ch"),
    ("c", "k"),
    ("c", "sh"),
    ("ch", "sh"),  # Чимкент for Шымкент
    ("yo", "e"),  # ё
    ("ou", "u"),
    ("oo", "u"),
    ("ee", "i"),
)
# Latin and Arabic letters in Cyrillic, where no rule of `_spelled` decides.
_SPELLED = dict(zip("abdefghjklmnopqrstuvwxzçəıŋɵş", "абдефгхжклмнопқрстувухзчәіңөш", strict=True))
_SPELLED |= dict(zip("äáöóüúūğǵñńýïí", "әәөөүүұғғңңуйи", strict=True))
_SPELLED |= {
    "a'": "ә",
    "o'": "ө",
    "u'": "ү",
    "g'": "ғ",
    "n'": "ң",
    "i'": "и",
    "s'": "ш",
    "c'": "ч",
    "y'": "у",
}
_SPELLED |= {"shch": "щ", "sch": "щ", "sh": "ш", "tsh": "ч", "tch": "ч", "ch": "ч", "zh": "ж", "kh": "х"}
_SPELLED |= {"dzh": "дж", "dj": "дж", "gh": "ғ", "c": "к", "'": ""}
_SPELLING = re.compile(
    r"(?P<e>(?<![^\W_])ye|(?<=[aeouäöüūáóú])ye)|(?P<soft>c(?=[eiyıéïí])|ts(?=[iıe]))|(?P<ts>ts(?!h))|(?P<y>y(?!'))"
    rf"|(?P<i>i(?!'))|{'|'.join(sorted(map(re.escape, _SPELLED), key=len, reverse=True))}"
)
_LATIN_VOWELS = frozenset("aeiouyäöüūáóúýıəɵ")
_ARABIC_SPELLED = dict(
    zip("اآەېوۇۋۈۉۆبپتجچحخدرزسشعغفقكکگڭلمنھهىيیئ", "ааееоұууовбптжчххдрзсшғғфқккгңлмнһеыиии", strict=True)
)
_ARABIC_FRONTED = dict(zip("اوۇى", "әөүі", strict=True))
_HAMZA = re.compile("[ءٴ]")
_ARABIC_GLIDE = re.compile("(?<=[اەوۇۋىيی])[يی]")

_VOWELS, _GLIDES = frozenset("аәеёиоөуұүыіэюя"), frozenset("ую")
_FRONT, _BACK, _BACK_AHEAD = frozenset("әеөүіэ"), frozenset("ыұяё"), frozenset("аоұыяё")
_KAZAKH_LETTERS = {"г": "ғ", "и": "і", "к": "қ", "н": "ң", "аоу": "әөүұ"}
_ALL_OPEN = frozenset("агикноу")
_LOAN = re.compile(r"[вфцчщэюёьъ]|[ои]а|[еи]о|[бвдзклмнпрстф]ия")  # up to here the letters are what they seem
_KEPT_I = re.compile(r"(?:тарих|таби[гғ]|маден|адеб|ресм|касиб|дин)и$")  # adjectives in -и
# The last letter is ң: the genitive (-ның after a vowel or nasal, -дың, -тың after a consonant) and -ңыз; but
# -ғанын and -йтынын are accusatives of a participle.
_NASAL_ENDING = re.compile(
    r"(?:(?<=[аәеиіоөуұүыюямнң])(?<![бвджзйлмнпрстуфш][гғкқ][ае])(?<![мбп][ае][гғ][ае])(?<!йт[ыі])н|д|(?<=[^аәеиіоөуұүыюяй])т)[ыі]н$"
    r"|(?<=[аеыі])н(?=[ыі]з)"
)
_TENGE = re.compile("^тенге")  # ге is no ending here


class Script(Enum):
    """What a text is written in."""

    KAZAKH = "kazakh"  # Cyrillic with at least one letter that Russian lacks
    CYRILLIC = "cyrillic"  # Cyrillic without them: Russian, or Kazakh from another keyboard
    LATIN = "latin"
    ARABIC = "arabic"


_SCRIPTS = {
    Script.KAZAKH: re.compile("[әғқңөұүһіӘҒҚҢӨҰҮҺІ]"),
    Script.CYRILLIC: re.compile(r"[\u0400-\u052f]"),
    Script.LATIN: re.compile(r"[A-Za-z\u00c0-\u024f]"),
    Script.ARABIC: re.compile(r"[\u0620-\u06ff\ufb50-\ufdff\ufe70-\ufefc]"),
}


def scripts(text: str) -> frozenset[Script]:
    """The scripts that a text has letters of; KAZAKH stands in for CYRILLIC.

    >>> scripts("Мәжіліс on air") == {Script.KAZAKH, Script.LATIN}
    True
    """
    found = {script for script, letters in _SCRIPTS.items() if letters.search(text)}
    return frozenset(found - {Script.CYRILLIC} if Script.KAZAKH in found else found)


def fold(word: str) -> str:
    """The key of a normalised word or stem: the same for every spelling of a Kazakh word.

    >>> fold("мәжіліс"), fold("мажилис"), fold("mäjılıs"), fold("mazhilis")
    ('majilis', 'majilis', 'majilis', 'majilis')
    """
    key = word.replace("ье", "ие").translate(_KEY)
    if _FOREIGN.search(word):
        key = _latin_key(key)
    return _RUN.sub(_one, key)


def folds(words: Sequence[str]) -> list[str]:
    """The key of each of the words, none of which holds a line break: quicker than one by one."""
    lines = "\n".join(words).replace("ье", "ие")
    for letter, key in _LETTERS.items():  # twice as fast as translate
        lines = lines.replace(letter, key)
    keys = _RUN.sub(_one, lines).split("\n")
    return [fold(word) if _FOREIGN.search(word) else key for word, key in zip(words, keys, strict=False)]


def _latin_key(word: str) -> str:
    return _LATIN_PIECE.sub(_piece, _without_accents(word, _LATIN))


def _without_accents(word: str, kept: Container[str]) -> str:
    """The word with plain letters for the accented ones that have no meaning of their own."""
    return "".join(
        letter
        if letter in kept or not "\u00c0" <= letter <= "\u024f"
        else unicodedata.normalize("NFD", letter)[0]
        for letter in word
    )


def _piece(match: re.Match[str]) -> str:
    match match.lastgroup:
        case "soft":
            return "s"
        case "first":
            return "e"
        case "hard":
            return "k"
    return _LATIN[match[0]]


def _one(run: re.Match[str]) -> str:
    return "" if run.lastgroup else _RUN_KEY[run[0][0]]


def variants(word: str) -> tuple[str, ...]:
    """Other keys that a Latin word of a question may have been meant for; none for other scripts.

    >>> variants("ashana"), variants("expo"), variants("mura")
    (('asxana',), ('ekspo',), ())
    """
    if not _SCRIPTS[Script.LATIN].search(word):
        return ()
    others = dict.fromkeys(fold(word.replace(spelled, meant)) for spelled, meant in _OPEN if spelled in word)
    others.pop(fold(word), None)
    return tuple(others)


def to_cyrillic(word: str) -> str | None:
    """A guess at the Cyrillic spelling of a normalised word in Latin or Arabic letters; None without letters.

    >>> to_cyrillic("koalitsiyasy"), to_cyrillic("törağasynyñ"), to_cyrillic("kezdesti"), to_cyrillic("2026")
    ('коалициясы', 'төрағасының', 'кездесті', None)
    """
    if _SCRIPTS[Script.ARABIC].search(word):
        return _joined(_from_arabic(word))
    if not _SCRIPTS[Script.LATIN].search(word):
        return word if _SCRIPTS[Script.CYRILLIC].search(word) else None
    spelled = _joined(_SPELLING.sub(_spelled, _without_accents(word, _SPELLED)))
    # A writer who has қ as a letter of its own means к by k, and so on.
    unwritten = (letters for letters, kazakh in _KAZAKH_LETTERS.items() if not set(kazakh) & set(spelled))
    return _restored(spelled, frozenset("".join(unwritten)) | {"и"})


def restore(word: str) -> str:
    """A guess at the Kazakh spelling of a normalised word typed without the Kazakh letters, or in Latin.

    A word that has a Kazakh letter was typed on a Kazakh keyboard and stays as it is.

    >>> restore("коалициясынын"), restore("мушелери"), restore("когамдык"), restore("төрағасы")
    ('коалициясының', 'мүшелері', 'қоғамдық', 'төрағасы')
    """
    if _FOREIGN.search(word) or _SCRIPTS[Script.ARABIC].search(word):
        return to_cyrillic(word) or word
    return word if _SCRIPTS[Script.KAZAKH].search(word) else _restored(word, _ALL_OPEN)


def _spelled(match: re.Match[str]) -> str:
    before = match.string[match.start() - 1 : match.start()]
    after = match.string[match.end() : match.end() + 1]
    match match.lastgroup:
        case "e":
            return "е"
        case "soft":
            return "ц"
        case "ts":
            return "тс"
        case "y":
            return "й" if before in _LATIN_VOWELS or after in _LATIN_VOWELS else "ы"
        case "i":
            return "й" if before in _LATIN_VOWELS else "и"
    return _SPELLED[match[0]]


def _from_arabic(word: str) -> str:
    """The word in Cyrillic; ء, or ە ك گ without it, say that its vowels are front ones."""
    front = _HAMZA.search(word) is not None or (set("ەكکگ") & set(word) and not set("قعغا") & set(word))
    letters = _ARABIC_SPELLED | _ARABIC_FRONTED if front else _ARABIC_SPELLED
    spelled = _ARABIC_GLIDE.sub("й", _HAMZA.sub("", word)).replace("تس", "ц")
    return "".join(letters.get(letter, letter) for letter in spelled)


def _joined(word: str) -> str:
    for pair, letter in (("йа", "я"), ("йу", "ю"), ("иа", "ия"), ("иу", "ию")):
        word = word.replace(pair, letter)
    return word


def _restored(word: str, unwritten: frozenset[str]) -> str:
    """The word with a Kazakh letter for each unwritten one that vowel harmony or an ending gives away."""
    front = _harmony(word, unwritten)
    sure = max((loan.end() for loan in _LOAN.finditer(word)), default=0)
    kept = match.end() - 1 if (match := _KEPT_I.match(word)) else -1
    restored = "".join(
        _guess(word, at, front=front[at]) if at >= sure and at != kept and letter in unwritten else letter
        for at, letter in enumerate(word)
    )
    return _NASAL_ENDING.sub(_nasal, _TENGE.sub("теңге", restored)) if "н" in unwritten else restored


def _nasal(ending: re.Match[str]) -> str:
    return f"{ending[0][:-1]}ң"


def _harmony(word: str, unwritten: frozenset[str]) -> list[bool]:
    """Whether each letter is among front vowels; a vowel that may be either goes with the one before it."""
    vowels = [at for at, letter in enumerate(word) if letter in _VOWELS]
    said = {at: front for at in vowels if (front := _said(word, at, vowels[0], unwritten)) is not None}
    last = next(iter(said.values()), False)
    result: list[bool] = []
    for at, letter in enumerate(word):
        last = said.get(at, last)
        result.append(last if letter in _VOWELS else said.get(at + 1, last))
    return result


def _said(word: str, at: int, first: int, unwritten: frozenset[str]) -> bool | None:
    """Whether a vowel is a front one, None where it may be either.

    а and о are sure after the first syllable; и, where ы was at hand too, unless a back vowel follows.
    """
    letter = word[at]
    if letter in _FRONT:
        return True
    if letter in _BACK or (letter in "ао" and (at > first or letter not in unwritten)):
        return False
    return True if letter == "и" and _between(word, at) and _BACK_AHEAD.isdisjoint(word[at:]) else None


def _between(word: str, at: int) -> bool:
    """Whether a letter stands between consonants; the end of у and ю is one to the и of an ending."""
    before, after = word[at - 1 : at], word[at + 1 : at + 2]
    return (before not in _VOWELS or (word[at] == "и" and before in _GLIDES)) and after not in _VOWELS


def _guess(word: str, at: int, *, front: bool) -> str:
    letter = word[at]
    if letter in "кг":
        return letter if front else _KAZAKH_LETTERS[letter]
    if letter == "и":
        return "і" if front and _between(word, at) else letter
    if letter == "н" or not _VOWELS.isdisjoint(word[:at]):
        return letter
    if letter == "у":
        rounded = "ү" if front else "ұ"
        return rounded if _between(word, at) and at + 1 < len(word) else letter
    return {"а": "ә", "о": "ө"}[letter] if front else letter
