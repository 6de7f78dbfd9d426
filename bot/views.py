"""What opens behind the buttons and commands: a place in its text, the settings, a check of a quote."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from bot.markup import Block, Element, Kind, Run, Style, line
from bot.memory import Preferences
from bot.place import Earlier, Place
from bot.reply import Button, Reply, as_reply, provenance, shown_title
from bot.texts import CATALOGUES, Catalogue
from retrieval.article import Article, Span
from retrieval.check import Checked, Verdict, against
from retrieval.index import Index
from retrieval.passages import Passage, split

_AROUND = 1
"""Paragraphs shown before and after the one that is looked at."""
_PARAGRAPH = 1200
"""Characters of a paragraph in this view; three fit into a message with what stands around them."""
_COMPARISON = 1800
"""Characters of a comparison with an earlier version; it fits into a message with a paragraph."""
_NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}


def context(
    index: Index,
    article: Article,
    place: Place,
    texts: Catalogue,
    at: int | None = None,
    *,
    back: bool = False,
) -> Reply:
    """The paragraphs round a quote, the quote in bold; `at` is the paragraph in the middle, 0-based.

    `back` says whether there is an answer to go back to.
    """
    page = _Page.of(article, index.passages_of(article), place, at, _AROUND)
    below = (Button(texts.card_button, f"article:{article.key}"),)
    return as_reply([_heading(article, texts), *page.shown], _below(page, below, texts, back=back))


def earlier(
    index: Index, found: Earlier, place: Place, texts: Catalogue, at: int | None = None, *, back: bool = False
) -> Reply:
    """The paragraph of a quote as it stood before the article changed, and what has become of the quote since.

    A button leads to the same place in the present text.
    """
    page = _Page.of(found.then, split(found.then), place, at, 0)
    said = line(Run(texts.earlier, Style.ITALIC))
    now = against(index, found.now, found.then.text[slice(*place.span)])
    elements = [_heading(found.then, texts), Element((said,)), *page.shown]
    if page.is_home:
        elements.append(_since(now, texts))
    present = Place(found.now.key, found.now.digest[:6], now.span or Span(0, 0))
    below = (
        Button(texts.present_button, f"ctx:{present}"),
        Button(texts.card_button, f"article:{found.now.key}"),
    )
    return as_reply(elements, _below(page, below, texts, back=back))


def _since(now: Checked, texts: Catalogue) -> Element:
    """What the present article says in place of a quote of an earlier version."""
    if now.verdict is Verdict.EXACT:
        return Element((line(texts.earlier_same),))
    if now.verdict is Verdict.ALTERED:
        return Element((line(texts.earlier_differs), _compared(now, _COMPARISON)))
    return Element((line(texts.earlier_gone),))


def _heading(article: Article, texts: Catalogue) -> Element:
    return Element((line(Run(shown_title(article), Style.BOLD)), line(provenance(article, texts))))


def _below(
    page: "_Page", buttons: tuple[Button, ...], texts: Catalogue, *, back: bool
) -> tuple[tuple[Button, ...], ...]:
    """The buttons that turn the page, and below them the way back and the others."""
    leading = (Button(f"‹ {texts.back_button}", "more:0"),) if back else ()
    return (*((page.turn,) if page.turn else ()), (*leading, *buttons))


@dataclass(frozen=True, slots=True)
class _Page:
    """Some paragraphs of an article, the words of a place in bold, and the buttons to those before and behind."""

    shown: tuple[Element, ...]
    turn: tuple[Button, ...]
    is_home: bool

    @classmethod
    def of(
        cls, article: Article, passages: Sequence[Passage], place: Place, at: int | None, around: int
    ) -> "_Page":
        """The paragraph `at`, or that of the place, and as many as `around` on either side of it."""
        spans = _paragraphs(passages)
        home = next((n for n, span in enumerate(spans) if place.span.start < span.end), len(spans) - 1)
        middle = home if at is None else min(max(at, 0), len(spans) - 1)
        first, last = max(0, middle - around), min(len(spans), middle + around + 1)
        shown = tuple(
            Element((Block((Run(f"{n + 1}. "), *_marked(article, spans[n], place.span)), Kind.PARAGRAPH),))
            for n in range(first, last)
        )
        step = 2 * around + 1
        turn = tuple(
            Button(sign, f"ctx:{place}:{to}")
            for sign, to in (("‹", middle - step), ("›", middle + step))
            if (to < middle and first > 0) or (to > middle and last < len(spans))
        )
        return cls(shown, turn, first <= home < last)


def _paragraphs(passages: Sequence[Passage]) -> list[Span]:
    """The span of each paragraph of prose, with the speaker's line above it."""
    found: dict[int, Span] = {}
    for passage in passages:
        before = found.get(passage.paragraph)
        start = passage.span.start if before is None else before.start
        found[passage.paragraph] = Span(start, passage.span.end)
    return list(found.values())


