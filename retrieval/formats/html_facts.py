"""What a page says of its article: title, date, outlet, author, link and language."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urljoin, urlsplit

from lxml import html

from retrieval.dates import dateline
from retrieval.formats import html_linked as linked
from retrieval.formats.cleaning import one_line
from retrieval.formats.html_tree import said

_DAY = re.compile(r"\s*(\d{4})-(\d{2})-(\d{2})(?!\d)")
_AROUND_SITE = re.compile(r"\s+[|–—·»-]\s+|\s*\|\s*")
_LANGUAGE = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_]|\s*$)")
_LANGUAGES = {"kz": "kk", "kaz": "kk", "rus": "ru", "eng": "en"}
_NOBODY = frozenset(
    ["admin", "administrator", "editor", "редакция", "редактор", "автор", "author", "superuser", "root"]
)
_LONGEST = 500  # characters of a title; more is a text in the wrong place
_DATES = (
    "article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "pubdate",
    "parsely-pub-date",
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a page says of its article; None where it says nothing."""

    title: str | None
    source: str | None
    published: date | None
    url: str | None
    language: str | None
    author: str | None


def facts_of(tree: html.HtmlElement, url: str | None) -> Facts:
    """The facts of the page; `url` is where it came from."""
    found = linked.nodes(tree)
    node = linked.article(found)
    meta = _meta(tree)
    link = _link(tree, node, meta, url)
    source = _first(
        [
            *linked.named(node.get("publisher"), found),
            meta.get("og:site_name"),
            meta.get("application-name"),
            _host(link),
        ]
    )
    author = _first(
        name
        for name in [*linked.named(node.get("author"), found), meta.get("author"), _marked(tree, "author")]
        if name and name.lower() not in _NOBODY and "/" not in name and name != source
    )
    return Facts(
        _title(tree, node, meta, source),
        source,
        _published(tree, node, meta),
        link,
        _language(tree, node, meta),
        author,
    )


def _meta(tree: html.HtmlElement) -> dict[str, str]:
    """The first content of each <meta>, by its name in lower case."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (
            element.get("property")
            or element.get("name")
            or element.get("itemprop")
            or element.get("http-equiv")
        )
        if name and element.get("content", "").strip():
            found.setdefault(name.lower(), element.get("content"))
    return found


def _first(values: Iterator[str | None] | list[str | None]) -> str | None:
    return next((text for value in values if value and (text := one_line(value))), None)


def _title(tree: html.HtmlElement, node: linked.Node, meta: dict[str, str], source: str | None) -> str | None:
    heads = [one_line(said(head)) for head in tree.iter("h1")]
    told = [*linked.texts(node.get("headline")), meta.get("og:title"), *heads, tree.findtext(".//title")]
    title = _first([text for text in told if text and len(text) <= _LONGEST])
    if title is None:
        return None
    parts = _AROUND_SITE.split(title)
    if len(parts) > 1 and source is not None and parts[-1].casefold() in source.casefold():
        title = title[: title.rindex(parts[-1])].rstrip(" |–—·»-")
    # What stands in JSON-LD may be cut at a number of characters.
    cut = title.rstrip("…. ")
    return next((head for head in heads if len(head) <= _LONGEST and head.startswith(cut)), title)


def _published(tree: html.HtmlElement, node: linked.Node, meta: dict[str, str]) -> date | None:
    told = [*linked.texts(node.get("datePublished")), *(meta[name] for name in _DATES if name in meta)]
    told += [value for mark in ("datePublished", "datepublished") if (value := _marked(tree, mark))]
    for time in tree.iter("time"):
        told += [time.get("datetime", ""), said(time)]
    shown = (said(part) for part in tree.iter("span", "div", "p", "td") if len(part) == 0)
    told += [text for text in shown if len(text) <= 50]  # noqa: PLR2004 - a line with a date alone is short
    return next((day for text in told if (day := _day(text)) is not None), None)


def _day(text: str) -> date | None:
    """The date as the page writes it, in whatever zone its clock stands."""
    if match := _DAY.match(text):
        try:
            return date(*map(int, match.groups()))
        except ValueError:
            return None
    return dateline(text)


def _marked(tree: html.HtmlElement, mark: str) -> str | None:
    for element in tree.xpath("//*[@itemprop=$mark or @rel=$mark]", mark=mark):
        if element.tag not in {"meta", "link"} and (text := element.get("datetime") or said(element)):
            return str(text)
    return None


def _link(tree: html.HtmlElement, node: linked.Node, meta: dict[str, str], url: str | None) -> str | None:
    """The canonical link, unless it leads to another site than the page's, or to its front page."""
    told = [
        element.get("href", "")
        for element in tree.iter("link")
        if element.get("rel", "").lower() == "canonical"
    ]
    told += [
        meta.get("og:url", ""),
        *linked.texts(node.get("url")),
        *linked.texts(node.get("mainEntityOfPage")),
    ]
    for text in told:
        try:
            link = urljoin(url or "", text.strip())
            parts = urlsplit(link)
            here = urlsplit(url or link)
        except ValueError:
            continue
        if parts.scheme not in {"http", "https"} or "." not in (parts.hostname or "") or parts.username:
            continue
        if _same_site(parts.hostname or "", here.hostname or "") and len(parts.path) > 1:
            return str(link)
    return url


def _same_site(one: str, other: str) -> bool:
    one, other = (re.sub(r"^(?:www|m|amp)\.", "", host.lower()) for host in (one, other))
    return one == other


def _host(link: str | None) -> str | None:
    return re.sub(r"^www\.", "", urlsplit(link).hostname or "") if link else None


def _language(tree: html.HtmlElement, node: linked.Node, meta: dict[str, str]) -> str | None:
    told = [
        *linked.texts(node.get("inLanguage")),
        tree.get("lang"),
        tree.get("{http://www.w3.org/XML/1998/namespace}lang"),
    ]
    told += [tree.get("xml:lang"), meta.get("og:locale"), meta.get("content-language")]
    for text in told:
        if text and (match := _LANGUAGE.match(text)):
            code = match[1].lower()
            code = _LANGUAGES.get(code, code)
            return code if len(code) == 2 else None  # noqa: PLR2004 - codes of two letters
    return None
