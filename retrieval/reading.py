"""From the text of a file to an article: title, source and date where the text itself gives them.

Three shapes are known, and each is a general format:

1. *Dated line*: the first line is `date YYYY-MM-DD Title`.
2. *Scraped page*: lines of header (ticker, lone signs, title once or twice, outlet, date by itself)
   stand above the first paragraph.
3. *Bare text*: it opens with a paragraph, or with one line of title and then paragraphs.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice, takewhile

from retrieval.article import Article
from retrieval.dates import dateline
from retrieval.layout import Kind, Line, ends_sentence, is_domain, is_furniture, read_lines

_DATED_LINE = re.compile(r"\ufeff?\s*date\s+(\d{4}-\d{2}-\d{2})[ \t]+(\S[^\r\n]*)")
_HEADER_LINES = 12
_TITLE_WORDS = (3, 30)
_OUTLET_WORDS = 4
# A title may ask or exclaim; a line that closes like this is prose.
_PROSE = re.compile(r"[.:;,][\"'»”’)\]]*$")
# One line of a header may hold several facts: AstanaTV | 13.02.2026, or a fact and, behind a comma, the date.
_BETWEEN_FACTS = re.compile(r"\s*[|•·]\s*")
_BEFORE_DATE = re.compile(r"\s*[,–—-]\s+")
_LONGEST_DATE = 50
_SOURCE_LABEL = re.compile(r"(?i)^(?:дереккөз\w*|источник|source)\s*:?\s*")
# What a header's short lines say besides the outlet: menus, rubrics, places, languages, buttons for sharing.
_MENU_WORDS = (
    "басты бет мәзір іздеу бөлісу жазылу жаңалық жаңалықтар қоғам саясат спорт экономика мәдениет білім әлем "
    "оқиға оқиғалар денсаулық аймақ өңірлер бизнес қаржы ғылым ауа райы сұхбат "
    "главная меню поиск новости общество политика мир культура образование происшествия здоровье регионы "
    "home menu search share news kz қаз qaz ru рус rus en eng facebook telegram whatsapp twitter instagram "
    "youtube tiktok "
    "астана алматы шымкент ақтау ақтөбе атырау жезқазған қарағанды көкшетау қонаев қостанай қызылорда орал өскемен "
    "павлодар петропавл семей талдықорған тараз түркістан"
)
_MENU = frozenset(_MENU_WORDS.split())
_MEDIUM = re.compile(
    r"(?i)(?:news|агентство|телеканал|радио\w*|ақпарат|агенттігі|арнасы|порталы|сайты|газеті|журналы|тв)$"
)
_LATIN_NAME = re.compile(
    r"(?=.*[A-Za-z])[^А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі\s]+(?:\s[^А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі\s]+)?"
)
_SURNAME = re.compile(r"(?:[оеё]ва?|ина?|ұлы|улы|қызы|кызы|ск(?:ий|ая)|бек|бай)$")

# How far into the story the sentence "..., деп хабарлайды BAQ.KZ" may stand.
_REPORTED_WITHIN = 1500
_SAYS = r"(?:хабарла(?:йды|ды|п\s+отыр)|жаз(?:ады|ды)|сообща(?:ет|ют)|переда[её]т|пишет)"
_REPORTER = (
    r"(?P<reporter>(?:\s+(?:ақпарат(?:тық)?|халықаралық|агенттігі(?:нің)?|порталы(?:ның)?|сайты(?:ның)?"
    r"|арнасы(?:ның)?|газеті(?:нің)?|тілшісі))*)"
)
_SITE = r"(?:[\w-]+\.)+[A-Za-z]{2,}(?![\w-])"
_SITE_REPORTED = re.compile(
    rf"\b{_SAYS}\s+(?:(?:корреспондент|портал|агентство|сайт)\s+)?«?(?P<after>{_SITE})"
    rf"|\b(?P<before>{_SITE})»?{_REPORTER}\s+{_SAYS}\b"
)
_NAME = r"[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ][\w’'-]*"
_REPORTED = re.compile(
    r"\b(?:деп\s+хабарла(?:йды|ды|п\s+отыр)|(?:сообща(?:ет|ют)|переда[её]т)(?:\s+(?:корреспондент|агентство))?)"
    rf"\s+(?:«(?P<quoted>[^»\n]{{2,40}})»|(?P<plain>{_NAME}(?:[ ](?:{_NAME}|\d+)){{0,3}})){_REPORTER}"
    r"(?=\s*(?:[.,;!?]|$))",
    re.MULTILINE,
)
# Bodies of the state tell the outlets and are none; so does a bare abbreviation, as in ТЖМ.
_STATE = re.compile(r"(?:ҚР|РК)\b|(?:Ақорда|Акорда|Үкімет|Мәжіліс|Сенат|Парламент|[ҚК]азгидромет)$")
_ABBREVIATION = re.compile(r"[А-ЯЁӘҒҚҢӨҰҮҺІ]{2,6}$")


def read_txt(article_id: str, text: str) -> Article:
    """The article in a `.txt` file; `text` is kept as it is, the metadata is read off it."""
    dated = _dated_line(article_id, text)
    article = dated or _scraped_page(article_id, text) or _bare_text(article_id, text)
    if article.source is not None:
        return article
    return Article(
        article.id, text, article.title, reported_by(text, article.body), article.published, body=article.body
    )


def reported_by(text: str, start: int = 0) -> str | None:
    """The outlet that the story's opening names as its reporter, as in «…, деп хабарлайды BAQ.KZ»."""
    end = start + _REPORTED_WITHIN
    if site := _SITE_REPORTED.search(text, start, end):
        return site["after"] or site["before"]
    for match in _REPORTED.finditer(text, start, end):
        name: str = match["quoted"] or match["plain"]
        if _STATE.match(name) or _is_person(name) or (_ABBREVIATION.match(name) and not match["reporter"]):
            continue
        return name
    return None


