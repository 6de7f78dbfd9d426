"""A part of an index that never changes: some articles with their passages, words and postings, as arrays."""

import hashlib
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from retrieval.analysis import Form
from retrieval.article import Article, Span, key_of, newest_first
from retrieval.forms import Reader, Texts
from retrieval.forward import Forward
from retrieval.grams import GramPart
from retrieval.inverted import inverted, kept, restored
from retrieval.lexicon import NOWHERE, Ragged, Words
from retrieval.names import Names
from retrieval.ngrams import gram_part
from retrieval.passages import Passage, split
from retrieval.phrases import Phrases
from retrieval.postings import Integers, Postings
from retrieval.shingles import Sketches, sketches
from retrieval.terms import Array, Terms
from retrieval.written import WrittenPart

ANALYSIS = 2
"""Raise it whenever the same article gets other words, passages or numbers than before: kept segments of another
version are built again."""
_DIGEST = 16  # bytes of an article's digest
_PLACES = frozenset({"bounds", "ends"})
"""Arrays of places in other arrays: kept in four bytes each as long as these suffice, and reckoned with in eight."""
_OF_NAMES = ("letters", "ends", "ascending")
_OWN = ("dates", "digests", "sketches", "article_of", "spans")
_OF_WORDS = ("forms", "root_of", "shown", "key_of_word", "key_of_stem")


