"""The articles of an index, read from the database when they are looked at."""

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sqlite_utils import Database

from retrieval.article import Article
from retrieval.behind import digest_in
from retrieval.changed import OfParts
from retrieval.errors import StoreError
from retrieval.index import Part
from retrieval.newest import Newest
from retrieval.store import article_of
from retrieval.versions import version

_IN_MEMORY = 512
"""Articles that are kept after they were read."""
_FIELDS = "id, text, title, source, published, url, body, language, author"
_SQL = f"""
select {_FIELDS} from articles where id = :id and digest = :digest
union all
select {_FIELDS} from versions where id = :id and digest = :digest
"""  # noqa: S608 - made of constants


class Texts:
    """Articles of a database by id and digest, also such as have changed since. May be asked from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database = Database(sqlite3.connect(path, timeout=10, check_same_thread=False))
        self._asking = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], Article] = OrderedDict()

    def close(self) -> None:
        """Closes the database; nothing can be read afterwards."""
        with self._asking:
            self._database.close()

    def keep(self, article: Article) -> None:
        """Has an article at hand that is likely to be asked for."""
        with self._asking:
            self._put((article.id, article.digest), article)

    def read(self, id_: str, digest: str) -> Article:
        """The article as it was with this digest. Raises StoreError where the database does not have it so."""
        with self._asking:
            found = self._kept.get((id_, digest))
            if found is None:
                found = self._read(id_, digest)
                self._put((id_, digest), found)
            return found

    def version(self, id_: str, digest: str) -> Article | None:
        """An earlier version of an article, by the beginning of its digest; None where there is none."""
        with self._asking:
            return version(self._database, id_, digest)

    def _put(self, key: tuple[str, str], article: Article) -> None:
        self._kept[key] = article
        self._kept.move_to_end(key)
        if len(self._kept) > _IN_MEMORY:
            self._kept.popitem(last=False)

    def _read(self, id_: str, digest: str) -> Article:
        try:
            found = list(self._database.query(_SQL, {"id": id_, "digest": digest}))
        except sqlite3.Error as error:
            raise StoreError(f"{self._path}: the article {id_!r} cannot be read ({error})") from error
        if not found:
            raise StoreError(
                f"{self._path}: the article {id_!r} is no longer there as it was; ask again in a moment"
            )
        return article_of(found[0])


class StoredArticles(OfParts):
    """The articles of some parts by id, newest first; each is read when it is looked at.

    The text is always the one that the parts were made of, whatever has been written to the database since.
    Raises StoreError where the database cannot be read.
    """

    def __init__(self, texts: Texts, parts: Sequence[Part]) -> None:
        self._texts = texts
        self._parts = tuple(parts)
        self._newest = Newest(self._parts)
        self._found: dict[str, Article] = {}

    def over(self, parts: Sequence[Part], new: Mapping[str, Article]) -> "StoredArticles":
        """The same over other parts; the new articles are likely to be asked for."""
        for article in new.values():
            self._texts.keep(article)
        return StoredArticles(self._texts, parts)

    def __getitem__(self, id_: str) -> Article:
        found = self._found.get(id_)
        if found is None:
            digest = digest_in(self._parts, id_)
            if digest is None:
                raise KeyError(id_)
            if len(self._found) >= _IN_MEMORY:
                self._found.clear()
            found = self._found[id_] = self._texts.read(id_, digest)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._newest)

    def __len__(self) -> int:
        return len(self._newest)
