"""What a database knows of its articles besides their texts."""

from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.article import Article
from retrieval.schema import ARTICLES
from retrieval.store import Connected, article_of, explained

_ENTRIES = """
select id, title, source, published, url, language, author, length(text), origin, location, fetched,
    (select count(*) from versions where versions.id = articles.id)
from articles where removed is null order by ifnull(published, '') desc, id
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article without its text: `letters` is how long that is, `versions` how many earlier ones there are.

    Dates and times are ISO 8601; `location` is the path or the link that it came from, `fetched` when.
    """

    id: str
    title: str | None
    source: str | None
    published: str | None
    url: str | None
    language: str | None
    author: str | None
    letters: int
    origin: str
    location: str | None
    fetched: str | None
    versions: int


@dataclass(frozen=True, slots=True)
class Version:
    """An article as it was between two times, in ISO 8601; `since` is None where it is not known."""

    article: Article
    since: str | None
    until: str


class Catalogue(Connected):
    """The entries of a database, which must be there. Raises StoreError as the store does."""

    def entries(self) -> Iterator[Entry]:
        """The articles that are not removed, newest first."""
        with explained(self._path):
            for row in self._database.execute(_ENTRIES):
                yield Entry(*row)

    def versions(self, id_: str) -> list[Version]:
        """What an article was before, in the order in which that ended; empty where it never was another."""
        sql = "select * from versions where id = ? order by rowid"
        with explained(self._path):
            found = list(self._database.query(sql, [id_]))
        return [Version(article_of(row), row["since"], row["until"]) for row in found]

    def locations(self) -> list[tuple[str, str]]:
        """The paths and links that articles came from, each with their origin; not those of ARTICLES."""
        sql = """select location, origin from articles
            where location is not null and removed is null and origin != ? group by location, origin
            order by min(change)"""
        with explained(self._path):
            return [(location, origin) for location, origin in self._database.execute(sql, [ARTICLES])]

    def ids_of(self, location: str, origin: str) -> set[str]:
        """The articles that came from a path or link and are not removed."""
        sql = "select id from articles where location = ? and origin = ? and removed is null"
        with explained(self._path):
            return {id_ for (id_,) in self._database.execute(sql, [location, origin])}
