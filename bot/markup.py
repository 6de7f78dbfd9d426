"""The text of a reply as a model, and the one place where it becomes Telegram's HTML."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

LONGEST = 4096
"""Characters (code points) of a message after its markup is parsed."""
MOST_ENTITIES = 100
"""Entities of a message; Telegram silently ignores those behind."""


class Style(Enum):
    """How a run of text looks; the value is Telegram's tag."""

    PLAIN = ""
    BOLD = "b"
    ITALIC = "i"
    STRIKE = "s"
    UNDERLINE = "u"


class Kind(Enum):
    """What a block is; the value is Telegram's tag."""

    PARAGRAPH = ""
    QUOTE = "blockquote"
    EXPANDABLE = "blockquote expandable"


@dataclass(frozen=True, slots=True)
class Run:
    """Some characters in one style, perhaps a link."""

    text: str
    style: Style = Style.PLAIN
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A line or a quote."""

    runs: tuple[Run, ...]
    kind: Kind = Kind.PARAGRAPH

    @property
    def length(self) -> int:
        """Characters a reader sees."""
        return sum(len(run.text) for run in self.runs)

    @property
    def entities(self) -> int:
        """Entities that Telegram will find."""
        marks = sum((run.style is not Style.PLAIN) + (run.link is not None) for run in self.runs)
        return marks + (self.kind is not Kind.PARAGRAPH)


@dataclass(frozen=True, slots=True)
class Element:
    """Blocks that belong together, such as a quote and its citation; a blank line parts elements."""

    blocks: tuple[Block, ...]

    @property
    def length(self) -> int:
        """Characters a reader sees, with the line ends between the blocks."""
        return sum(block.length for block in self.blocks) + len(self.blocks) - 1

    @property
    def entities(self) -> int:
        """Entities that Telegram will find."""
        return sum(block.entities for block in self.blocks)


def shortened(text: str, limit: int) -> str:
    """The text, or as many of its words as `limit` characters hold, with dots behind them."""
    if len(text) <= limit:
        return text
    cut = text[:limit].rsplit(" ", 1)[0]
    return cut.rstrip(" ,.;:–—-") + "…"


def line(*runs: Run | str) -> Block:
    """A paragraph of plain words and runs."""
    return Block(tuple(run if isinstance(run, Run) else Run(run) for run in runs))


def paragraphs(text: str) -> tuple[Element, ...]:
    """One element for each paragraph of plain text; blank lines part them."""
    return tuple(Element(tuple(line(row) for row in part.split("\n"))) for part in text.split("\n\n"))


def escaped(text: str) -> str:
    """The text with the three characters that mean something in Telegram's HTML written as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def html(elements: Iterable[Element]) -> str:
    """The elements in Telegram's HTML."""
    return "\n\n".join("\n".join(_block(block) for block in element.blocks) for element in elements)


def _block(block: Block) -> str:
    return _tagged("".join(map(_run, block.runs)), block.kind.value)


def _run(run: Run) -> str:
    inside = _tagged(escaped(run.text), run.style.value)
    # An article's own address may be of any kind: tg:// would do something in Telegram, and no reader asked for it.
    if run.link is None or not run.link.lower().startswith(("https://", "http://")):
        return inside
    return f'<a href="{escaped(run.link).replace(chr(34), "&quot;")}">{inside}</a>'


def _tagged(inside: str, tag: str) -> str:
    return f"<{tag}>{inside}</{tag.split(maxsplit=1)[0]}>" if tag else inside


def messages(elements: Sequence[Element]) -> list[tuple[Element, ...]]:
    """The elements in as few messages as Telegram takes, parted between elements.

    An element that no message can hold is parted between its blocks, and a block between words.
    """
    parted: list[list[Element]] = [[]]
    length = entities = 0
    for element in _fitting(elements):
        over = length + 2 + element.length > LONGEST or entities + element.entities > MOST_ENTITIES
        if parted[-1] and over:
            parted.append([])
            length = entities = 0
        parted[-1].append(element)
        length += element.length + 2
        entities += element.entities
    return [tuple(part) for part in parted if part]


def _fitting(elements: Iterable[Element]) -> Iterator[Element]:
    for element in elements:
        if element.length <= LONGEST and element.entities <= MOST_ENTITIES:
            yield element
        else:
            yield from (Element((piece,)) for block in element.blocks for piece in _pieces(block))


def _pieces(block: Block) -> Iterator[Block]:
    """The block in pieces that a message can hold; no word is cut that is shorter than a message."""
    runs: list[Run] = []
    piece = replace(block, runs=())
    for run in (part for whole in block.runs for part in _short(whole)):
        grown = replace(block, runs=(*runs, run))
        if runs and (grown.length > LONGEST or grown.entities > MOST_ENTITIES):
            yield piece
            runs = []
        runs.append(run)
        piece = replace(block, runs=tuple(runs))
    yield piece


def _short(run: Run) -> Iterator[Run]:
    rest = run.text
    while len(rest) > LONGEST:
        cut = rest.rfind(" ", 1, LONGEST) + 1 or LONGEST
        yield replace(run, text=rest[:cut])
        rest = rest[cut:]
    yield replace(run, text=rest)
