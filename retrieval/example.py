"""A name that the articles speak of, for an example question."""

import re
from collections import Counter
from collections.abc import Iterable

from retrieval.article import Article
from retrieval.passages import split

# Two capitalised words in a row, behind a word in lower case, so that no sentence's first word counts.
_CAPITAL = "A-ZА-ЯЁӘҒҚҢӨҰҮҺІ"
_NAME = re.compile(rf"(?<=[^\W\d_{_CAPITAL}] )([{_CAPITAL}][^\W\d_]+) ([{_CAPITAL}][^\W\d_]+)\b")
_QUOTED = re.compile(r"[«“\"][^»”\"]*[»”\"]")
# A first word in the genitive belongs to a phrase, not to a name.
_GENITIVE = re.compile(r"[ндт][ыі]ң$")


def example_name(articles: Iterable[Article]) -> str | None:
    """The two-word name that stands most often in the articles' passages; None where there is none."""
    names: Counter[str] = Counter()
    for article in articles:
        for passage in split(article):
            found = _NAME.findall(_QUOTED.sub("", article.text[slice(*passage.text)]))
            names.update(f"{first} {last}" for first, last in found if _is_name(first, last))
    return max(names, key=lambda name: (names[name], name), default=None)


def _is_name(first: str, last: str) -> bool:
    return first.istitle() and last.istitle() and not _GENITIVE.search(first)
