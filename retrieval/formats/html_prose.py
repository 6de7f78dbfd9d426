"""The story of a page told by its sentences alone, for pages whose markup names no parts."""

from collections.abc import Iterator

from lxml import etree, html

from retrieval.formats.html_lines import BLOCKS, CELLS, written
from retrieval.formats.html_tree import elements, said
from retrieval.layout import Kind, ends_sentence, kind_of

_MOST = 0.8  # of a page's prose stands in the part that holds the story
_FEWEST = 5  # words of a paragraph
_LEADS = 3  # paragraphs that may stand between a title and the story
_LONG_CELL = 200  # characters and breaks that no cell of a table of figures has
_BREAKS = 4


def prose_of(tree: html.HtmlElement, title: str | None) -> str:
    """The smallest part with nearly all sentences of the page, from its first sentence to its last; may be empty."""
    told = _told(tree)
    if not told.get(tree):
        return ""
    lines = written(_part(tree, told)).split("\n\n")
    if title in lines:
        lines = lines[lines.index(title) + 1 :]
    prose = [number for number, line in enumerate(lines) if _is_prose(line)]
    return "\n\n".join(lines[prose[0] : prose[-1] + 1]) if prose else ""


def lead_of(tree: html.HtmlElement, title: str | None, story: str) -> list[str]:
    """The sentences that the page shows between its title and the story, in paragraphs."""
    lines = written(tree).split("\n\n")
    first = story.partition("\n\n")[0]
    if title not in lines or first not in lines[lines.index(title) :]:
        return []
    begin = lines.index(title)
    between = lines[begin + 1 : lines.index(first, begin)]
    leads = [line for line in between if _is_prose(line) and not line.startswith("• ")]
    return leads if len(leads) <= _LEADS else []


def is_list_of_links(tree: html.HtmlElement) -> bool:
    """Whether most of what the page says leads elsewhere, as on a front page."""
    linked = sum(len(said(link)) for link in tree.iter("a"))
    return linked > sum(len(said(body)) for body in tree.iter("body")) / 2


def with_plain_tables(tree: html.HtmlElement) -> None:
    """Make plain parts of the tables that only lay out the page, and keep those of figures in what is embedded."""
    for table in elements(tree):
        if table.tag != "table":
            continue
        if any(map(_is_layout, table.iter("td"))):
            for part in [table, *_parts_of(table)]:
                part.tag = "div"
        elif len(table.findall(".//tr")) > 1:
            for part in table.iterancestors():
                # Extraction takes all that is named so for a player or a post of another site.
                if "embed" in part.get("class", "").lower():
                    del part.attrib["class"]


def _is_layout(cell: html.HtmlElement) -> bool:
    breaks = len(cell.findall(".//br"))
    return (
        cell.find(".//table") is not None
        or cell.find(".//h1") is not None
        or (breaks >= _BREAKS and len(said(cell)) > _LONG_CELL)
    )


def _parts_of(table: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """The rows and cells of a table, those of tables inside it left out."""
    for part in table:
        if part.tag in {"tbody", "thead", "tfoot", "tr", "td", "th"}:
            yield part
            yield from _parts_of(part)


def _part(tree: html.HtmlElement, told: dict[html.HtmlElement, int]) -> html.HtmlElement:
    enough = _MOST * told[tree]
    part = tree
    while inner := [child for child in part if told.get(child, 0) >= enough]:
        part = inner[0]
    return part


def _told(tree: html.HtmlElement) -> dict[html.HtmlElement, int]:
    """How many characters of prose each element holds, those in its own parts among them."""
    told: dict[html.HtmlElement, int] = {}
    own: list[list[str]] = [[]]  # the words of each open block, outside of the blocks in it
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        is_block = element.tag in BLOCKS or element.tag in CELLS
        if event == "start":
            if is_block:
                own.append([])
            if element.tag != "a":  # words of links are no prose
                own[-1].append(element.text or "")
            continue
        if is_block:
            words = " ".join("".join(own.pop()).split())
            told[element] = told.get(element, 0) + (len(words) if _is_prose(words) else 0)
        if element is not tree:
            around = element.getparent()
            told[around] = told.get(around, 0) + told.get(element, 0)
            own[-1].append(element.tail or "")
    return told


def _is_prose(line: str) -> bool:
    return len(line.split()) >= _FEWEST and ends_sentence(line) and kind_of(line) is Kind.TEXT
