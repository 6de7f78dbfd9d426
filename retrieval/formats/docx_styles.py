"""What the styles of a DOCX say of its paragraphs and letters: headings, lists, hidden text."""

from docx.oxml.xmlchemy import BaseOxmlElement as Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BASED_DEEP = 20
_OFF = frozenset({"0", "false", "off", "none"})
_NARROW = 5  # percent of a letter's width
_PALE = 0xF0  # of each colour: on white paper nobody sees it
_INVISIBLE = 2  # half points: letters of one point at the most


class Styles:
    """The document's styles by their ids; a document without any has none of what is asked here."""

    def __init__(self, root: Element | None) -> None:
        found = [] if root is None else root.findall(f"{W}style")
        self._styles = {style.get(f"{W}styleId", ""): style for style in found}

    def name(self, style: str | None) -> str:
        """The style's name in small letters, as `heading 1`; ids are translated, these names are not."""
        found = self._styles.get(style or "")
        named = found.find(f"{W}name") if found is not None else None
        return named.get(f"{W}val", "").lower() if named is not None else ""

    def numbering(self, style: str | None) -> Element | None:
        """The `numPr` of the style or of one that it is based on."""
        return next(
            (found for part in self._based(style) if (found := part.find(f"{W}pPr/{W}numPr")) is not None),
            None,
        )

    def hides(self, style: str | None) -> bool:
        """Whether letters in this style are hidden."""
        told = (is_hidden(part.find(f"{W}rPr")) for part in self._based(style))
        return next((hidden for hidden in told if hidden is not None), False)

    def is_pale(self, properties: Element | None, *styles: str | None) -> bool:
        """Whether letters with these properties, or else in these styles, are as good as white, with nothing behind."""
        told = [properties, *(part.find(f"{W}rPr") for style in styles for part in self._based(style))]
        known = [one for one in told if one is not None]
        shaded = [part.find(f"{W}pPr/{W}shd") for style in styles for part in self._based(style)]
        grounds = [
            found
            for one in known
            for tag in ("shd", "highlight")
            if (found := one.find(f"{W}{tag}")) is not None
        ]
        colour = next((found for one in known if (found := one.find(f"{W}color")) is not None), None)
        return colour is not None and not grounds and shaded.count(None) == len(shaded) and _is_pale(colour)

    def _based(self, style: str | None) -> list[Element]:
        """The style and those that it is based on, nearest first."""
        chain: list[Element] = []
        while style in self._styles and len(chain) < _BASED_DEEP:
            chain.append(self._styles[style])
            style = value(chain[-1].find(f"{W}basedOn"))
        return chain


def is_hidden(properties: Element | None) -> bool | None:
    """Whether properties of letters hide them; None where they say nothing about it."""
    if properties is None:
        return None
    size = value(properties.find(f"{W}sz"))
    if size is not None and size.isdecimal() and int(size) <= _INVISIBLE:
        return True
    width = value(properties.find(f"{W}w"))
    if width is not None and width.isdecimal() and int(width) <= _NARROW:
        return True
    hidden = properties.find(f"{W}vanish")
    return None if hidden is None else value(hidden) not in _OFF


def _is_pale(colour: Element) -> bool:
    if colour.get(f"{W}themeColor") in {"background1", "light1"}:
        return colour.get(f"{W}themeShade") is None
    try:
        return all(part >= _PALE for part in bytes.fromhex(value(colour) or ""))
    except ValueError:  # auto
        return False


def value(element: Element | None) -> str | None:
    """The element's `w:val`; None without the element or the attribute."""
    return None if element is None else element.get(f"{W}val")
