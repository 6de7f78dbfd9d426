"""Telegram's HTML as text for a terminal: styles, links, quotes behind a bar, wrapped lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from rich.console import Console
from rich.style import Style
from rich.text import Text

_BAR = "│ "

# What Telegram itself takes out of a text, and what else would let a text steer a terminal: C0 and C1
# controls, line separators, directional overrides, halves of surrogate pairs.
_UNSAFE: dict[int, str | None] = {
    **dict.fromkeys([*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0x2028, 0x2029], " "),
    **dict.fromkeys([0x0D, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]),
    **dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}"),
}

_STYLES = {
    **dict.fromkeys(("b", "strong"), Style(bold=True)),
    **dict.fromkeys(("i", "em"), Style(italic=True)),
    **dict.fromkeys(("u", "ins"), Style(underline=True)),
    **dict.fromkeys(("s", "strike", "del"), Style(strike=True)),
    **dict.fromkeys(("code", "pre"), Style(color="cyan")),
    **dict.fromkeys(("tg-spoiler", "span"), Style(dim=True)),
    **dict.fromkeys(("a", "blockquote", "tg-emoji", "tg-time"), Style()),
}

# An ampersand that begins none of the references Telegram knows stands for itself.
_BARE_AMPERSAND = re.compile(r"&(?!(?:lt|gt|amp|quot|#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,6});)")


class MarkupError(ValueError):
    """HTML Telegram would not accept; the message says why, in Telegram's words."""


@dataclass
class Block:
    """A stretch of a message: a quote, drawn behind a bar, or what stands around quotes."""

    text: Text
    quoted: bool = False


@dataclass(frozen=True)
class _Tag:
    name: str
    style: Style
    link: str | None
    begins: int  # characters of visible text before it


class Markup(HTMLParser):
    """Telegram's HTML, read: its visible text and the blocks to draw."""

    visible: str
    """The text without tags, as Telegram gives it back."""
    blocks: list[Block]
    """The same text with styles; a URL follows its link where hyperlinks is false."""

    def __init__(self, html: str, *, hyperlinks: bool) -> None:
        """Reads html. Raises MarkupError for a tag Telegram does not know, or one without its end."""
        super().__init__()
        self.visible = ""
        self.blocks = [Block(Text())]
        self._hyperlinks = hyperlinks
        self._open: list[_Tag] = []
        self.feed(_BARE_AMPERSAND.sub("&amp;", html))
        self.close()
        if self._open:
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in _STYLES or (tag == "span" and given.get("class") != "tg-spoiler"):
            raise MarkupError(f'Unsupported start tag "{tag}"')
        style, link = _STYLES[tag], None
        if tag == "a" and (link := "".join(clean(given.get("href") or "").split())):
            style = Style(underline=True, color="blue", link=link if self._hyperlinks else None)
        if tag == "blockquote":
            self.blocks.append(Block(Text(), quoted=True))
        self._open.append(_Tag(tag, style, link, len(self.visible)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].name != tag:
            raise MarkupError(f'Unexpected end tag "{tag}"')
        closed = self._open.pop()
        if tag == "blockquote":
            self.blocks.append(Block(Text()))
        if closed.link and not self._hyperlinks and closed.link != self.visible[closed.begins :]:
            self.blocks[-1].text.append(f" ({closed.link})")

    def handle_data(self, data: str) -> None:
        data = clean(data)
        self.visible += data
        self.blocks[-1].text.append(data, Style.combine([Style(), *(tag.style for tag in self._open)]))

    def handle_comment(self, data: str) -> None:
        raise MarkupError(f'Unsupported start tag "{data}"')

    # Instructions and declarations are to Telegram what comments are: tags without a known name.
    handle_pi = unknown_decl = handle_comment

    def handle_decl(self, decl: str) -> None:
        self.handle_comment(decl)


def clean(text: str) -> str:
    """The text without the characters that could steer a terminal; line feeds stay."""
    return text.translate(_UNSAFE)


def wrapped(blocks: list[Block], screen: Console) -> Text:
    """The blocks as lines no wider than the screen; a quote has a bar before each of its lines."""
    return Text("\n").join(_lines(blocks, screen))


def _lines(blocks: list[Block], screen: Console) -> Iterator[Text]:
    above: Block | None = None
    for at, block in enumerate(blocks):
        text = block.text.copy()
        # A quote begins and ends a line by itself: the line feeds that part it from the rest are not drawn.
        if (at > 0 or block.quoted) and text.plain.startswith("\n"):
            text = text[1:]
        if (at < len(blocks) - 1 or block.quoted) and text.plain.endswith("\n"):
            text.right_crop(1)
        if not text:
            continue
        if above and above.quoted and block.quoted:
            yield Text()  # two quotes are not one
        above = block
        bar = Text.assemble((_BAR, "cyan")) if block.quoted else Text()
        for line in text.wrap(screen, max(1, screen.width - bar.cell_len), overflow="fold"):
            line.rstrip()
            yield bar + line