def _dated_line(article_id: str, text: str) -> Article | None:
    match = _DATED_LINE.match(text)
    if match is None:
        return None
    published = dateline(match[1])
    return Article(article_id, text, _one_line(match[2]), published=published, body=match.end())


def _scraped_page(article_id: str, text: str) -> Article | None:
    header = _header(text)
    if header is None:
        return None
    facts = _facts(text, header)
    title = _title(facts)
    return Article(
        article_id,
        text,
        title=title,
        source=_outlet(facts, title),
        published=next((found for fact in facts if (found := dateline(fact))), None),
        body=header[-1].span.end,
    )


def _header(text: str) -> list[Line] | None:
    """The lines above the story; None where nothing marks them as a page's header.

    A header is marked by a ticker, a lone sign, a date, a site's address or a line that stands twice. It ends
    where the last of those marks ends, or the title and the outlet behind it.
    """
    top = list(takewhile(lambda line: not _is_prose(text, line), islice(read_lines(text), _HEADER_LINES)))
    contents = [_one_line(text[slice(*line.span)]) for line in top]
    counts = Counter(contents)
    marks = [
        number
        for number, content in enumerate(contents)
        if counts[content] > 1 or is_domain(content) or any(is_furniture(part) for part in _parts(content))
    ]
    if not marks:
        return None
    length = marks[-1] + 1
    while length < len(top) and _belongs(contents[length], _facts(text, top[:length])):
        length += 1
    return top[:length]


def _is_prose(text: str, line: Line) -> bool:
    content = text[slice(*line.span)]
    long = len(content.split()) > _TITLE_WORDS[1]
    return line.kind is not Kind.FURNITURE and (long or _PROSE.search(content) is not None)


