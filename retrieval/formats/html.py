"""Web pages: the story of a page with what the page says of it, and fragments of HTML as text."""

import re
from collections.abc import Iterator
from copy import deepcopy

import trafilatura
from lxml import html
from trafilatura.settings import DEFAULT_CONFIG

from retrieval.document import Document, Unread
from retrieval.errors import FormatError, Trouble
from retrieval.formats import html_linked
from retrieval.formats.encoding import decoded
from retrieval.formats.html_clutter import without_clutter
from retrieval.formats.html_facts import LONGEST_DATE, facts_of, shown_day
from retrieval.formats.html_hidden import without_hidden
from retrieval.formats.html_lines import written
from retrieval.formats.html_prose import is_list_of_links, lead_of, prose_of, with_plain_tables
from retrieval.formats.html_tree import LARGEST, parsed, rebuilt
from retrieval.layout import Kind, ends_sentence, kind_of
from retrieval.reading import reported_by

_CHARSET = re.compile(rb"(?i)<meta[^>]{0,200}charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{2,40})")
_XML_CHARSET = re.compile(rb"(?i)\A\s{0,99}<\?xml[^>]{0,99}encoding\s{0,9}=\s{0,9}[\"']([\w.:-]{2,40})")
_DECLARED_WITHIN = 8192
# A short story is no reason to take the whole page for it.
_AS_SHORT_AS_IT_IS = deepcopy(DEFAULT_CONFIG)
_AS_SHORT_AS_IT_IS["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "20"
_SHORTEST = 5  # words of a story
_TOO_LARGE = "it is larger than 10 MB: give the article by itself"
_NO_STORY = (
    "no story is found in the page: it may be a list of news, or be drawn by a script; "
    "open it in a browser and save it, or give its text as .txt"
)


def documents(
    name: str, data: bytes, url: str | None = None, charset: str | None = None
) -> Iterator[Document | Unread]:
    """The story of a web page, or why it cannot be read. `charset` is what the page's content type declares.

    The text has an empty line between its paragraphs, and neither the title nor what the page hides.
    """
    try:
        yield _document(name, data, url, charset)
    except FormatError as error:
        yield Unread(name, str(error), error.kind)


def readable(fragment: str) -> str:
    """A fragment of HTML, such as a feed's, as readable text; empty where there is none.

    Nothing is taken for clutter but hidden text, links elsewhere and captions. FormatError where it is too large.
    """
    if not fragment.strip():
        return ""
    if len(fragment) > LARGEST:
        raise FormatError(_TOO_LARGE, Trouble.LARGE)
    tree = parsed(f"<html><body><div>{fragment}</div></body></html>")
    without_hidden(tree)
    without_clutter(tree)
    return written(tree)


def _document(name: str, data: bytes, url: str | None, charset: str | None) -> Document:
    if len(data) > LARGEST:
        raise FormatError(_TOO_LARGE, Trouble.LARGE)
    tree = parsed(decoded(data, charset or _declared(data)))
    facts = facts_of(tree, url)
    told = html_linked.texts(html_linked.article(html_linked.nodes(tree)).get("articleBody"))
    without_hidden(tree)
    without_clutter(tree)
    with_plain_tables(tree)
    text = _story(tree, facts.title) or _told_story(told)
    if len(text.split()) < _SHORTEST:
        raise FormatError(_NO_STORY, Trouble.NO_STORY)
    return Document(
        name,
        text,
        title=facts.title,
        source=facts.source or reported_by(text),
        published=facts.published,
        url=facts.url,
        language=facts.language,
        author=facts.author,
    )


def _declared(data: bytes) -> str | None:
    match = _XML_CHARSET.match(data[:_DECLARED_WITHIN]) or _CHARSET.search(data[:_DECLARED_WITHIN])
    return match[1].decode("ascii") if match else None


def _story(tree: html.HtmlElement, title: str | None) -> str:
    """The main text with its lead, without the title and without captions, dates and rates in lines of their own."""
    story = _without_furniture(_extracted(tree), title)
    if "\n\n" not in story:
        # Extraction found no part that is named as one, and runs the words of the whole page together.
        told = _without_furniture(prose_of(tree, title), title)
        story = told if "\n\n" in told else "" if not told and is_list_of_links(tree) else story
    return "\n\n".join([*lead_of(tree, title, story), story])


def _extracted(tree: html.HtmlElement) -> str:
    found = trafilatura.bare_extraction(
        rebuilt(tree), fast=True, include_comments=False, include_tables=True, config=_AS_SHORT_AS_IT_IS
    )
    if found is None or isinstance(found, dict) or found.body is None:
        return ""
    return written(found.body)


def _without_furniture(text: str, title: str | None) -> str:
    kept = [
        paragraph
        for paragraph in text.split("\n\n")
        if " ".join(paragraph.split()) != title
        and (paragraph.startswith("• ") or kind_of(paragraph) not in {Kind.CAPTION, Kind.FURNITURE})
    ]
    if len(kept) > 1 and not ends_sentence(kept[0]) and len(kept[0]) <= LONGEST_DATE and shown_day(kept[0]):
        del kept[0]  # the page's own line of date and outlet, inside the part with the story
    return "\n\n".join(kept)


def _told_story(told: list[str]) -> str:
    """The story in JSON-LD, for pages that a script draws."""
    return readable(told[0]) if told else ""
