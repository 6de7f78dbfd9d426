"""Names and texts from anywhere, safe to print."""

import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""What steers a terminal, turns the direction of writing, cannot be seen, or is no character at all."""


def printable(text: str) -> str:
    """The text on one line, without what cannot be seen; half of a surrogate pair is shown as `�`.

    What is printable already comes back as it is, but for white space, which becomes single spaces.
    """
    shown = (_shown(sign) for sign in text)
    return " ".join("".join(shown).split())


def readable(text: str) -> str:
    """The text with its lines, as safe to print as one line of `printable`."""
    return "".join(sign if sign in "\n\t" else _shown(sign) for sign in text)


def _shown(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind == "Cs":
        return "\ufffd"
    if kind in _HIDDEN:
        return " " if sign.isspace() else ""
    return sign
