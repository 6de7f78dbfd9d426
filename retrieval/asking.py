"""The command that answers one question."""

import argparse
import json
from collections.abc import Iterable
from itertools import pairwise

from retrieval.article import Article, Span
from retrieval.opening import index_of
from retrieval.printable import printable, readable
from retrieval.search import Answer, Quote, answer
from retrieval.translated import in_words


def search(options: argparse.Namespace) -> int:
    """Prints the quotes that answer the question, or that the articles do not answer it."""
    with index_of(options.articles) as index:
        found = answer(index, options.question, options.k)
        if options.json:
            quotes = [_as_data(quote) for quote in found.quotes]
            data = {
                "answered": found.refusal is None,
                "language": found.query.tongue.value,
                "translated": found.translated,
                "untranslated": found.untranslated,
                "quotes": quotes,
            }
            print(json.dumps(data, ensure_ascii=False))  # noqa: T201 - a command prints
        else:
            _show(found)
    return 0


def _as_data(quote: Quote) -> dict[str, object]:
    article = quote.article
    return {
        "article": article.id,
        "start": quote.span.start,
        "end": quote.span.end,
        "quote": quote.text,
        "highlights": quote.highlights,
        "title": article.title,
        "source": article.source,
        "published": None if article.published is None else article.published.isoformat(),
        "url": article.url,
        "paragraph": quote.passage.paragraph,
        "speaker": quote.speaker,
        "also": [other.id for other in quote.also],
        "score": quote.score,
    }


def _show(found: Answer) -> None:
    from rich.console import Console  # noqa: PLC0415 - programs read JSON and need not wait for it
    from rich.text import Text  # noqa: PLC0415 - likewise

    screen = Console(highlight=False)
    if looked_for := in_words(found.translated, found.untranslated):
        screen.print(Text(f"{looked_for}\n", style="dim"), soft_wrap=True)
    if found.refusal is not None:
        screen.print(f"Not in the articles: {found.refusal.value}.")
    for number, quote in enumerate(found.quotes, 1):
        marked = _marked(quote.article, quote.span, quote.highlights)
        screen.print(Text.assemble(*marked), soft_wrap=True)
        screen.print(Text(f"[{number}] {_place(quote)}\n", style="dim"), soft_wrap=True)


def _marked(article: Article, span: Span, highlights: Iterable[Span]) -> list[tuple[str, str]]:
    """The quote in pieces, each with its style."""
    edges = [span.start, *(edge for found in highlights for edge in found), span.end]
    styles = ("", "bold yellow")
    return [
        (readable(article.text[start:end]), styles[number % 2])
        for number, (start, end) in enumerate(pairwise(edges))
    ]


def _place(quote: Quote) -> str:
    article = quote.article
    known = [
        article.source,
        None if article.published is None else article.published.isoformat(),
        article.title,
    ]
    parts = [printable(part) for part in known if part]
    return " · ".join(
        [*parts, f"paragraph {quote.passage.paragraph}", f"{printable(article.id)}:{quote.span.start}"]
    )
