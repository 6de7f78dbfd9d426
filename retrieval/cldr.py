"""Countries, languages, currencies, months and weekdays in the three languages, from Unicode's CLDR."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from babel import Locale

from retrieval.glossary import Entry

_Code = TypeVar("_Code", str, int)
_COUNTRY = re.compile("[A-Z]{2}")
_REMARK = re.compile(r"\s*\(.*\)$")


def cldr() -> Iterator[Entry]:
    """The names that CLDR gives in all three languages, as entries of a glossary."""
    locales = [Locale.parse(one) for one in ("kk", "ru", "en")]
    yield from _named([_countries(one) for one in locales])
    yield from _named([one.languages for one in locales])
    yield from _named([one.currencies for one in locales])
    yield from _named([one.months["format"]["wide"] for one in locales])
    yield from _named([one.days["format"]["wide"] for one in locales])


def _countries(locale: Locale) -> Mapping[str, str]:
    """Countries by their codes; parts of the world have numbers."""
    return {code: name for code, name in locale.territories.items() if _COUNTRY.fullmatch(code)}


def _named(tables: Sequence[Mapping[_Code, str]]) -> Iterator[Entry]:
    kazakh, russian, english = tables
    for code in (one for one in kazakh if one in russian and one in english):
        name, *others = (_REMARK.sub("", table[code]) for table in tables)
        if not name.isascii():
            yield Entry(name, (others[0],), (others[1],), "cldr")
