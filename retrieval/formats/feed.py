"""RSS and Atom: what a feed says of its articles, and the text of those that it gives in full."""

import html
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import feedparser

from retrieval.document import Document, Unread
from retrieval.errors import RetrievalError, Trouble
from retrieval.formats.cleaning import one_line
from retrieval.formats.feed_limits import trouble, without_long_rows

MOST = 300
"""Entries that are looked at, from the top of the feed."""
_FULL = 1200
"""Characters from which a description counts as the article itself."""
_FEW = 300
"""Characters below which even what calls itself the content is a teaser."""
_CUT = re.compile(
    r"(…|\.\.\.|\[…\]|\[\.\.\.\]|read more|читать (далее|полностью)|подробнее|толығырақ|жалғасын оқу)\W*$",
    re.IGNORECASE,
)
"""How a text ends that goes on behind its link."""
_FULL_TEXTS = ("yandex_full-text", "turbo_content")
"""Where feeds for Yandex's services have the whole article."""
_TAG = re.compile(
    r"<\s*(p|br|div|h[1-6]|ul|ol|li|blockquote|figure|table|a|b|i|em|strong|span|img)\b", re.IGNORECASE
)
_MARKUP = re.compile(r"</?[a-z!][^<>]*>", re.IGNORECASE)
ReadHtml = Callable[[str, bytes, str | None], Iterable[Document | Unread]]
"""The reader of web pages: `retrieval.formats.html.documents`."""


class NotAFeedError(RetrievalError):
    """The bytes are no feed; the text says what they look like and what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One article of a feed; what the feed does not say is None.

    `link` leads to its page, always http or https. `id` tells it from the others of the feed, also when its link
    changes. `text` is HTML as the feed gave it, not to be shown; `is_summary` says that it is not all of the article.
    """

    link: str | None
    id: str
    title: str | None
    published: date | None
    author: str | None
    text: str
    is_summary: bool


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, its entries as they stand in it; `language` is a code of two letters, and often a default."""

    title: str | None
    link: str | None
    language: str | None
    entries: tuple[Entry, ...]


def parse(data: bytes, url: str | None = None, content_type: str | None = None) -> Feed:
    """The feed in some bytes; `url` is where they came from, so that links without a host are whole.

    Raises NotAFeedError. Nothing but the bytes is looked at, whatever they name.
    """
    if (wrong := trouble(data, content_type)) is not None:
        raise NotAFeedError(wrong)
    headers = {"content-type": content_type or "application/xml", "content-location": url or ""}
    try:
        # A stream: a string of bytes could be taken for the name of a file. What is hidden in the text is left to
        # the reader of pages, which would not see it any more after a sanitizer has been there.
        found = feedparser.parse(
            io.BytesIO(without_long_rows(data)),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # feedparser fails on some damaged input in ways that it does not name
        raise NotAFeedError(f"is damaged ({type(error).__name__}); open it in a browser and look") from error
    if not found.get("version"):
        raise NotAFeedError(f"is no RSS or Atom but {_kind(data)}; name the address of the feed itself")
    about = found.feed
    entries = tuple(entry for one in found.entries[:MOST] if (entry := _entry(one)) is not None)
    return Feed(_plain(about.get("title_detail")), _link(about), _language(about.get("language")), entries)


def document(entry: Entry, feed: Feed, read: ReadHtml, name: str) -> Document | Unread:
    """The article of an entry that has the whole text; `name` is what the document is called."""
    found = list(read(name, _page(entry), entry.link))
    if not found:
        return Unread(name, "the feed gives no text for it; nothing to do", Trouble.EMPTY)
    first = found[0]
    if isinstance(first, Unread):
        return first
    whole = replace(
        first,
        name=name,
        title=entry.title or first.title,
        published=entry.published or first.published,
        author=entry.author or first.author,
        source=feed.title or first.source,
        url=entry.link or first.url,
    )
    return completed(whole, entry, feed)


def completed(found: Document, entry: Entry, feed: Feed) -> Document:
    """A document with what its feed knows and it does not say itself."""
    # Many feeds keep the language that their software came with: English is no news then.
    language = feed.language if feed.language in {"kk", "ru"} else None
    return replace(
        found,
        title=found.title or entry.title,
        source=feed.title if found.source in {None, _host(found.url)} and feed.title else found.source,
        published=found.published or entry.published,
        url=found.url or entry.link,
        author=found.author or entry.author,
        language=found.language or language,
    )


def _host(url: str | None) -> str | None:
    """What a page's reader calls the outlet where the page does not say."""
    return (urlsplit(url).hostname or "").removeprefix("www.") if url else None


