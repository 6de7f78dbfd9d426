"""From an answer to a reply: what Telegram shows, as plain data."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.markup import Block, Element, Kind, Run, Style, html, line, messages, paragraphs, shortened
from bot.place import Place
from bot.texts import Catalogue
from bot.understood import looked_for, not_found
from retrieval.article import Article
from retrieval.check import ALSO
from retrieval.index import Index
from retrieval.newest import Newest
from retrieval.printable import printable
from retrieval.search import Answer, Quote, Refusal, worth_showing

PAGE = 8
"""Articles on a page of the list."""
_LABEL = 40
"""Characters of a title on a button."""
_TITLE = 200
"""Characters of a title in a reply."""
_SOURCE = 100
"""Characters of a source in a reply."""
_LEAD = 600
"""Characters of an article's opening on its card."""
COPIED = 256
"""Characters that a button can copy."""
_MOST_NAMED = 3
"""Reprints of a quote that are named; of further ones the number is said."""
_MOST_HIGHLIGHTS = 25
"""Words in bold in one quote; three quotes stay within Telegram's hundred entities."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: `data` comes back when it is pressed, at most 64 bytes, or `copy` is copied."""

    label: str
    data: str = ""
    copy: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """How much of an answer is shown: `quotes` of them from number `first` (0-based) on.

    `username` is the bot's, for links; without it there are none. `pages` says whether more can be asked for.
    """

    quotes: int = 3
    first: int = 0
    username: str | None = None
    pages: bool = True

    def link(self, place: Place) -> str | None:
        """A link that opens the place in a chat with the bot."""
        return None if self.username is None else f"https://t.me/{self.username}?start={place}"


@dataclass(frozen=True, slots=True)
class Message:
    """One message: Telegram's HTML and rows of buttons; `asks` says that the reader is to answer it."""

    html: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    asks: bool = False


Reply = tuple[Message, ...]
"""What a reader gets for one update, in order."""


def said(text: str) -> Reply:
    """A reply of plain paragraphs."""
    return as_reply(paragraphs(text))


def greeting(index: Index, texts: Catalogue, example: str | None) -> Reply:
    """What `/start` shows: who the bot is, what it has, what to ask."""
    if not index.articles:
        return as_reply([*paragraphs(texts.start), *paragraphs(texts.no_articles)])
    return as_reply([*paragraphs(texts.start), *_example(texts, example)], ((_sources_button(texts),),))


def perhaps_lost(texts: Catalogue, *, is_command: bool) -> Reply:
    """That an answer may not have arrived, with a button that shows it; a command has to be typed again."""
    if is_command:
        return said(texts.perhaps_lost_command)
    return as_reply(paragraphs(texts.perhaps_lost), ((Button(texts.show_button, "more:0"),),))


def answered(answer: Answer, texts: Catalogue, example: str | None, view: View = View()) -> Reply:
    """The quotes with their citations, or the refusal with a way on."""
    if answer.refusal is Refusal.NO_WORDS:
        return as_reply([*paragraphs(texts.no_words), *_example(texts, example)])
    if answer.refusal is not None:
        return _refused(answer, texts, example)
    quotes = worth_showing(answer)
    shown = list(enumerate(quotes, 1))[view.first : view.first + view.quotes]
    if not shown:
        return said(texts.no_more)
    quoted = [_quoted(number, quote, texts, view, opened=number == shown[0][0]) for number, quote in shown]
    return as_reply([*_understood(answer, texts), *quoted], _under(shown, len(quotes), texts, view))


def _under(
    shown: Sequence[tuple[int, Quote]], total: int, texts: Catalogue, view: View
) -> tuple[tuple[Button, ...], ...]:
    """The buttons of an answer: each quote in its text, then paging, copying and the two votes."""
    places = tuple(
        Button(f"{texts.whole_button} {number}", f"ctx:{Place.of(quote)}") for number, quote in shown
    )
    turn = []
    if view.pages and view.first:
        turn.append(Button("‹", f"more:{max(0, view.first - view.quotes)}"))
    if view.pages and shown[-1][0] < total:
        turn.append(Button(f"{texts.more_button} ›", f"more:{shown[-1][0]}"))
    best = shown[0][1]
    copy = Button(texts.copy_button, copy=citation(best, texts))
    votes = (Button("👍", f"vote:1:{Place.of(best)}"), Button("👎", f"vote:-1:{Place.of(best)}"))
    return (places, (*turn, copy), votes)


