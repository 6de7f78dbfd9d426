"""What the front matter of a Markdown file says of the article: a block of YAML between two lines of `---`."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import yaml  # type: ignore[import-untyped]  # it comes without types

from retrieval.dates import dateline
from retrieval.formats.cleaning import one_line

_BLOCK = re.compile(
    r"\ufeff?\s*+---[ \t]*\n(?P<yaml>(?:(?!(?:---|\.\.\.)[ \t]*(?:\n|\Z)).*\n)*+)(?:---|\.\.\.)[ \t]*(?:\n|\Z)"
)
_LONGEST = 20_000  # characters; what is longer is no front matter
_MOST_BRACKETS = 100  # the time grows with their square
_PAIR = re.compile(r"(?P<key>[A-Za-z_]+)[ \t]*:[ \t]+(?P<value>\S.*)")
_NAMES = {
    "title": ("title",),
    "published": ("published", "date", "pubdate", "publishdate"),
    "source": ("source", "site", "outlet", "publisher", "site_name"),
    "author": ("author", "authors", "by"),
    "url": ("url", "link", "canonical", "canonical_url"),
    "language": ("lang", "language", "locale"),
}
_LANGUAGE = re.compile(r"[A-Za-z]{2}(?=$|[-_])")
_LINK = re.compile(r"https?://[^\s<>\"]+")


class FrontMatter(NamedTuple):
    """What it says; None where it says nothing that can be used. `end` is where the story begins in the text."""

    title: str | None = None
    published: date | None = None
    source: str | None = None
    author: str | None = None
    url: str | None = None
    language: str | None = None
    end: int = 0


def front_matter(text: str) -> FrontMatter:
    r"""The front matter that a text with `\n` as its newline opens with, if any."""
    block = _BLOCK.match(text, 0, _LONGEST)
    if block is None:
        return FrontMatter()
    said = {key.lower(): value for key, value in _pairs(block["yaml"])}
    if not said:  # a text between two lines
        return FrontMatter()
    found = {
        field: next(filter(None, (_value(said.get(name)) for name in names)), None)
        for field, names in _NAMES.items()
    }
    language = _LANGUAGE.match(found["language"] or "")
    link = _LINK.fullmatch(found["url"] or "")
    return FrontMatter(
        found["title"],
        _day(found["published"]),
        found["source"],
        found["author"],
        link and link[0],
        language and language[0].lower(),
        block.end(),
    )


def _pairs(block: str) -> Iterator[tuple[str, Any]]:
    try:
        said = _yaml(block)
    except ValueError:
        # A colon in a title that nobody quoted is the common fault.
        for pair in _PAIR.finditer(block):
            yield pair["key"], _loosely(pair["value"].strip())
    else:
        if isinstance(said, dict):
            yield from ((key, value) for key, value in said.items() if isinstance(key, str))


def _yaml(text: str) -> Any:  # noqa: ANN401 - anything that strings, lists and mappings can make up
    """What the text says, all of it in strings: no dates, numbers or objects. Raises ValueError."""
    if text.count("[") + text.count("{") > _MOST_BRACKETS:
        raise ValueError("no YAML of a person")
    try:
        return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader is the strictest there is
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError("no YAML") from error


def _loosely(value: str) -> Any:  # noqa: ANN401 - as above
    if not value.startswith(("[", "'", '"')):
        return value
    try:
        return _yaml(value)
    except ValueError:
        return value.strip("\"'")


def _value(value: object) -> str | None:
    """A value as one line; of several, such as authors, all of them."""
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, list):
        return ", ".join(filter(None, (_value(one) for one in value if isinstance(one, str)))) or None
    return one_line(value) or None if isinstance(value, str) else None


def _day(written: str | None) -> date | None:
    if written is None:
        return None
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return dateline(written)
