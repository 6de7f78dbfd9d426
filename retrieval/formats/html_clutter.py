"""What stands on a page beside its story, taken out of its tree: menus, links elsewhere, captions, adverts."""

import re

from lxml import html

from retrieval.formats.html_tree import drop, elements, said
from retrieval.layout import Kind, kind_of

_TAGS = frozenset(
    [
        "nav",
        "aside",
        "footer",
        "button",
        "select",
        "option",
        "textarea",
        "input",
        "dialog",
        "audio",
        "video",
        "figcaption",
        "label",
        "amp-ad",
        "amp-embed",
        "amp-sidebar",
        "amp-consent",
        "amp-social-share",
        "amp-user-notification",
    ]
)
_ROLES = frozenset(
    [
        "navigation",
        "banner",
        "complementary",
        "contentinfo",
        "search",
        "dialog",
        "alertdialog",
        "menu",
        "menubar",
        "toolbar",
    ]
)
_CLASSES = re.compile(
    r"(?i)(?:^|[\s_-])(?:ad|ads|advert\w*|adv|banner\w*|reklama|breadcrumbs?|caption|captions|wp-caption-text|comments?|"
    r"cookies?|consent|gdpr|currency|rates|kurs|weather|ticker|marquee|menu|navbar|nav|related\w*|recommend\w*|"
    r"read-?(?:more|also|next)|see-also|similar|popular|most-read|trending|share\w*|sharing|social\w*|likes?|"
    r"subscri\w*|newsletter|sidebar|tags|taglist|views|counter|byline|copyright|popup|modal|paginat\w*|pager|"
    r"twitter-tweet|instagram-media|telegram-post|amp-ad|footer|sr-only|visually-?hidden|screen-reader-text|print-only|promo)(?:$|[\s_-])"
)
_AROUND_DATE = frozenset(("article", "div", "header", "main", "section", "body"))
_KEPT = frozenset(("html", "body", "article", "main"))
_ELSEWHERE = re.compile(
    r"(?i)^\W*(?:(?:осы\s+тақырып\w*\s+)?(?:тағы\s+(?:да\s+)?)?оқи\s+отырыңыз\w*|тағы\s+(?:да\s+)?оқыңыз\w*|"
    r"(?:сондай-ақ|тағы)\s+(?:да\s+)?(?:оқы\w*|қараңыз\w*)|ұқсас\s+жаңалықтар|осы\s+тақырып(?:та|қа\s+орай)|"
    r"читайте\s+(?:также|ещ[её])|(?:по|смотрите)\s+(?:теме|также)|материалы\s+по\s+теме|похожие\s+новости|"
    r"read\s+(?:also|more|next)|see\s+also|related(?:\s+(?:news|articles|stories))?|taǵy\s+oqyńyz\w*|tağy\s+oqyñyz\w*|"
    r"тағи\s+оқу|تاعى\s+وقىڭىز\w*)\s*(?P<sign>[:：»→–—-]|$|(?=\s))"
)
_JOIN_US = re.compile(
    r"(?i)(?:арна|парақша|telegram|instagram|whatsapp|facebook|youtube)\S*.*(?:жазыл\w*|қосыл\w*|подпи[сш]\w*|follow|join)"
    r"|(?:жазыл\w*|подпи[сш]\w*|присоединя\w*|subscribe|follow|join).*(?:арна|telegram|телеграм|instagram|whatsapp|канал)"
)
# Calls to the reader and walls before the rest of a story, in a paragraph of their own and without a link.
_CALL = re.compile(
    r"(?i)^\W*(?:(?:подпи(?:сывайтесь|шитесь)\s+на\s+наш|следите\s+за\s+наш|subscribe\s+to\s+our|follow\s+us\b)"
    r"|(?:біздің\s+|біз\S*\s+)?(?:\S+\s+){0,3}(?:арнамызға|парақшамызға)\s+(?:жазыл|қосыл)ыңыз"
    r"|.*(?:тек\s+жазылушылар|жазылымды\s+рәсімде|только\s+(?:для\s+)?подписчик|оформите\s+подписку|"
    r"(?:only\s+for|for\s+our)\s+subscribers|subscribe\s+to\s+(?:read|continue)))"
)
_FEED_TAIL = re.compile(
    r"(?i)(?:the\s+post|запись|жазба)\s.*\s(?:appeared\s+first\s+on|впервые\s+появилась|first\s+appeared)\b"
)
_WORDS = 40
_LETTERS = 600  # the patterns above are slow on words without an end
_STORY = 400  # characters of paragraphs that make a part with the name of clutter the story after all


def without_clutter(tree: html.HtmlElement) -> None:
    """Take out what is not the story, told by tags, roles, names of classes and by labels."""
    for element in elements(tree):
        if element.getparent() is None or element.tag in _KEPT:
            continue
        if element.tag == "q":
            _quote(element)
        elif (
            (element.tag == "time" and element.getparent().tag in _AROUND_DATE)
            or element.tag in _TAGS
            or element.get("role") in _ROLES
            or _is_named(element)
        ):
            drop(element)
    for element in elements(tree):
        if element.tag in {"p", "div", "h2", "h3", "h4", "h5", "li", "strong", "b", "span", "section"}:
            _without_links_elsewhere(element)


def _quote(element: html.HtmlElement) -> None:
    element.text = "«" + (element.text or "")
    element.tail = "»" + (element.tail or "")
    element.drop_tag()


def _is_named(element: html.HtmlElement) -> bool:
    name = f"{element.get('class', '')} {element.get('id', '')}"
    if len(name) > 500 or not _CLASSES.search(name) or element.tag in {"h1", "figure"}:  # noqa: PLR2004 - no name
        return False
    prose = sum(len(said(part)) for part in element.iter("p") if not part.findall(".//a"))
    return element.find(".//h1") is None and (prose < _STORY or element.find(".//article") is None)


def _without_links_elsewhere(element: html.HtmlElement) -> None:
    """Drop a short label with its links, in it or just behind it; captions and calls to subscribe as well."""
    if element.getparent() is None or len(element) > _WORDS:
        return
    text = said(element)
    if not text or len(text) > _LETTERS or len(text.split()) > _WORDS:
        return
    linked = " ".join(said(link) for link in element.iter("a"))
    label = _ELSEWHERE.match(text)
    if label and (linked == text or not text[label.end() :].replace(linked, "").strip(" .:")):
        if not linked:
            _drop_links_behind(element)
        drop(element)
    elif (linked and _FEED_TAIL.match(text)) or (
        element.tag in {"p", "div"}
        and ((linked and _JOIN_US.search(text)) or _CALL.match(text) or kind_of(text) is Kind.CAPTION)
    ):
        drop(element)


def _drop_links_behind(label: html.HtmlElement) -> None:
    behind = label.getnext()
    while behind is not None:
        text, linked = said(behind), " ".join(said(link) for link in behind.iter("a"))
        after = behind.getnext()
        if not linked or len(linked) < 0.8 * len(text):
            return
        drop(behind)
        behind = after