def _belongs(line: str, facts: Sequence[str]) -> bool:
    """Whether the line below a header is more of its menu, or the outlet or the title that it lacks."""
    title = _title(facts)
    if _is_medium(line):
        return _outlet(facts, title) is None
    if title is not None:
        return _in_menu(line)
    # Above a title that is still to come, a short name below the date is the outlet.
    return _in_menu(line) or _title([line]) is not None or _outlet([*facts[-1:], line], None) == line


def _facts(text: str, header: Sequence[Line]) -> list[str]:
    """What the header says, in order: dates, and whatever is neither furniture nor a picture's credit."""
    return [
        fact
        for line in header
        if line.kind is not Kind.CAPTION
        for fact in _parts(_one_line(text[slice(*line.span)]))
        if dateline(fact) is not None or not is_furniture(fact)
    ]


def _parts(line: str) -> list[str]:
    """The facts of one line of a header."""
    if dateline(line) is not None:
        return [line]
    for comma in _BEFORE_DATE.finditer(line, max(0, len(line) - _LONGEST_DATE)):
        if dateline(line[comma.end() :]) is not None:
            return [line[: comma.start()], line[comma.end() :]]
    return [_SOURCE_LABEL.sub("", part) for part in _BETWEEN_FACTS.split(line)]


def _title(facts: Sequence[str]) -> str | None:
    """The title among a header's facts: one that stands twice, or else the longest of title length."""
    names = [fact for fact in facts if dateline(fact) is None and not _is_medium(fact) and not _in_menu(fact)]
    twice = [name for name, count in Counter(names).items() if count > 1]
    shortest, longest = _TITLE_WORDS
    fitting = [name for name in twice or names if shortest <= len(name.split()) <= longest]
    return max(fitting or twice, key=len, default=None)


def _outlet(facts: Sequence[str], title: str | None) -> str | None:
    """The outlet among a header's facts: what reads like one, or stands beside the date, or alone."""
    dated = [dateline(fact) is not None for fact in facts]
    beside = [any(dated[max(number - 1, 0) : number + 2]) for number in range(len(facts))]
    names = [
        (fact, near)
        for fact, near, is_date in zip(facts, beside, dated, strict=True)
        if not is_date and fact != title and len(fact.split()) <= _OUTLET_WORDS
        if ":" not in fact and not _in_menu(fact) and not _is_person(fact)
    ]
    media = [name for name, _ in names if _is_medium(name)]
    near_date = [name for name, near in names if near]
    only = [name for name, _ in names] if len(names) == 1 and title is not None else []
    return next(iter(media or near_date or only), None)


def _is_medium(name: str) -> bool:
    """Whether a short name reads like an outlet: an address, Latin letters alone, or what outlets call themselves."""
    if len(name.split()) > _OUTLET_WORDS or _in_menu(name):
        return False
    return is_domain(name) or bool(_LATIN_NAME.fullmatch(name) or _MEDIUM.search(name))


def _in_menu(line: str) -> bool:
    return all(word in _MENU for word in line.lower().split())


def _is_person(name: str) -> bool:
    words = name.split()
    return len(words) > 1 and any(_SURNAME.search(word) for word in words)


def _one_line(content: str) -> str:
    return " ".join(content.split())


def _bare_text(article_id: str, text: str) -> Article:
    lines = [line for line in read_lines(text) if line.kind is not Kind.CAPTION]
    contents = [text[slice(*line.span)] for line in lines[:2]]
    if len(contents) < 2:  # noqa: PLR2004 - a title and a first paragraph
        return Article(article_id, text)
    (top, below), (shortest, longest) = contents, _TITLE_WORDS
    is_title = (
        shortest <= len(top.split()) <= longest
        and not ends_sentence(top)
        and ends_sentence(below)
        and any(line.span.end - line.span.start > len(top) for line in lines[1:])
    )
    return (
        Article(article_id, text, _one_line(top), body=lines[0].span.end)
        if is_title
        else Article(article_id, text)
    )
