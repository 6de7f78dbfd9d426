"""Countries, languages, currencies, months and weekdays in the three languages, from Unicode's CLDR."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from babel import Locale

from retrieval.glossary import Entry

_Code = TypeVar("_Code", str, int)
_COUNTRY = re.compile("[A-Z]{2}")
_LANGUAGE = " тілі"
_REMARK = re.compile(r"\s*\(.*\)$")


def cldr() -> Iterator[Entry]:
    """The names that CLDR gives in all three languages, as entries of a glossary."""
    locales = [Locale.parse(one) for one in ("kk", "ru", "en")]
    yield from _named([_countries(one) for one in locales])
    for entry in _named([one.languages for one in locales]):
        yield entry
        if entry.kazakh.endswith(_LANGUAGE):  # "казахский" and "Kazakh" say more than the language
            yield entry._replace(kazakh=entry.kazakh.removesuffix(_LANGUAGE))
    yield from _named([one.currencies for one in locales])
    yield from _named([one.months["format"]["wide"] for one in locales])
    yield from _named([locales[0].months["format"]["wide"], *(_short(one) for one in locales[1:])])
    yield from _named([one.days["format"]["wide"] for one in locales])


def _countries(locale: Locale) -> Mapping[str, str]:
    """Countries by their codes; parts of the world have numbers."""
    return {code: name for code, name in locale.territories.items() if _COUNTRY.fullmatch(code)}


def _short(locale: Locale) -> Mapping[int, str]:
    """The months as they are written short, without the full stop."""
    return {month: name.rstrip(".") for month, name in locale.months["format"]["abbreviated"].items()}


def _named(tables: Sequence[Mapping[_Code, str]]) -> Iterator[Entry]:
    kazakh, russian, english = tables
    for code in (one for one in kazakh if one in russian and one in english):
        name, *others = (_REMARK.sub("", table[code]) for table in tables)
        if not name.isascii():
            yield Entry(name, (others[0],), (others[1],), "cldr")