@dataclass(frozen=True, eq=False)
class Segment:
    """Articles, newest first, with their passages in that order.

    `names` are the articles' ids by number, `dates` (int32) their days, 1 for an unknown one, the rows of `digests`
    (uint8) what `Article.digest` writes in hexadecimal, those of `sketches` (uint8) what tells reprints (see
    `retrieval.shingles`); `article_of` (uint32) says which article each passage is of. The rows of `spans` (uint32)
    are, for each passage, its paragraph and the starts and ends of span, text, speaker and heading, NOWHERE where
    there is none. The fields are counted over the tokens of the passage and of its article's title, `title` over
    the articles' titles; the title of an article without passages is empty.
    """

    names: Names
    dates: Integers
    digests: Integers
    sketches: Integers
    article_of: Integers
    spans: Integers
    words: Words
    stem: Postings
    root: Postings
    forward: Forward
    word: WrittenPart
    gram: GramPart
    title: Postings

    @classmethod
    def build(cls, articles: Iterable[Article], phrases: Phrases) -> "Segment":
        """The segment of the articles; the same articles in another order give the same segment."""
        ordered = sorted(articles, key=newest_first)
        read = _Reader(phrases)
        for article in ordered:
            read.add(article)
        return read.segment(ordered)

    @property
    def ids(self) -> tuple[str, ...]:
        """The articles' ids by number."""
        return self.names.strings

    @cached_property
    def id_of_key(self) -> Mapping[str, str]:
        """The articles' ids by `key_of` them."""
        return {key_of(id_): id_ for id_ in self.ids}

    @cached_property
    def sketched(self) -> Sketches:
        """The sketches, to be looked up by."""
        return Sketches(self.sketches)

    @cached_property
    def lengths(self) -> Integers:
        """About how many words each article has: those of its passages, to each of which its title is counted."""
        passages = np.diff(self.bounds)
        words = np.bincount(self.article_of, self.stem.lengths, len(passages))
        found: Integers = (words - passages * self.title.lengths).astype(np.int64)
        return found

    @property
    def hexdigests(self) -> tuple[str, ...]:
        """`Article.digest` of each article, by number."""
        digits, each = self.digests.tobytes().hex(), 2 * _DIGEST
        return tuple(digits[start : start + each] for start in range(0, len(digits), each))

    def arrays(self) -> Mapping[str, npt.NDArray[Any]]:
        """All that it is made of, by name; `from_arrays` undoes it."""
        words = self.words
        parts: Mapping[str, Mapping[str, npt.NDArray[Any]]] = {
            "names": {name: getattr(self.names, name) for name in _OF_NAMES},
            "segment": {name: getattr(self, name) for name in _OWN},
            "words": {name: getattr(words, name) for name in _OF_WORDS},
            "stems": words.stems.arrays(),
            "roots": words.roots.arrays(),
            "surfaces": words.words.arrays(),
            **_of_ragged("keys", words.keys),
            **_of_ragged("latin", words.latin),
            "postings": kept(self.stem, self.root),
            "forward": self.forward.arrays(),
            "word": {"dfs": self.word.dfs},
            "gram": self.gram.arrays(),
            "grams": self.gram.terms.arrays(),
            "title": self.title.arrays(),
            "titles": self.title.terms.arrays(),
        }
        return {f"{part}.{name}": _narrow(one) for part, of in parts.items() for name, one in of.items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]], digest: str | None = None) -> "Segment":
        """The segment that is made of the arrays; its digest may be known already.

        Raises KeyError or TypeError where an array is missing or unknown.
        """
        of: defaultdict[str, dict[str, npt.NDArray[Any]]] = defaultdict(dict)
        for name, one in arrays.items():
            part, _, own = name.rpartition(".")
            of[part][own] = one.astype(np.int64) if own in _PLACES else one
        tables = {name: Terms(**of.pop(name)) for name in ("stems", "roots", "surfaces", "grams", "titles")}
        keys, latin = (Ragged(Terms(**of.pop(f"{name}.terms")), **of.pop(name)) for name in ("keys", "latin"))
        words = Words(
            tables["stems"], tables["roots"], tables["surfaces"], keys=keys, latin=latin, **of["words"]
        )
        stem, root = restored(words, **of["postings"])
        forward = Forward(**of["forward"])
        segment = cls(
            Names(**of["names"]),
            words=words,
            stem=stem,
            root=root,
            forward=forward,
            word=WrittenPart(words.words, words.forms[:, 0], forward=forward, **of["word"]),
            gram=GramPart(tables["grams"], forward=forward, **of["gram"]),
            title=Postings(tables["titles"], **of["title"]),
            **of["segment"],
        )
        if digest is not None:
            vars(segment)["digest"] = digest  # where the cached property looks first
        return segment

    @cached_property
    def digest(self) -> str:
        """Thirty-two hexadecimal digits of all that it is made of."""
        found = hashlib.blake2b(digest_size=16)
        for name, one in sorted(self.arrays().items()):
            little = np.ascontiguousarray(one, one.dtype.newbyteorder("<"))
            found.update(f"{name} {little.dtype.str} {little.shape}\n".encode())
            found.update(little.data)
        return found.hexdigest()

    def passage(self, number: int) -> Passage:
        """The passage with that number."""
        return self._passage(number)

    @cached_property
    def _passage(self) -> Callable[[int], Passage]:
        # The passages that answer are few, and come again and again.
        return lru_cache(maxsize=4096)(self._read)

    def _read(self, number: int) -> Passage:
        paragraph, *ends = self.spans[number].tolist()
        span, text, speaker, heading = (
            None if start == NOWHERE else Span(start, end)
            for start, end in zip(ends[::2], ends[1::2], strict=True)
        )
        if span is None or text is None:
            raise ValueError("a passage without a span")
        return Passage(self.names[int(self.article_of[number])], paragraph, span, text, speaker, heading)

    def passages_of(self, article: int) -> range:
        """The numbers of the article's passages."""
        return range(int(self.bounds[article]), int(self.bounds[article + 1]))

    @cached_property
    def bounds(self) -> Integers:
        """The passages of the article numbered a are those from `bounds[a]` up to, and without, `bounds[a + 1]`."""
        return np.concatenate([[0], np.cumsum(np.bincount(self.article_of, minlength=len(self.dates)))])


