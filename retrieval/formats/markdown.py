"""Markdown: CommonMark with front matter, as the plain text that a reader of the rendered page would see."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from retrieval.document import Document, Unread
from retrieval.errors import FormatError, Trouble
from retrieval.formats.cleaning import clean, one_line
from retrieval.formats.encoding import decoded
from retrieval.formats.frontmatter import front_matter
from retrieval.reading import read_txt

_LARGEST = 500_000  # bytes; hostile ones take up to 30 µs each
_NEWLINE = re.compile(r"\r\n?")
# What a site's generator replaces, in lines of its own: {% include x %}, {{< youtube x >}}.
_GENERATED = re.compile(r"(?m)^[ \t]*(?:\{%[^\n%]{0,500}%\}|\{\{[<%][^\n}]{0,500}[>%]\}\})[ \t]*$")
_FOOTNOTE = re.compile(r"(?<!\\)\[\^[^\]\s]{1,40}\]:?")
_UNREAD_TAG = re.compile(r"(?i)<(?P<end>/?)(?:script|style|template|noscript|iframe|object|svg)\b")


class _Block(NamedTuple):
    text: str
    is_tight: bool = False  # stands close to a neighbour that is tight as well, as items of a list do
    is_heading: bool = False


def documents(name: str, data: bytes, url: str | None = None) -> Iterator[Document | Unread]:
    """The one article of a Markdown file: pictures, raw HTML and scripts are left out; of links their words stay.

    The title is that of the front matter, or the heading that the text opens with. Raises FormatError where the data
    are no text, or too many.
    """
    if len(data) > _LARGEST:
        raise FormatError(f"is larger than {_LARGEST // 1_000} KB: split it into articles", Trouble.LARGE)
    source = _NEWLINE.sub("\n", decoded(data))
    said = front_matter(source)
    blocks = list(
        _blocks(MarkdownIt("commonmark").enable("table").parse(_GENERATED.sub("", source[said.end :])))
    )
    text = clean(_joined(blocks))
    if not text:
        yield Unread(name, "holds no text: give a file with the story", Trouble.EMPTY)
        return
    read = read_txt(name, text)
    heading = one_line(blocks[0].text) if blocks[0].is_heading else None
    title = said.title or heading or read.title
    if heading is not None and text.startswith(heading):
        body = len(heading)
    else:
        body = read.body if title == read.title else 0
    yield Document(
        name,
        text,
        title,
        said.source or read.source,
        said.published or read.published,
        said.url or url,
        said.language,
        said.author,
        body,
    )


def _joined(blocks: Sequence[_Block]) -> str:
    parts = [block.text for block in blocks[:1]]
    for before, block in pairwise(blocks):
        parts += ["\n" if before.is_tight and block.is_tight else "\n\n", block.text]
    return "".join(parts)


def _blocks(tokens: Sequence[Token]) -> Iterator[_Block]:
    """The paragraphs, headings, items and rows of a text, those without words left out."""
    marks, cells = _Marks(), list[str]()
    for before, token in pairwise([Token("start", "", 0), *tokens]):
        marks.see(token)
        if token.type == "inline":
            words = _words(token.children or ())
            if before.tag in {"td", "th"}:
                cells.append(words)
            elif words:
                yield _Block(marks.next() + words, before.hidden, before.type == "heading_open")
        elif token.type == "tr_close":
            if any(cells):
                yield _Block(" | ".join(cells), is_tight=True)
            cells = []
        elif token.type in {"fence", "code_block"} and token.content.strip():
            yield _Block(token.content)


class _Marks:
    """What the items of the lists begin with, as a page would show it."""

    def __init__(self) -> None:
        self._numbers: list[int | None] = []  # of the next item in each open list; None where they have none
        self._mark = ""

    def see(self, token: Token) -> None:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            self._numbers.append(int(token.attrGet("start") or 1) if token.tag == "ol" else None)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            self._numbers.pop()
        elif token.type == "list_item_open":
            number = self._numbers[-1]
            self._mark = "• " if number is None else f"{number}. "
            self._numbers[-1] = None if number is None else number + 1

    def next(self) -> str:
        """The mark of the item that was just opened; its further paragraphs have none."""
        mark, self._mark = self._mark, ""
        return mark


def _words(tokens: Sequence[Token]) -> str:
    words: list[str] = []
    unread = 0  # tags open whose content no reader sees
    for token in tokens:
        if token.type == "html_inline":
            if tag := _UNREAD_TAG.match(token.content):
                unread = max(unread - 1, 0) if tag["end"] else unread + 1
        elif unread:
            continue
        elif token.type in {"softbreak", "hardbreak"}:
            words.append("\n" if token.type == "hardbreak" else " ")
        elif token.type in {"text", "code_inline"}:
            words.append(_FOOTNOTE.sub("", token.content) if token.type == "text" else token.content)
    return "".join(words).strip()
