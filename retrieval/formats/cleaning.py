"""Readable text: without what cannot be seen and may mislead, and laid out in one way."""

import re
import unicodedata

_NEWLINE = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Controls, lone halves of surrogate pairs, marks of direction and of invisible operators, fillers, tags, and what
# Unicode keeps for programs. The joiners of Arabic script and of emoji, and the signs for emoji, are looked at below.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff"
    "\U000e0000-\U000e0fff]"
)
_ARABIC = "\u0620-\u064a\u066e-\u06d5\u06fa-\u06ff\u0750-\u077f"
_PICTURE = "\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff"
_KEYS = "0-9#*"
_STRAY_SELECTOR = re.compile(f"(?<![{_PICTURE}{_KEYS}])[\ufe0e\ufe0f]+|(?<=[\ufe0e\ufe0f])[\ufe0e\ufe0f]+")
_STRAY_JOINER = re.compile(
    f"(?<![{_ARABIC}])\u200c+|\u200c+(?![{_ARABIC}])"
    f"|(?<![{_ARABIC}{_PICTURE}\ufe0f])\u200d+|\u200d+(?![{_ARABIC}{_PICTURE}])"
)
# More accents than these on one letter are no writing; they run over the lines above and below.
_ACCENT = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_HEAPED = re.compile(f"([{_ACCENT}]{{4}})[{_ACCENT}]+")
_SPACES = re.compile(r"[^\S\n]+")
_ROUND_NEWLINE = re.compile(r" ?\n ?")
_EMPTY_LINES = re.compile(r"\n{3,}")


def clean(text: str) -> str:
    r"""The text in NFC, with `\n` as its only newline, single spaces and at most one empty line in a row.

    What cannot be seen is taken out: control characters, zero-width characters, marks of direction, lone surrogates,
    tags. Joiners stay where Arabic script or an emoji needs them. A clean text stays as it is.
    """
    text = _UNSEEN.sub("", _NEWLINE.sub("\n", text))
    text = _STRAY_JOINER.sub("", _STRAY_SELECTOR.sub("", text))
    text = unicodedata.normalize("NFC", _HEAPED.sub(r"\1", text))
    text = _ROUND_NEWLINE.sub("\n", _SPACES.sub(" ", text))
    return _EMPTY_LINES.sub("\n\n", text).strip()


def one_line(text: str) -> str:
    """The text clean and in one line, as titles and names are."""
    return " ".join(clean(text).split())
