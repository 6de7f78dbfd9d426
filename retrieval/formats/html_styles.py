"""Which declarations of style hold for an element: those of its page's rules, and its own."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import html

Style = dict[str, str]

_TOLD = frozenset(
    [
        "display",
        "visibility",
        "opacity",
        "font-size",
        "color",
        "background",
        "background-color",
        "position",
        "left",
        "right",
        "top",
        "text-indent",
        "clip",
        "clip-path",
        "width",
        "height",
        "max-height",
        "overflow",
        "animation",
        "transition",
    ]
)
_RULES = 10_000
_FOR_ONE_KEY = 50  # rules for one class: what a page has, and no more work than that
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_PART = re.compile(r"[^{}]*[{}]")
_TOKEN = re.compile(r"[.#]?[\w-]+")
_COMPOUND = re.compile(r"(?:[A-Za-z][\w-]*)?(?:[.#][\w-]+)*")


@dataclass(frozen=True, slots=True)
class Rule:
    """A selector of tags, classes and ids, perhaps below others, with what it declares."""

    own: frozenset[str]
    above: frozenset[str]
    style: Style
    weight: tuple[int, int, int]


def declarations(source: str) -> Style:
    """The declarations of a style that can hide text; names and values in lower case."""
    found: Style = {}
    for declaration in source.split(";"):
        name, _, value = declaration.partition(":")
        if (name := name.strip().lower()) in _TOLD:
            found[name] = value.lower().replace("!important", "").strip()
    return found


class Sheet:
    """The rules of a page's <style> elements, found by their last class, id or tag."""

    def __init__(self, sources: Iterable[str]) -> None:
        self._rules: dict[str, list[Rule]] = {}
        for number, rule in zip(range(_RULES), self._read(sources), strict=False):
            key = max(rule.own, key=lambda token: (token[0] in ".#", token))
            rules = self._rules.setdefault(key, [])
            rules.append(Rule(rule.own, rule.above, rule.style, (*rule.weight[:2], number)))
            del rules[:-_FOR_ONE_KEY]

    def style(self, element: html.HtmlElement, above: Iterable[str]) -> Style:
        """What holds for an element that stands below elements with the names `above`."""
        own = names(element)
        around = set(above) if self._rules else set()
        fitting = [
            rule
            for name in own
            for rule in self._rules.get(name, ())
            if rule.own <= own and rule.above <= around
        ]
        style: Style = {}
        for rule in sorted(fitting, key=lambda rule: rule.weight):
            style.update(rule.style)
        return style | declarations(element.get("style", ""))

    @staticmethod
    def _read(sources: Iterable[str]) -> Iterator[Rule]:
        for source in sources:
            yield from _rules(_COMMENT.sub("", source))


def names(element: html.HtmlElement) -> frozenset[str]:
    """What selectors call an element: its tag, its classes with a dot and its id with a hash sign."""
    classes = (f".{name}" for name in element.get("class", "").split())
    return frozenset((str(element.tag), *classes, f"#{element.get('id', '')}"))


def _rules(source: str) -> Iterator[Rule]:
    """The rules outside print and animations; what holds on some screens only may show, but does not hide."""
    around: list[str] = []
    selectors = ""
    for match in _PART.finditer(source):
        part, brace = match[0][:-1].strip(), match[0][-1]
        if brace == "{":
            selectors = part
            around.append(part)
        elif around:
            around.pop()
            at = [name for name in around if name.startswith("@")]
            style = declarations(part)
            if at and (
                any("print" in name or "@media" not in name for name in at) or "none" in style.values()
            ):
                continue
            if style and not selectors.startswith("@"):
                yield from _selected(selectors, style)


def _selected(selectors: str, style: Style) -> Iterator[Rule]:
    for selector in selectors.split(",")[:_FOR_ONE_KEY]:
        compounds = selector.replace(">", " ").split()
        if not compounds or not all(_COMPOUND.fullmatch(compound) for compound in compounds):
            continue
        tokens = [frozenset(_tokens(compound)) for compound in compounds]
        above = frozenset[str]().union(*tokens[:-1])
        ids = selector.count("#")
        yield Rule(tokens[-1], above, style, (ids, selector.count("."), 0))


def _tokens(compound: str) -> Iterator[str]:
    for token in _TOKEN.findall(compound):
        yield token if token[0] in ".#" else token.lower()