class _Reader:
    """Reads articles, in order: each one's title, and then for each passage its text and its speaker."""

    def __init__(self, phrases: Phrases) -> None:
        self._texts = Reader(phrases)
        self._passage_of = array("I")  # for each text, NOWHERE for a title
        self._titles = array("I")  # for each article its text, NOWHERE without passages
        self._article_of = array("I")
        self._spans = array("I")

    def add(self, article: Article) -> None:
        """The next article."""
        passages = split(article)
        self._titles.append(len(self._passage_of) if passages else NOWHERE)
        if passages:
            self._read(article.title or "", NOWHERE)
        for passage in passages:
            number = len(self._article_of)
            self._read(article.text[slice(*passage.span)], number)
            above = passage.speaker
            if above is not None and above.start < passage.span.start:
                # A later part of a long paragraph keeps its speaker.
                self._read(article.text[slice(*above)], number)
            self._article_of.append(len(self._titles) - 1)
            self._spans.append(passage.paragraph)
            for span in (passage.span, passage.text, above, passage.heading):
                self._spans.extend(span or (NOWHERE, NOWHERE))

    def _read(self, text: str, passage: int) -> None:
        self._texts.read(text)
        self._passage_of.append(passage)

    def segment(self, ordered: Sequence[Article]) -> Segment:
        """All of it as arrays."""
        forms, texts = self._texts.finished()
        words, row_of = Words.placed(forms)
        word, stem, _ = words.forms.T
        stems = list(words.stems)
        article_of = np.array(self._article_of)
        tokens, passages, lengths = self._of_passages(texts)
        tokens = row_of[tokens]
        forward = Forward.of(tokens, passages, len(lengths))
        in_titles, title_of, lengths_of_titles = self._of_titles(texts)
        return Segment(
            Names.of([article.id for article in ordered]),
            np.array([_day(article) for article in ordered], np.int32),
            np.array([list(bytes.fromhex(article.digest)) for article in ordered], np.uint8).reshape(
                -1, _DIGEST
            ),
            self._sketches(forms, texts, words.words.hashes[word[row_of]]),
            article_of,
            np.array(self._spans).reshape(-1, 9),
            words,
            *inverted(words, forward, lengths),
            forward,
            WrittenPart.of(words.words, word, forward),
            gram_part(stems, stem.astype(np.int64), forward),
            _only_used(stems, stem[row_of[in_titles]], title_of, lengths_of_titles),
        )

    def _sketches(self, forms: Sequence[Form], texts: Texts, hashes: Integers) -> Integers:
        """The sketches of the articles by the words of their passages; `hashes` are those of the forms' words."""
        passage_of = np.array(self._passage_of)
        # The first text of a passage is all that stands there; behind it comes what stands further above.
        own = np.flatnonzero((passage_of != NOWHERE) & (np.diff(passage_of, prepend=NOWHERE) != 0))
        tokens = texts.tokens_of(own)
        is_word = ~np.fromiter((" " in word for word, _, _ in forms), np.bool_, len(forms))[tokens]
        article_of = np.repeat(np.array(self._article_of), texts.counts[own])[is_word]
        bounds = article_of.searchsorted(np.arange(len(self._titles) + 1))
        return sketches(hashes[tokens[is_word]], bounds)

    def _of_passages(self, texts: Texts) -> tuple[Integers, Integers, Integers]:
        """The tokens of the passages, in order, with those of their titles; each one's passage; the lengths."""
        passage_of = np.array(self._passage_of)
        own = np.flatnonzero(passage_of != NOWHERE)
        titles = np.array(self._titles)[np.array(self._article_of)]
        parts = np.concatenate([own, titles])
        passages = np.concatenate([passage_of[own], np.arange(len(titles), dtype=np.uint32)])
        order = passages.argsort(kind="stable")
        counts = texts.counts[parts]
        lengths = np.bincount(passages, counts, len(titles)).astype(np.int64)
        return texts.tokens_of(parts[order]), np.repeat(passages[order], counts[order]), lengths

    def _of_titles(self, texts: Texts) -> tuple[Integers, Integers, Integers]:
        """The same for the articles and their titles."""
        titles = np.array(self._titles)
        articles = np.flatnonzero(titles != NOWHERE)
        lengths = np.zeros(len(titles), np.int64)
        lengths[articles] = texts.counts[titles[articles]]
        return texts.tokens_of(titles[articles]), np.repeat(np.arange(len(titles)), lengths), lengths


def _day(article: Article) -> int:
    return (article.published or date.min).toordinal()


def _narrow(one: npt.NDArray[Any]) -> npt.NDArray[Any]:
    is_small = one.dtype == np.int64 and one.max(initial=0) < NOWHERE
    return one.astype(np.uint32) if is_small else one


def _only_used(terms: Sequence[str], numbers: Integers, rows: Integers, lengths: Integers) -> Postings:
    """Postings with a table of the terms that stand in them alone."""
    used, again = np.unique(numbers, return_inverse=True)
    return Postings.of(Terms.of(terms[number] for number in used.tolist()), again.reshape(-1), rows, lengths)


def _of_ragged(name: str, lists: Ragged) -> Mapping[str, Mapping[str, Array]]:
    return {name: {"bounds": lists.bounds, "numbers": lists.numbers}, f"{name}.terms": lists.terms.arrays()}