def _entry(given: Mapping[str, Any]) -> Entry | None:
    one = dict(given)  # feedparser's own kind of dict answers for fields that are not there
    link = _link(one)
    title = _plain(one.get("title_detail"))
    id_ = one.get("id") or link or title
    if not id_:
        return None
    text, is_summary = _text(one)
    author = one.get("author")
    return Entry(
        link, str(id_), title, _date(one), _line(author) if author else None, text, is_summary or not text
    )


def _text(one: Mapping[str, Any]) -> tuple[str, bool]:
    """The longest text of an entry as HTML, and whether it is only a part of the article."""
    contents = [_html(part) for part in one.get("content", ())]
    contents += [_marked_up(str(one[name])) for name in _FULL_TEXTS if one.get(name)]
    summary = _html(one["summary_detail"]) if one.get("summary_detail") else ""
    best = max(contents, key=len, default="")
    words = _words(best)
    if len(words) >= max(_FEW, len(_words(summary))) and not _CUT.search(words):
        return best, False
    text = max(best, summary, key=len)
    words = _words(text)
    return text, len(words) < _FULL or _CUT.search(words) is not None


def _html(detail: Mapping[str, Any]) -> str:
    value = str(detail.get("value") or "")
    return _marked_up(value, plain=detail.get("type") == "text/plain")


def _marked_up(value: str, *, plain: bool = False) -> str:
    """HTML of what may be a plain text with lines for paragraphs."""
    if _TAG.search(value) and not plain:
        return value
    text = value if plain else html.unescape(value)
    return "".join(f"<p>{html.escape(line)}</p>\n" for line in text.splitlines() if line.strip())


def _words(markup: str) -> str:
    """About what a reader sees of some HTML, on one line: enough to measure it by."""
    return " ".join(html.unescape(_MARKUP.sub(" ", markup)).split())


def _plain(detail: Mapping[str, Any] | None) -> str | None:
    """A title on one line, without markup."""
    if not detail or not detail.get("value"):
        return None
    value = str(detail["value"])
    return _line(value if detail.get("type") == "text/plain" else html.unescape(_MARKUP.sub("", value)))


def _line(value: str) -> str | None:
    return one_line(value) or None


def _link(one: Mapping[str, Any]) -> str | None:
    link = str(one.get("link") or "")
    return link if re.match(r"https?://[^/\s]", link, re.IGNORECASE) and link.isprintable() else None


def _language(given: object) -> str | None:
    code = str(given or "").strip().lower()[:2]
    return code if re.fullmatch(r"[a-z]{2}", code) else None


def _date(one: Mapping[str, Any]) -> date | None:
    """The day in the time zone that the feed writes: at two in the morning in Almaty it is still yesterday in UTC."""
    for name in ("published", "created", "updated"):
        given = one.get(name)
        for read in (parsedate_to_datetime, datetime.fromisoformat):
            try:
                return read(str(given).strip()).date()
            except (ValueError, TypeError, IndexError, OverflowError):
                continue
        parsed = one.get(f"{name}_parsed")
        if given and parsed:
            return date(*parsed[:3])
    return None


def _page(entry: Entry) -> bytes:
    """The text of an entry as a page of its own."""
    title = html.escape(entry.title or "")
    page = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><article><h1>{title}</h1>\n{entry.text}\n</article></body></html>"
    )
    return page.encode("utf-8", "replace")


def _kind(data: bytes) -> str:
    start = data[:1000].lstrip().lower()
    if not start:
        return "empty"
    return "a web page" if b"<html" in start or b"<!doctype html" in start else "something else"
