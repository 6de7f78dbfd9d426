"""What a page says of its article: title, date, outlet, author, link and language."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
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
    [
        "admin",
        "administrator",
        "editor",
        "редакция",
        "редактор",
        "автор",
        "author",
        "superuser",
        "super user",
        "root",
    ]
)
_AUTHOR = re.compile(r"(?i)(?:^|[\s_-])(?:authors?|createdby)(?:$|[\s_-])")
_NOT_AUTHOR = re.compile(r"(?i)comment|related|sidebar|quote|photo")
_BY = re.compile(r"(?i)^\s*(?:авторы?|жазған|мәтін|текст|author|by)\s*[:\s]\s*")
_NAME = re.compile(
    r"(?:[^\W\d_a-zа-яё][\w'’.-]{0,30})(?:\s[^\W\d_a-zа-яё][\w'’.-]{0,30}){1,2}"
)  # two words or three
_PARTS = re.compile(r"\s*[|•·]\s*|\s{2,}|\s+(?=[^\W\d]+:\s)")
_SIGNATURES = 20
LONGEST_DATE = 120
"""Characters of a line that shows a date, those of white space among them."""
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
            _site_name(meta.get("og:site_name"), link),
            meta.get("application-name"),
            _host(link),
        ]
    )
    author = _first(
        name
        for name in [*linked.named(node.get("author"), found), meta.get("author"), *_signed(tree)]
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


def _site_name(name: str | None, link: str | None) -> str | None:
    """The name of the site without the words that stand around it for search engines."""
    host = _host(link)
    return next((part for part in _AROUND_SITE.split(name or "") if part.casefold() == host), name)


def _signed(tree: html.HtmlElement) -> Iterator[str | None]:
    """The names with which the page marks its author, or that stand alone in a part called so."""
    yield _marked(tree, "author")
    for element in tree.xpath("//*[contains(@class, 'author') or contains(@class, 'createdby')]")[
        :_SIGNATURES
    ]:
        if _AUTHOR.search(element.get("class")) and not _NOT_AUTHOR.search(element.get("class")):
            for part in (
                *element.xpath(".//*[contains(@class, 'fn')]")[:1],
                *element.findall(".//a")[:1],
                element,
            ):
                if _NAME.fullmatch(name := _BY.sub("", said(part))):
                    yield name


def _published(tree: html.HtmlElement, node: linked.Node, meta: dict[str, str]) -> date | None:
    told = [*linked.texts(node.get("datePublished")), *(meta[name] for name in _DATES if name in meta)]
    told += [value for mark in ("datePublished", "datepublished") if (value := _marked(tree, mark))]
    for time in tree.iter("time"):
        told += [time.get("datetime", ""), said(time)]
    day, local = next(((day, text) for text in told if (day := _day(text)) is not None), (None, ""))
    if day is not None:
        return _there(local, told) or day
    shown = tree.xpath("//body//text()[not(ancestor::script or ancestor::style)]")
    return next(
        (day for text in shown if len(text) <= LONGEST_DATE and (day := shown_day(text)) is not None), None
    )


def _there(told: str, others: list[str]) -> date | None:
    """The day where the outlet is, if the page gives the moment in UTC and once more with the zone's offset."""
    moment = _moment(told)
    if moment is None or moment.utcoffset():
        return None
    moments = filter(None, map(_moment, others))
    return next((other.date() for other in moments if other.utcoffset() and other == moment), None)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def shown_day(line: str) -> date | None:
    """The date of a line of a page, that of a part between signs where it holds more: "Қоғам • 20 қараша, 2026"."""
    parts = [line, *(_PARTS.split(line) if _PARTS.search(line) else ())]
    return next((day for part in parts if (day := dateline(part)) is not None), None)


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