def _marked(article: Article, paragraph: Span, quote: Span) -> list[Run]:
    """The paragraph, what the quote covers of it in bold; of a long one the part round the quote."""
    begin = paragraph.start
    if paragraph.end - begin > _PARAGRAPH and begin < quote.start < paragraph.end:
        begin = max(begin, min(quote.start - _PARAGRAPH // 3, paragraph.end - _PARAGRAPH))
    end = min(paragraph.end, begin + _PARAGRAPH)
    edges = sorted({begin, end, *(min(max(edge, begin), end) for edge in quote)})
    shown = [
        Run(article.text[start:stop], Style.BOLD if quote.start <= start < quote.end else Style.PLAIN)
        for start, stop in pairwise(edges)
    ]
    cut_before = [Run("… ")] if begin > paragraph.start else []
    return [*cut_before, *shown, *([Run(" …")] if end < paragraph.end else [])]


def settings(preferences: Preferences, texts: Catalogue) -> Reply:
    """The reader's settings, each choice a button; what is chosen is marked."""
    chosen = preferences.language
    languages = [
        Button(_ticked(_NAMES[one.language], one.language == chosen), f"set:language:{one.language}")
        for one in CATALOGUES
    ]
    same = Button(_ticked(texts.settings_as_telegram, chosen is None), "set:language:auto")
    quotes = [
        Button(_ticked(str(number), number == preferences.quotes), f"set:quotes:{number}")
        for number in (1, 2, 3)
    ]
    language = texts.settings_as_telegram if chosen is None else _NAMES[chosen]
    rows = (
        line(Run(texts.settings_heading, Style.BOLD)),
        line(f"{texts.settings_language}: {language}"),
        line(f"{texts.settings_quotes}: {preferences.quotes}"),
    )
    return as_reply([Element(rows)], (tuple(languages), (same,), tuple(quotes)))


def _ticked(label: str, chosen: bool) -> str:  # noqa: FBT001 - reads well where it is called
    return f"✓ {label}" if chosen else label


def checked(found: Checked, texts: Catalogue, username: str | None) -> Reply:
    """The verdict on a pasted quote, and where the article says it, or says it otherwise."""
    said = {
        Verdict.EXACT: texts.check_exact,
        Verdict.ALTERED: texts.check_altered,
        Verdict.ABSENT: texts.check_absent,
        Verdict.TOO_SHORT: texts.check_too_short,
    }[found.verdict]
    elements = [Element((line(said),))]
    if found.article is None or found.span is None:
        return as_reply(elements)
    place = Place(found.article.key, found.article.digest[:6], found.span)
    where = provenance(found.article, texts)
    if found.passage is not None:
        where = f"{where} · {texts.paragraph.format(number=found.passage.paragraph)}"
    link = None if username is None else f"https://t.me/{username}?start={place}"
    elements.append(Element((_compared(found), line(Run(where, link=link)))))
    return as_reply(elements, ((Button(texts.whole_button, f"ctx:{place}"),),))


def _compared(found: Checked, most: float = inf) -> Block:
    """The article's words; where the pasted text differs, what it lacks is underlined and what it adds struck.

    Of more than `most` characters the first are shown, and of each long piece its ends.
    """
    if found.verdict is Verdict.ALTERED:
        styles = {"same": Style.PLAIN, "missing": Style.UNDERLINE, "added": Style.STRIKE}
        runs: list[Run] = []
        for change in found.changes[:_MOST_CHANGES]:
            if runs:
                runs.append(Run(" "))
            words = change.text.strip()
            if len(words) > _GAP and (change.kind == "missing" or most < inf):
                words = f"{words[: _GAP // 2]} … {words[-_GAP // 2 :]}"
            if sum(len(run.text) for run in runs) + len(words) > most:
                runs.append(Run("…"))
                break
            runs.append(Run(words, styles[change.kind]))
        return Block(tuple(runs), Kind.QUOTE)
    article, span = found.article, found.span
    words = "" if article is None or span is None else article.text[slice(*span)]
    return Block((Run(words),), Kind.QUOTE)


_GAP = 300
"""Characters of what a pasted text leaves out of the article; more is shown by its ends."""
_MOST_CHANGES = 60
"""Pieces of a comparison; Telegram shows a hundred entities."""
