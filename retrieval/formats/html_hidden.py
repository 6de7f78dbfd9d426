"""Text that a reader of the page does not see, taken out of its tree."""

import re
from dataclasses import dataclass, replace

from lxml import html

from retrieval.formats.html_styles import Sheet, Style, names
from retrieval.formats.html_tree import drop, elements

_NEVER_SHOWN = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "head",
        "datalist",
        "object",
        "embed",
        "iframe",
        "svg",
        "math",
        "del",
        "s",
        "strike",
    ]
)
_LENGTH = re.compile(r"(-?\d*\.?\d+)\s*(px|pt|r?em|%|vw|vh|)")
_PIXELS = {"px": 1.0, "": 1.0, "pt": 1.33, "em": 16.0, "rem": 16.0, "%": 0.16, "vw": 10.0, "vh": 10.0}
_TINY = 2.0  # pixels: a letter of this size is a line
_OUT_OF_SIGHT = -900.0
_HEX = re.compile(r"#([0-9a-f]{3,8})\b")
_RGB = re.compile(r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)(?:\s*[,/]\s*([\d.]+%?))?\s*\)")
_NAMED = {"white": (255, 255, 255), "black": (0, 0, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240)}
_ALIKE = 12  # of 255, in each of the three colours
_WHITE = (255, 255, 255)

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What an element inherits: colours (None where unknown), and whether its text shows."""

    colour: Colour | None = (0, 0, 0)
    ground: Colour | None = _WHITE
    shown: bool = True
    sized: bool = True

    @property
    def readable(self) -> bool:
        alike = (
            self.colour is not None
            and self.ground is not None
            and all(abs(one - other) <= _ALIKE for one, other in zip(self.colour, self.ground, strict=True))
        )
        return self.shown and self.sized and not alike


def without_hidden(tree: html.HtmlElement) -> None:
    """Take out what the page hides: by its elements, attributes, styles and rules."""
    sheet = Sheet([style.text or "" for style in tree.iter("style") if "amp-boilerplate" not in style.attrib])
    for element in elements(tree):
        if element.tag in _NEVER_SHOWN:
            drop(element)
    open_: list[tuple[html.HtmlElement, list[str], _Seen]] = []
    for element in elements(tree):
        parent = element.getparent()
        while open_ and open_[-1][0] is not parent:
            open_.pop()
        if parent is not None and not open_:
            continue  # it stands in something that was taken out
        above = [name for _, around, _ in open_ for name in around]
        style = sheet.style(element, above)
        if element.tag not in {"html", "body"} and (_is_marked(element) or _is_away(style)):
            drop(element)
            continue
        seen = _seen(style, open_[-1][2] if open_ else _Seen())
        if not seen.readable:
            element.text = None
            for child in element:
                child.tail = None
        open_.append((element, list(names(element)), seen))


def _is_marked(element: html.HtmlElement) -> bool:
    return "hidden" in element.attrib or element.get("aria-hidden", "").strip().lower() == "true"


def _is_away(style: Style) -> bool:
    """Whether an element with everything in it takes no place, or one off the screen."""
    moves = "animation" in style or "transition" in style
    if style.get("display") == "none" or (_is_nothing(style.get("opacity")) and not moves):
        return True
    if style.get("position") in {"absolute", "fixed", "relative"} and any(
        _pixels(style.get(side)) <= _OUT_OF_SIGHT for side in ("left", "right", "top")
    ):
        return True
    clipped = style.get("clip", "").replace(" ", "").replace(",", "")
    if _pixels(style.get("text-indent")) <= _OUT_OF_SIGHT or re.match(r"rect\((?:[01](?:px)?){4}\)", clipped):
        return True
    small = any(0 <= _pixels(style.get(side)) <= 1 for side in ("width", "height", "max-height"))
    return small and style.get("overflow") in {"hidden", "clip"} and not moves


def _is_nothing(value: str | None) -> bool:
    try:
        return value is not None and float(value.rstrip("%")) <= 0.01  # noqa: PLR2004 - a hundredth is not seen
    except ValueError:
        return False


def _pixels(value: str | None) -> float:
    """A length in pixels; infinite where none is given."""
    match = _LENGTH.match(value or "")
    return float(match[1]) * _PIXELS[match[2]] if match else float("inf")


def _seen(style: Style, inherited: _Seen) -> _Seen:
    seen = inherited
    if "visibility" in style:
        seen = replace(seen, shown=style["visibility"] not in {"hidden", "collapse"})
    if "font-size" in style:
        seen = replace(seen, sized=_pixels(style["font-size"]) > _TINY)
    if "color" in style and style["color"] != "inherit":
        clear = style["color"] == "transparent"
        seen = replace(seen, colour=seen.ground if clear else _colour(style["color"]))
    for name in ("background", "background-color"):
        value = style.get(name, "none")
        if value not in {"none", "transparent", "inherit", "initial", "unset", "0", "0 0"}:
            seen = replace(seen, ground=None if "url(" in value or "gradient" in value else _colour(value))
    return seen


def _colour(value: str) -> Colour | None:
    if match := _HEX.search(value):
        digits = match[1]
        digits = "".join(digit * 2 for digit in digits[:3]) if len(digits) < 6 else digits  # noqa: PLR2004 - #rgb
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    if match := _RGB.search(value):
        return int(match[1]), int(match[2]), int(match[3])
    return next((_NAMED[word] for word in value.split() if word in _NAMED), None)
