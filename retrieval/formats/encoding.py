"""Bytes to text: Unicode where they are valid, otherwise the encoding in which they read like a language.

Kazakh was written in many: Windows-1251 as it is, the two standards that put its nine letters into it (KZ-1048 and
PT154), UTF-16, and Russian beside it in KOI8 and in DOS. What a page says of itself is one voice among them, since
it is often wrong.
"""

import codecs

import charset_normalizer

from retrieval.errors import FormatError, Trouble
from retrieval.formats.letters import GOOD, WORST, costs

# In the order of preference where two read alike.
_ONE_BYTE = (
    *("cp1251", "kz1048", "ptcp154", "koi8-u", "koi8-r", "cp866", "mac-cyrillic", "iso8859-5"),
    *("cp1252", "cp1254"),
)
_OTHERS = (
    *("cp1250", "cp1253", "cp1255", "cp1256", "cp1257", "cp1258", "iso8859-2", "iso8859-9"),
    *("gb18030", "big5", "euc_jp", "shift_jis", "euc_kr"),
)
_DECLARABLE = frozenset((*_ONE_BYTE, *_OTHERS))
# What the web means by these names is the larger set.
_MEANT = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "cp1252"}
_DECLARED = 6.0  # what a declaration is worth, in the unit of the costs

_FEWEST = 3  # bytes that can tell an encoding by themselves
_SAMPLE = 100_000  # bytes that are looked at to tell what the others are
_ASCII = bytes(range(0x80))
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1a\x1b")
_MOST_CONTROLS = 0.01
_MOST_CONTROLS_IN_UTF_8 = 0.2  # valid UTF-8 is hardly ever anything but text
_SMALL = bytes(range(7))  # the upper bytes of Latin, Cyrillic and Arabic letters in UTF-16
_SMALL_SHARE = 0.6  # of one half of the bytes of UTF-16 are these; hardly any are in other text
_VALID_PER_WRONG = 20  # characters in valid UTF-8 for each place that is not, where it is UTF-8 with damage

_NO_TEXT = "is not text: give a text, a page or a document"
_NO_ENCODING = "is in an encoding that cannot be told: save it as UTF-8"


def decoded(data: bytes, declared: str | None = None) -> str:
    """The text of the data, without a byte order mark. `declared` is the charset that they are said to be in.

    Raises FormatError where they are no text, or where nothing tells their encoding.
    """
    wide = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else _utf_16(data)
    if wide is not None:
        text = data.decode(wide, "replace")
        _expect_text(text.encode("utf-8", "replace"), _MOST_CONTROLS_IN_UTF_8)
    else:
        try:
            text = data.decode("utf-8")
            _expect_text(data, _MOST_CONTROLS_IN_UTF_8)
        except UnicodeDecodeError:
            text = _guessed(data, declared)
    return text.removeprefix("\ufeff")


def _expect_text(data: bytes, most: float) -> None:
    sample = data[:_SAMPLE]
    if len(sample) - len(sample.translate(None, _CONTROLS)) > most * len(sample):
        raise FormatError(_NO_TEXT, Trouble.FORMAT)


def _utf_16(data: bytes) -> str | None:
    """Which UTF-16 the data without a mark are in, if in any."""
    sample = data[:_SAMPLE]
    for half, name in ((sample[1::2], "utf-16-le"), (sample[::2], "utf-16-be")):
        if len(half) > 1 and len(half.translate(None, _SMALL)) < (1 - _SMALL_SHARE) * len(half):
            return name
    return None


def _guessed(data: bytes, declared: str | None) -> str:
    """The text of data that are not valid UTF-8."""
    if b"\x00" in data:
        raise FormatError(_NO_TEXT, Trouble.FORMAT)
    _expect_text(data, _MOST_CONTROLS)
    if _is_damaged_utf_8(data):
        return data.decode("utf-8", "replace")
    said = _codec(declared)
    if said is None and len(data.strip()) < _FEWEST:
        raise FormatError(_NO_ENCODING, Trouble.ENCODING)
    found = costs(data, _ONE_BYTE)
    best = min(found, key=lambda codec: found[codec] - (codec == said) * _DECLARED)
    cost = found[best] - (best == said) * _DECLARED
    count = len(data.translate(None, _ASCII))
    if said in _OTHERS and cost > GOOD * count and (text := _strictly(data, said)) is not None:
        return text
    return data.decode(best, "replace") if cost <= WORST * count else _in_another(data)


def _is_damaged_utf_8(data: bytes) -> bool:
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(data[:_SAMPLE])
    wrong = text.count("\ufffd")
    return sum(not character.isascii() for character in text) - wrong >= _VALID_PER_WRONG * max(wrong, 1)


def _codec(declared: str | None) -> str | None:
    """The codec that a declared charset means, unless it is none that text is trusted to be in."""
    try:
        found = codecs.lookup((declared or "").strip()).name
    except (LookupError, ValueError):
        return None
    found = _MEANT.get(found, found)
    return found if found in _DECLARABLE else None


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _in_another(data: bytes) -> str:
    """The text in an encoding of a script that is not ours, such as Chinese, where that is plain."""
    sample = data[: data.rfind(b"\n", 0, _SAMPLE) + 1 or _SAMPLE]
    for match in charset_normalizer.from_bytes(sample, cp_isolation=list(_OTHERS)):
        if match.coherence > 0 and (text := _strictly(data, match.encoding)) is not None:
            return text
    raise FormatError(_NO_ENCODING, Trouble.ENCODING)