def single(quote: Quote, texts: Catalogue, view: View, answer: Answer | None = None) -> Message:
    """One quote with its citation, to be sent into any chat, without buttons.

    With the `answer` that it is from, what was looked for stands above it.
    """
    above = [] if answer is None else _understood(answer, texts)
    return as_reply([*above, _quoted(1, quote, texts, view, opened=True)])[0]


def citation(quote: Quote, texts: Catalogue) -> str:
    """The quote with all that is known of where it stands, in at most Telegram's 256 characters to copy."""
    article = quote.article
    place = texts.paragraph.format(number=quote.passage.paragraph)
    title = shortened(_named(article.title), _LABEL * 2)
    day = texts.day(article.published) if article.published else None
    known = [shown_source(article), day, title]
    where = ", ".join([*(part for part in known if part), place])[: COPIED // 2]
    url = _named(article.url)
    if url and len(where) + len(url) < COPIED * 2 // 3:
        where = f"{where}, {url}"  # whole or not at all: half an address leads nowhere
    words = " ".join(quote.text.split())
    room = COPIED - len(where) - len("«» – ")
    return f"«{shortened(words, room - 1)}» – {where}"


def _understood(answer: Answer, texts: Catalogue) -> list[Element]:
    said = looked_for(answer, texts)
    return [Element(said)] if said else []


def _refused(answer: Answer, texts: Catalogue, example: str | None) -> Reply:
    elements = [Element((line(texts.not_found), *not_found(answer, texts)))]
    if answer.nearest:
        near = (
            line("• ", Run(shown_title(article), Style.ITALIC), f" – {provenance(article, texts)}")
            for article in answer.nearest
        )
        elements.append(Element((line(texts.nearest), *near)))
    return as_reply([*elements, *_example(texts, example)], ((_sources_button(texts),),))


def sources(index: Index, texts: Catalogue, page: int = 0) -> Reply:
    """A page of the list of articles; each opens through its button. Pages beyond the ends give the ends."""
    articles = Newest(index.parts)
    if not articles:
        return said(texts.no_articles)
    pages = -(-len(articles) // PAGE)
    page = min(max(page, 0), pages - 1)
    first = page * PAGE
    shown = [
        (number, index.articles[id_]) for number, id_ in enumerate(articles[first : first + PAGE], first + 1)
    ]
    heading = Element((line(Run(texts.counted(texts.sources_heading, len(articles)), Style.BOLD)),))
    rows = [
        Element(
            (line(f"{number}. ", Run(shown_title(article), Style.ITALIC)), line(provenance(article, texts)))
        )
        for number, article in shown
    ]
    turn = [
        Button(sign, f"sources:{to}") for sign, to in (("‹", page - 1), ("›", page + 1)) if 0 <= to < pages
    ]
    footer = [Element((line(texts.sources_page.format(page=page + 1, pages=pages)),))] if pages > 1 else []
    opening = tuple((Button(_label(number, article), f"article:{article.key}"),) for number, article in shown)
    return as_reply([heading, *rows, *footer], opening + ((tuple(turn),) if turn else ()))


def card(index: Index, article: Article, texts: Catalogue) -> Reply:
    """One article: title, source, date, its first paragraph and how many there are."""
    passages = index.passages_of(article)
    count = max((passage.paragraph for passage in passages), default=0)
    about = [line(Run(shown_title(article), Style.BOLD))] if _named(article.title) else []
    about.append(line(provenance(article, texts), " · ", texts.counted(texts.card_paragraphs, count)))
    elements = [Element(tuple(about))]
    if passages:
        start, end = passages[0].text
        elements.append(Element((Block((Run(article.text[start : min(end, start + _LEAD)]),), Kind.QUOTE),)))
    if article.url:
        elements.append(Element((line(Run(texts.card_link, link=article.url)),)))
    place = Newest(index.parts).place(article.id)
    return as_reply(elements, ((Button(f"‹ {texts.sources_button}", f"sources:{place // PAGE}"),),))


def provenance(article: Article, texts: Catalogue) -> str:
    """Source and date in one line; what is unknown is said to be unknown."""
    return f"{shown_source(article) or texts.unknown_source} · {texts.day(article.published)}"


def shown_source(article: Article) -> str:
    """The source on one line, without what cannot be seen or turns our words round; empty where there is none."""
    return shortened(_named(article.source), _SOURCE)


def shown_title(article: Article) -> str:
    """The title, or where there is none the article's first words with dots behind them; as `shown_source`."""
    title = _named(article.title)
    if title:
        return shortened(title, _TITLE)
    opening = " ".join(article.text[article.body :].split())
    return shortened(printable(opening[:_TITLE]), 60)


def _named(name: str | None) -> str:
    # A name may be as long as whoever wrote it liked; what is shown of it is found in its beginning.
    return printable((name or "")[: 4 * _TITLE])


def _quoted(number: int, quote: Quote, texts: Catalogue, view: View, *, opened: bool) -> Element:
    blocks = [Block(tuple(_highlighted(quote)), Kind.QUOTE if opened else Kind.EXPANDABLE)]
    in_sight = quote.passage.speaker is not None and quote.span.start <= quote.passage.speaker.start
    if quote.speaker is not None and not in_sight:
        blocks.append(line(f"— {printable(quote.speaker)}"))
    place = texts.paragraph.format(number=quote.passage.paragraph)
    cited = f"[{number}] {provenance(quote.article, texts)} · {place}"
    blocks.append(line(Run(cited, link=view.link(Place.of(quote)))))
    if quote.also:
        blocks.append(_also(quote, texts))
    return Element(tuple(blocks))


def _also(quote: Quote, texts: Catalogue) -> Block:
    """One line that names the other articles with the same words; each leads to where it was published."""
    named: dict[str, str | None] = {}
    for article in quote.also:
        name = shortened(shown_source(article) or shown_title(article), _LABEL)
        if article.published and (name == shown_source(quote.article) or name in named):
            name = f"{name} ({texts.day(article.published)})"
        if name not in named and len(named) < _MOST_NAMED:
            named[name] = article.url
    runs = [part for name, url in named.items() for part in (Run(", "), Run(name, link=url))][1:]
    more = len(quote.also) - len(named)
    if more:
        runs.append(Run(f", {texts.counted(texts.also_more, more)}"))
    before, _, behind = texts.also_in.partition("{names}")
    return line(f"{ALSO} {before}", *runs, behind)


def _highlighted(quote: Quote) -> Iterable[Run]:
    inside = quote.highlights[:_MOST_HIGHLIGHTS]
    edges = [quote.span.start, *(edge for span in inside for edge in span), quote.span.end]
    for number, (start, end) in enumerate(pairwise(edges)):
        if start < end:
            yield Run(quote.article.text[start:end], Style.BOLD if number % 2 else Style.PLAIN)


def _example(texts: Catalogue, name: str | None) -> tuple[Element, ...]:
    return () if name is None else paragraphs(texts.example.format(name=name))


def _sources_button(texts: Catalogue) -> Button:
    return Button(texts.sources_button, "sources:0")


def _label(number: int, article: Article) -> str:
    return f"{number}. {shortened(shown_title(article), _LABEL)}"


def as_reply(elements: Iterable[Element], buttons: tuple[tuple[Button, ...], ...] = ()) -> Reply:
    """The elements as messages; the buttons stand under the last one."""
    parts = [html(part) for part in messages(tuple(elements))]
    return (*map(Message, parts[:-1]), *(Message(part, buttons) for part in parts[-1:]))
