"""HTML parsed into a tree with bounded work, whatever the page is."""

import re
from collections.abc import Iterator

from lxml import etree, html

from retrieval.errors import FormatError, Trouble

LARGEST = 10_000_000
"""Bytes that a page may have."""
_TAGS = 40_000  # an article has some thousand; the time of extraction grows with the square of links
_DEEPEST = 200  # elements in one another; the parser itself gives up at 256 and loses the rest
_LONGEST_TAG = 3_000  # characters of a tag outside its quoted values: the parser is slow with many attributes
_WORK = 40_000_000  # characters times the depth at which they stand

# Comments and the insides of scripts are passed over, so that quotes in them open nothing.
_MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?:(?P<raw>script|style)\b|[A-Za-z/])"
    r"(?P<tag>(?:[^>=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?+)*+)>?(?(raw).*?(?:</(?P=raw)|\Z))",
    re.DOTALL | re.IGNORECASE,
)
_QUOTED = re.compile(r"=\s*+(?:\"[^\"]*+\"?|'[^']*+'?)")
# What the parser would take for an order to decode text again.
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*>")
_KEPT_EMPTY = frozenset(("br", "td", "th"))
_INLINE = frozenset(
    [
        "span",
        "b",
        "strong",
        "i",
        "em",
        "u",
        "font",
        "small",
        "big",
        "sup",
        "sub",
        "mark",
        "abbr",
        "cite",
        "time",
        "wbr",
        "ins",
        "img",
        "bdi",
        "bdo",
    ]
)
_SAVE_AGAIN = "save the page again from a browser, or give its text as .txt"


def parsed(text: str) -> html.HtmlElement:
    """The root of the tree, without comments; FormatError where the page is empty or made to stall a reader."""
    if text.count("<") > _TAGS or _has_endless_tag(text):
        raise FormatError(f"it has more markup than an article has: {_SAVE_AGAIN}", Trouble.LARGE)
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, default_doctype=False
    )
    source = _XML_DECLARATION.sub("", text.replace("\x00", ""), count=1)
    try:
        tree = html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise FormatError(f"the page is empty: {_SAVE_AGAIN}", Trouble.EMPTY) from error
    _expect_flat(tree)
    return tree


def _has_endless_tag(text: str) -> bool:
    return any(
        len(match["tag"] or "") > _LONGEST_TAG and len(_QUOTED.sub("", match["tag"])) > _LONGEST_TAG
        for match in _MARKUP.finditer(text)
    )


def _expect_flat(tree: html.HtmlElement) -> None:
    depth = work = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if event == "start":
            work += depth * (1 + len(element.text or "") + len(element.tail or ""))
            if depth > _DEEPEST or work > _WORK:
                raise FormatError(f"its parts stand too deep in one another: {_SAVE_AGAIN}", Trouble.LARGE)


def elements(tree: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """The elements of the tree in order, from a list made before, so that some may be dropped on the way."""
    yield from [element for element in tree.iter() if isinstance(element.tag, str)]


def drop(element: html.HtmlElement) -> None:
    """Empty an element; the text behind it stays where it is, since joining it to the text before is slow work."""
    element.clear(keep_tail=True)
    element.tag = "span"


def said(element: html.HtmlElement) -> str:
    """The text of an element in one line."""
    return " ".join("".join(element.itertext()).split())


def rebuilt(tree: html.HtmlElement) -> html.HtmlElement:
    """A copy without elements that hold no text, and without inline ones: their words are joined to those around.

    To join them one at a time, as extraction would do, takes time in the square of their number.
    """
    full: set[html.HtmlElement] = set()
    builder = etree.TreeBuilder(element_factory=html.html_parser.makeelement)
    for _, element in etree.iterwalk(tree, events=("end",)):
        parent = element.getparent()
        if element in full or (element.text or "").strip() or element.tag in _KEPT_EMPTY:
            full.add(element)
            full.add(parent)
        if (element.tail or "").strip():
            full.add(parent)
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        stays = element is tree or (element in full and element.tag not in _INLINE)
        if event == "start":
            if stays:
                builder.start(element.tag, dict(element.attrib))
            builder.data(element.text or "")
        else:
            if stays:
                builder.end(element.tag)
            builder.data("" if element is tree else element.tail or "")
    return builder.close()
