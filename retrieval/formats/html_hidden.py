"""Text that a reader of the page does not see, taken out of its tree."""

import re
from collections import ChainMap
from dataclasses import dataclass, field, replace

from lxml import html

from retrieval.formats.html_colours import BLACK, WHITE, Colour, colour_of, is_clear
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
_UNSEEN = 0.01  # of full opacity, at the most
_OUT_OF_SIGHT = -900.0
_FAR = 3000.0  # to the right or downwards: pages are long, but none goes so far by itself
_FONT_SIZE = re.compile(r"(?:^|\s)(\d*\.?\d+(?:px|pt|r?em|%|)(?=[\s/]))")
_CUT_AWAY = re.compile(
    r"rect\((?:[01](?:px)?[\s,]*){4}\)|inset\(\s*(?:[5-9]\d|100)%|circle\(\s*0(?![.\d])|ellipse\(\s*0(?![.\d])"
)
_POLYGON = re.compile(r"polygon\(([^()]*)\)")
_SHRUNK = re.compile(r"scale(?:x|y|3d)?\(\s*0?\.?0*\s*[,)]")
_MOVED = re.compile(r"translate(?:x|y|3d)?\(([^()]*)\)")
_FILTERED = re.compile(r"opacity\(\s*0?\.?0*%?\s*\)")
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,([^()]*))?\)")
_DEEPEST = 5  # variables in one another
_LONGEST = 1_000  # characters that a value with variables may come to
_ALIKE = 16  # of 255, in each of the three colours


@dataclass(frozen=True, slots=True)
class _Seen:
    """What an element inherits: colours (None where unknown), whether its text shows, and variables of style."""

    colour: Colour | None = BLACK
    ground: Colour | None = WHITE
    shown: bool = True
    sized: bool = True
    variables: ChainMap[str, str] = field(default_factory=ChainMap)

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
        inherited = open_[-1][2] if open_ else _Seen()
        style, inherited = _resolved(_attributes(element) | sheet.style(element, above), inherited)
        if element.tag not in {"html", "body"} and (_is_marked(element) or _is_away(style)):
            drop(element)
            continue
        seen = _seen(style, inherited)
        if not seen.readable:
            element.text = None
            for child in element:
                child.tail = None
        open_.append((element, list(names(element)), seen))


def _is_marked(element: html.HtmlElement) -> bool:
    return "hidden" in element.attrib or element.get("aria-hidden", "").strip().lower() == "true"


def _attributes(element: html.HtmlElement) -> Style:
    """The style that old attributes give, which rules and the element's own style come before."""
    told = {
        "color": element.get("color") if element.tag == "font" else element.get("text"),
        "background-color": element.get("bgcolor"),
    }
    return {name: value.strip().lower() for name, value in told.items() if value}


def _resolved(style: Style, inherited: _Seen) -> tuple[Style, _Seen]:
    """The style with the values of its variables, and what is inherited, with the variables that it sets."""
    own = {name: value for name, value in style.items() if name.startswith("--")}
    if own:
        inherited = replace(inherited, variables=inherited.variables.new_child(own))
    variables = inherited.variables
    for name, value in style.items():
        for _ in range(_DEEPEST):
            if "var(" not in style[name] or len(style[name]) > _LONGEST:
                break
            style[name] = _VARIABLE.sub(lambda var: variables.get(var[1], var[2] or ""), style[name]).strip()
        if value is not style[name] and name in own:
            variables[name] = style[name]
    font = _FONT_SIZE.search(style.get("font", ""))
    return ({"font-size": font[1]} | style if font else style), inherited


def _is_away(style: Style) -> bool:
    """Whether an element with everything in it takes no place, or one off the screen."""
    moves = "animation" in style or "transition" in style
    if "none" in style.get("display", "").split() or style.get("content-visibility") == "hidden":
        return True
    if not moves and (
        _is_nothing(style.get("opacity")) or _is_nothing(style.get("scale")) or _is_nothing(style.get("zoom"))
    ):
        return True
    if _is_cut_away(style, moves=moves) or _is_outside(style):
        return True
    sides = ("width", "height", "max-width", "max-height")
    small = any(0 <= _pixels(style.get(side)) <= 1 for side in sides)
    overflows = (style.get(name, "") for name in ("overflow", "overflow-x", "overflow-y"))
    return small and not moves and any("hidden" in value or "clip" in value for value in overflows)


def _is_cut_away(style: Style, *, moves: bool) -> bool:
    """Whether a shape, a filter or a change of size leaves nothing of an element."""
    if any(_CUT_AWAY.match(style.get(name, "")) for name in ("clip", "clip-path")):
        return True
    if corners := _POLYGON.match(style.get("clip-path", "")):
        return len({" ".join(corner.split()) for corner in corners[1].split(",")}) == 1
    shrunk = _SHRUNK.search(style.get("transform", "")) or _FILTERED.search(style.get("filter", ""))
    return shrunk is not None and not moves


def _is_outside(style: Style) -> bool:
    """Whether an element stands where no screen reaches."""
    moved = _MOVED.search(style.get("transform", ""))
    places = [style.get("text-indent", ""), style.get("margin-left", ""), style.get("margin-top", "")]
    places += (moved[1].split(",") if moved else []) + style.get("translate", "").split()
    places += style.get("margin", "").split()
    far = places
    if style.get("position") in {"absolute", "fixed", "relative"}:
        sides = [style.get(side, "") for side in ("left", "right", "top", "bottom")]
        places = places + sides + style.get("inset", "").split()
        far = far + sides[:2]
    return any(_pixels(place.strip()) <= _OUT_OF_SIGHT for place in places) or any(
        _FAR <= _pixels(place.strip()) < float("inf") for place in far
    )


def _is_nothing(value: str | None) -> bool:
    try:
        share = float((value or "1").rstrip("%")) / (100 if (value or "").endswith("%") else 1)
    except ValueError:
        return False
    return share <= _UNSEEN


def _pixels(value: str | None) -> float:
    """A length in pixels; infinite where none is given."""
    match = _LENGTH.match((value or "").removeprefix("calc(").lstrip())
    return float(match[1]) * _PIXELS[match[2]] if match else float("inf")


def _seen(style: Style, inherited: _Seen) -> _Seen:
    seen = inherited
    if "visibility" in style:
        seen = replace(seen, shown=style["visibility"] not in {"hidden", "collapse"})
    if "font-size" in style:
        seen = replace(seen, sized=_pixels(style["font-size"]) > _TINY)
    for name in ("background", "background-color"):
        value = style.get(name, "none")
        if value not in {"none", "inherit", "initial", "unset", "0", "0 0"} and not is_clear(value):
            seen = replace(seen, ground=None if "url(" in value or "gradient" in value else colour_of(value))
    for name in ("color", "-webkit-text-fill-color"):
        value = style.get(name, "inherit")
        if value not in {"inherit", "currentcolor"}:
            seen = replace(seen, colour=seen.ground if is_clear(value) else colour_of(value))
    return seen
