"""The command that shows why each hit ranks where it does."""

import argparse
import textwrap

from rich.console import Console
from rich.table import Table
from rich.text import Text

from retrieval.explain import Explained, Explanation
from retrieval.explain import explain as explained
from retrieval.opening import index_of
from retrieval.printable import printable
from retrieval.translated import in_words


def explain(options: argparse.Namespace) -> int:
    """Prints how the question was understood, and what the score of each hit is made of."""
    with index_of(options.articles) as index:
        _show(explained(index, options.question, options.k))
    return 0


def _show(explanation: Explanation) -> None:
    screen = Console(highlight=False)
    screen.print(_asked(explanation))
    if looked_for := in_words(explanation.translated, explanation.untranslated):
        screen.print(Text(looked_for))
    if explanation.query.wanted:
        kinds = ", ".join(sorted(kind.value for kind in explanation.query.wanted))
        screen.print(f"It asks for: {kinds}")
    verdict = "answered" if explanation.evidence >= explanation.enough else "refused"
    screen.print(f"Evidence {explanation.evidence:.2f}, enough is {explanation.enough:.2f}: {verdict}\n")
    for found in explanation.hits:
        screen.print(_explained(found))


def _asked(explanation: Explanation) -> Table:
    words = Table(title="The question's words", title_justify="left")
    for name in ("word", "idf", "looked for"):
        words.add_column(name, justify="right" if name == "idf" else "left")
    for asked in explanation.query.asked:
        meant = [f"{one.stem} ({one.weight:.2f}, {one.how.value})" for one in asked.alternatives]
        missing = "no translation" if asked.untranslated else "not in the articles"
        words.add_row(Text(asked.word), f"{asked.idf:.2f}", Text("\n".join(meant) or missing))
    return words


def _explained(found: Explained) -> Table:
    start, end = found.passage.text
    words = textwrap.shorten(printable(found.article.text[start:end]), 70, placeholder=" …")
    table = Table(title=Text(f"{found.hit.rank}. {words}"), title_justify="left")
    columns = ("word", "found as", "tf", "df", "length", "stem", "word", "root", "title")
    for number, name in enumerate(columns):
        table.add_column(name, justify="left" if number < 2 else "right")  # noqa: PLR2004 - the two of words
    for part in found.parts:
        posting = part.posting
        counts = ("", "", "") if posting is None else (str(posting.tf), str(posting.df), str(posting.length))
        fields = (part.stem, part.word, part.root, part.title)
        meant = "" if part.meant is None else part.meant.stem
        table.add_row(
            Text(part.asked.word),
            Text(meant),
            *counts,
            *(f"{value:.2f}" if value else "" for value in fields),
        )
    table.add_section()
    table.add_row("letter n-grams", *[""] * 4, f"{found.grams:.2f}")
    table.add_row("score", *[""] * 4, f"{found.hit.score:.2f}")
    table.add_row("share held", *[""] * 4, f"{found.hit.cover:.2f}")
    return table
