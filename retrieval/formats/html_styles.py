"""Which declarations of style hold for an element: those of its page's rules, and its own."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import html

from retrieval.errors import FormatError, Trouble

Style = dict[str, str]

_TOLD = frozenset(
    [
        *("display", "visibility", "opacity", "content-visibility", "filter", "zoom"),
        *("font", "font-size", "color", "background", "background-color", "-webkit-text-fill-color"),
        *("position", "left", "right", "top", "bottom", "inset", "margin", "margin-left", "margin-top"),
        *("text-indent", "clip", "clip-path", "transform", "scale", "translate"),
        *("width", "height", "max-width", "max-height", "overflow", "overflow-x", "overflow-y"),
        *("animation", "transition"),
    ]
)
_RULES = 50_000
_WORK = 5_000_000  # rules that are compared with elements; what is not looked at could hide anything
_LONGEST = 300  # characters of a value that can hide text
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_LAST = 0x10FFFF  # character of Unicode
_ESCAPE = re.compile(r"\\([0-9A-Fa-f]{1,6})\s?")
_STATEMENT = re.compile(r"@(?:import|charset|namespace|layer)\b[^{};]*+;", re.IGNORECASE)
_PART = re.compile(r"[^{}]*+(?:[{}]|\Z)")
# What is inside of these holds on every screen that people read on.
_ALWAYS = re.compile(
    r"@layer\b.*|@supports\b(?!\s*not\b).*|@media\s+(?:only\s+)?(?:screen|all)", re.IGNORECASE | re.DOTALL
)
_TOKEN = re.compile(r"\[[^\]]*\]|[.#]?[\w-]+|\*")
_COMPOUND = re.compile(
    r"(?:[A-Za-z][\w-]*|\*)?(?:[.#][\w-]+|\[\s*[\w-]+\s*(?:=\s*(?:\"[^\"\]]*\"|'[^'\]]*'|[\w-]+)\s*)?\])*"
)
_AROUND_VALUE = " \t\n\"'"
_MADE_TO_STALL = (
    "its styles are more than a page has: save the page again from a browser, or give its text as .txt"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A selector of tags, classes, ids and attributes, perhaps below others, with what it declares.

    The weight begins with whether it is `!important`.
    """

    own: frozenset[str]
    above: frozenset[str]
    style: Style
    weight: tuple[bool, int, int, int]


def declarations(source: str) -> tuple[Style, Style]:
    """The declarations of a style that can hide text, and the important ones; names and values in lower case."""
    plain: Style = {}
    important: Style = {}
    for declaration in _readable(source).split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip().lower()
        if (name in _TOLD or name.startswith("--")) and len(value) <= _LONGEST:
            value, mark, _ = value.partition("!important")
            (important if mark else plain)[name] = value.strip()
    return plain, important


class Sheet:
    """The rules of a page's <style> elements, found by their last class, id or tag."""

    def __init__(self, sources: Iterable[str]) -> None:
        self._rules: dict[str, list[Rule]] = {}
        self._work = 0
        for number, rule in enumerate(self._read(sources)):
            if number >= _RULES:
                raise FormatError(_MADE_TO_STALL, Trouble.LARGE)
            key = max(rule.own, key=lambda token: (token[0] in ".#", token[0] == "[", token))
            self._rules.setdefault(key, []).append(
                Rule(rule.own, rule.above, rule.style, (*rule.weight[:3], number))
            )

    def style(self, element: html.HtmlElement, above: Iterable[str]) -> Style:
        """What holds for an element that stands below elements with the names `above`."""
        own = names(element)
        around = set(above) if self._rules else set()
        candidates = [rule for name in own for rule in self._rules.get(name, ())]
        self._work += len(candidates)
        if self._work > _WORK:
            raise FormatError(_MADE_TO_STALL, Trouble.LARGE)
        fitting = [rule for rule in candidates if rule.own <= own and rule.above <= around]
        style: Style = {}
        plain, important = declarations(element.get("style", ""))
        for rule in sorted(fitting, key=lambda rule: rule.weight):
            if rule.weight[0] and plain:
                style.update(plain)
                plain = {}
            style.update(rule.style)
        return style | plain | important

    @staticmethod
    def _read(sources: Iterable[str]) -> Iterator[Rule]:
        for source in sources:
            yield from _rules(_STATEMENT.sub("", _readable(source)))


def names(element: html.HtmlElement) -> frozenset[str]:
    """What selectors call an element: its tag, its classes with a dot, its id with a hash sign, its attributes."""
    classes = (f".{name}" for name in element.get("class", "").split())
    attributes = (
        name for key, value in element.attrib.items() for name in (f"[{key}]", f"[{key}={value.lower()}]")
    )
    return frozenset((str(element.tag), "*", *classes, f"#{element.get('id', '')}", *attributes))


def _readable(source: str) -> str:
    """The source without comments, and with its escapes as the characters that they stand for."""
    return _ESCAPE.sub(_unescaped, _COMMENT.sub("", source)) if "\\" in source else _COMMENT.sub("", source)


def _unescaped(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if code <= _LAST else "\ufffd"


def _rules(source: str) -> Iterator[Rule]:
    """The rules outside print and animations; what holds on some screens only may show, but does not hide."""
    around: list[str] = []
    selectors = ""
    for match in _PART.finditer(source):
        part, brace = match[0].rstrip("{}").strip(), match[0][-1:]
        if brace == "{":
            selectors = part
            around.append(part)
        elif brace == "}" and around:
            around.pop()
            at = [name for name in around if name.startswith("@") and not _ALWAYS.fullmatch(name)]
            plain, important = declarations(part)
            if at and (
                any("print" in name or "@media" not in name for name in at)
                or "none" in {**plain, **important}.values()
            ):
                continue
            if not selectors.startswith("@"):
                yield from _selected(selectors, plain, is_important=False)
                yield from _selected(selectors, important, is_important=True)


def _selected(selectors: str, style: Style, *, is_important: bool) -> Iterator[Rule]:
    for selector in selectors.split(",") if style else ():
        compounds = re.sub(r":root\b", "html", selector).replace(">", " ").split()
        if not compounds or not all(_COMPOUND.fullmatch(compound) for compound in compounds):
            continue
        tokens = [frozenset(_tokens(compound)) for compound in compounds]
        above = frozenset[str]().union(*tokens[:-1]) - {"*"}
        weight = (is_important, selector.count("#"), selector.count(".") + selector.count("["), 0)
        yield Rule(tokens[-1], above, style, weight)


def _tokens(compound: str) -> Iterator[str]:
    for token in _TOKEN.findall(compound):
        if token.startswith("["):
            key, sign, value = token[1:-1].lower().partition("=")
            yield f"[{key.strip()}{sign}{value.strip(_AROUND_VALUE)}]"
        else:
            yield token if token[0] in ".#" else token.lower()
