"""What of a feed may reach feedparser: nothing that makes it work for minutes."""

import re

LARGEST = 5 * 1024 * 1024
"""Bytes of a feed; a hundred long articles are well below."""
DEEPEST = 1000
"""Tags that may be open at one place; feedparser takes longer and longer for each further one."""
LONGEST = 200
"""Letters and digits in a row that may stand in a feed: no word and hardly a link has as many.

feedparser looks for addresses of people in such rows, in a time that grows with the square of their length.
"""
_ROW = re.compile(rb"[\w.+-]{%d,}" % (LONGEST + 1))
_TAG = re.compile(rb"<(?P<closing>/)?[A-Za-z][^<>]*(?P<empty>(?<=/)>)?")
_CDATA, _CDATA_END = b"<![CDATA[", b"]]>"


def trouble(data: bytes, content_type: str | None) -> str | None:
    """What is wrong with the bytes, and what to do; None where they may be read."""
    if len(data) > LARGEST:
        return (
            f"is larger than {LARGEST // 2**20} MB; name a feed with fewer entries, such as one of a section"
        )
    seen = data.replace(b"\0", b"")  # of UTF-16 and UTF-32 the signs of XML stay
    if re.search(rb"utf-?7", seen[:1000] + (content_type or "").encode("ascii", "ignore"), re.IGNORECASE):
        return "is in an encoding that hides its tags; ask whoever makes it for UTF-8"
    if _depth(_without_cdata(seen)) > DEEPEST:
        return "has thousands of tags that are not closed; ask whoever makes it to mend it"
    return None


def without_long_rows(data: bytes) -> bytes:
    """The same without rows of letters that are too long, such as pictures written as text."""
    return _ROW.sub(b"", data)


def _without_cdata(data: bytes) -> bytes:
    """What is tags to a feed: the text of an article stands in it as one piece."""
    first, *rest = data.split(_CDATA)
    return b"".join([first, *(part.partition(_CDATA_END)[2] for part in rest)])


def _depth(data: bytes) -> int:
    deepest = depth = 0
    for tag in _TAG.finditer(data):
        if tag["closing"]:
            depth = max(0, depth - 1)
        elif not tag["empty"]:
            depth += 1
            deepest = max(deepest, depth)
    return deepest
