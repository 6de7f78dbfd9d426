"""The signs and numbers in front of the items of a DOCX's lists."""

from docx.oxml.xmlchemy import BaseOxmlElement as Element

from retrieval.formats.docx_styles import W, value

_BULLET = "• "
_LEVELS = 9


class Lists:
    """Counts the items of the document's lists while its paragraphs are read in order."""

    def __init__(self, root: Element | None) -> None:
        self._abstract: dict[str, Element] = {}
        self._used: dict[str, str] = {}
        self._counts: dict[tuple[str, int], int] = {}
        for found in () if root is None else root.findall(f"{W}abstractNum"):
            self._abstract[found.get(f"{W}abstractNumId", "")] = found
        for found in () if root is None else root.findall(f"{W}num"):
            self._used[found.get(f"{W}numId", "")] = value(found.find(f"{W}abstractNumId")) or ""

    def mark(self, numbering: Element | None) -> str:
        """What stands in front of the item whose `numPr` this is, with its space; empty for what is no item."""
        if numbering is None:
            return ""
        number = value(numbering.find(f"{W}numId")) or "0"
        depth = value(numbering.find(f"{W}ilvl")) or "0"
        level = min(int(depth), _LEVELS) if depth.isdecimal() else 0
        if number == "0":  # a list that the style gives and this paragraph takes away
            return ""
        kind, start = self._level(number, level)
        if kind == "none":
            return ""
        if kind != "decimal":
            return _BULLET
        self._counts[number, level] = self._counts.get((number, level), start - 1) + 1
        for deeper in range(level + 1, _LEVELS + 1):
            self._counts.pop((number, deeper), None)
        return f"{self._counts[number, level]}. "

    def _level(self, number: str, level: int) -> tuple[str, int]:
        """How the items of one level are counted, and from what number on."""
        abstract = self._abstract.get(self._used.get(number, ""))
        for found in () if abstract is None else abstract.findall(f"{W}lvl"):
            if found.get(f"{W}ilvl") == str(level):
                start = value(found.find(f"{W}start")) or "1"
                return value(found.find(f"{W}numFmt")) or "bullet", int(start) if start.isdecimal() else 1
        return "bullet", 1
