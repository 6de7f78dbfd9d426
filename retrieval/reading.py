"""From the text of a file to an article: title, source and date where the text itself gives them.

Three shapes are known, and each is a general format:

1. *Dated line*: the first line is `date YYYY-MM-DD Title`.
2. *Scraped page*: lines of header (ticker, lone signs, title once or twice, outlet, date by itself)
   stand above the first paragraph.
3. *Bare text*: it opens with a paragraph, or with one line of title and then paragraphs.
"""

import re
from collections import Counter
from datetime import date

from retrieval.article import Article
from retrieval.dates import dateline
from retrieval.layout import Kind, Line, ends_sentence, is_furniture, read_lines

_DATED_LINE = re.compile(r"\s*date\s+(\d{4}-\d{2}-\d{2})[ \t]+(\S[^\r\n]*)")
_HEADER_LINES = 12
_TITLE_WORDS = (3, 30)
_OUTLET_WORDS = 4
# How far into the story the sentence "..., деп хабарлайды BAQ.KZ" may stand.
_REPORTED_WITHIN = 1500
_NAME = r"[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ][\w’'-]*(?:\.[A-Za-zА-Яа-я]{2,})?"
_OUTLET = rf"(?:«(?P<quoted>[^»\n]{{2,40}})»|(?P<plain>{_NAME}(?:[ ]{_NAME}){{0,3}}))"
_REPORTER = r"(?:\s+(?:тілшісі|порталы|агенттігі|сайты|арнасы|газеті|корреспондент[іы]?))?"
_REPORTED = re.compile(
    rf"(?:деп|—|–|-|,)\s+(?:хабарла(?:йды|ды|п отыр)|сообща(?:ет|ют)|передаёт|передает)\s+{_OUTLET}{_REPORTER}"
    r"(?=\s*(?:[.,;!?]|$))",
    re.MULTILINE,
)


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
    match = _REPORTED.search(text, start, start + _REPORTED_WITHIN)
    return (match["quoted"] or match["plain"]) if match else None


def _dated_line(article_id: str, text: str) -> Article | None:
    match = _DATED_LINE.match(text.removeprefix("\ufeff"))
    if match is None:
        return None
    try:
        published = date.fromisoformat(match[1])
    except ValueError:
        return None
    body = match.end() + (len(text) - len(text.removeprefix("\ufeff")))
    return Article(article_id, text, title=match[2].strip(), published=published, body=body)


def _scraped_page(article_id: str, text: str) -> Article | None:
    header = _header(text)
    if header is None:
        return None
    written = [(line, text[slice(*line.span)]) for line in header]
    dates = [found for _, content in written if (found := dateline(content))]
    names = [content for _, content in written if not is_furniture(content)]
    title = _title(names)
    outlets = [name for name in names if name != title and len(name.split()) <= _OUTLET_WORDS]
    return Article(
        article_id,
        text,
        title=title,
        source=outlets[0] if outlets and (dates or title is not None) else None,
        published=dates[0] if dates else None,
        body=header[-1].span.end,
    )


def _header(text: str) -> list[Line] | None:
    """The lines above the story; None where nothing marks them as a page's header.

    A header is marked by a ticker, a lone sign, a date by itself or a line that stands twice, and it ends
    where the last of those marks, or the line of title behind them, ends.
    """
    top: list[Line] = []
    for line in read_lines(text):
        content = text[slice(*line.span)]
        if len(top) == _HEADER_LINES or (line.kind is not Kind.FURNITURE and ends_sentence(content)):
            break
        top.append(line)
    contents = [text[slice(*line.span)] for line in top]
    repeated = {content for content, count in Counter(contents).items() if count > 1}
    marks = [
        number for number, content in enumerate(contents) if is_furniture(content) or content in repeated
    ]
    if not marks:
        return None
    last = marks[-1]
    titled = _title([content for content in contents[: last + 1] if not is_furniture(content)])
    if titled is None and last + 1 < len(top):
        last += 1  # the outlet and the date come first, the title below them
    return top[: last + 1]


def _title(names: list[str]) -> str | None:
    """The title among a header's lines: the one that stands twice, or else the longest of title length."""
    twice = [name for name, count in Counter(names).items() if count > 1]
    shortest, longest = _TITLE_WORDS
    fitting = [name for name in twice or names if shortest <= len(name.split()) <= longest]
    return max(fitting, key=len, default=None)


def _bare_text(article_id: str, text: str) -> Article:
    lines = read_lines(text)
    first, second = next(lines, None), next(lines, None)
    if first is not None and second is not None:
        top, below = text[slice(*first.span)], text[slice(*second.span)]
        shortest, longest = _TITLE_WORDS
        if (
            not ends_sentence(top)
            and shortest <= len(top.split()) <= longest
            and first.kind is not Kind.CAPTION
            and ends_sentence(below)
            and len(below) > len(top)
        ):
            return Article(article_id, text, title=top, body=first.span.end)
    return Article(article_id, text)
