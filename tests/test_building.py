"""The quick way from articles to a segment, against the slow and plain one: `analyze` and the simple constructors."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import islice, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import forms
from retrieval.analysis import analyze, grams
from retrieval.article import Article
from retrieval.kazakh import root, stem, stem_and_root
from retrieval.lexicon import NOWHERE, Ragged, Words, consonants
from retrieval.loading import load, load_synonyms
from retrieval.ngrams import cut
from retrieval.passages import split
from retrieval.phrases import Phrases
from retrieval.postings import Postings
from retrieval.script import fold, folds
from retrieval.segment import Segment
from retrieval.words import chunks, is_plain, needs_neighbours, words
from tests.conftest import SEEDS
from tests.reference import tokens_of_passage, tokens_of_title
from tests.texts import TEXTS

LARGE = SEEDS.parent.parent / "shared" / "eval" / "kazqad-articles.jsonl.gz"
PHRASES = Phrases.of(
    [("негізгі заң", "конституция"), ("қалың қар", "қалың қар жауды"), ("он бір апа", "жиырма бір апа")]
)
NO_PHRASES = Phrases.of(())

# What reaches over white space or signs, what the neighbours decide on, and what only looks like either.
PIECES = st.sampled_from(
    [
        "он",
        "бес",
        "мың",
        "жүз",
        "екі",
        "жиырма",
        "бір",
        "біреу",
        "бірінші",
        "оныншы",
        "миллион",
        "1",
        "15",
        "10",
        "000",
        "3,5",
        "1.234,5",
        "15.03",
        "15.03.2026",
        "2026",
        "31.13.2026",
        "%",
        "40%",
        "15-ші",
        "700-ге",
        "5th",
        "19:00",
        "XXI",
        "ХХ",
        "XХІ",
        "IV",
        "ІІ",
        "MIX",
        "xx",
        "жан-жақты",
        "Қасым-Жомарт",
        "АҚШ-тың",
        "COVID-19-дан",
        "а-б-в-г-ж",
        "apa",
        "APA",
        "a",
        "x",
        "мәжiлic",
        "Таlgаt",
        "Atyrau",
        "S’ymkent",
        "Д'Артаньян",
        "HAУРЫЗ",
        "т.",
        "б.",
        "Т.Б.",
        "т.б",
        "с.",
        "т.с.с.",
        "з.",
        "д.",
        "б.з.д.",
        "ж.",
        "2026ж.",
        "а.қ.ш.",
        "Қ.Қ.",
        "Б.Исабаев",
        "BAQ.KZ",
        "#Тоқаев",
        "@user_name",
        "негізгі",
        "заңды",
        "заңы",
        "қалың",
        "Қар",
        "жауды",
        "апа",
        "кетт.",
        "—",
        "–",
        "-",
        "…",
        ".",
        ",",
        "(",
        ")",
        "[1]",
        "«Барыс»,",
        "¥лт",
        "¥",
        "¥100",
        "қо\xadғам",
        "\u200b\u200bқар",
        "\ufeffқар",
        "йод",
        "жа́қсы",
        "м²",
        "½",
        "Ⅻ",
        "٣٤",
        "قازاق",
        "ƒылым",
        "əлем",
        "�",
        "ß",
        "İ",
        "👩\u200d🏫",
        "_",
    ]
)
GAPS = st.sampled_from(
    [" ", " ", " ", " ", "", "  ", "\u00a0", "\u2009", "\n", "\t", ". ", ", ", "-", "\x1f"]
)
MIXED = st.lists(st.tuples(PIECES, GAPS), max_size=30).map(
    lambda pairs: "".join(piece + gap for piece, gap in pairs)
)
HOSTILE = st.text(
    st.characters()
    | st.sampled_from("абқіңтбсзд1234567890 .,-–'’¥%\n\u0301\u0306\u00ad\u200baceopİßﬁ½²Ⅻ٣\0ـ")
)
WORDS = st.text(
    st.sampled_from("абғдежийкқлмнңоөпрстуұүшыіэюяь'aceoxy15- \ud800\u0306"), min_size=1, max_size=12
)
ARTICLES = st.lists(
    st.builds(
        Article,
        st.text("aBб1", min_size=1, max_size=3),
        MIXED | TEXTS | MIXED.map("{0}.\n\nАЙГҮЛ СЕРІК:\n\n{0}. {0}. {0}. {0}. {0}.".format),
        st.none() | MIXED,
        published=st.sampled_from([None, date(2026, 1, 1), date(2026, 2, 1)]),
    ),
    max_size=4,
    unique_by=lambda article: article.id,
)


def check(articles: Sequence[Article], phrases: Phrases) -> None:
    """Whether the segment of the articles is the plain one, to the type of each array."""
    built = Segment.build(articles, phrases)
    ordered = sorted(articles, key=lambda one: (-(one.published or date.min).toordinal(), one.id))
    passages = [
        tokens_of_passage(article, passage, phrases) for article in ordered for passage in split(article)
    ]
    of_passages = [[token[:3] for token in tokens] for tokens in passages]
    of_titles = [[token.stem for token in tokens_of_title(article, phrases)] for article in ordered]
    rows = sorted({form for row in of_passages for form in row})

    check_words(built.words, rows)
    for place, postings in ((1, built.stem), (2, built.root)):
        same_lists(postings, Postings.build([[form[place] for form in row] for row in of_passages]))
    assert [one.dtype.name for one in built.stem.arrays().values()] == [
        "int64",
        "uint32",
        "uint16",
        "uint32",
        "uint32",
        "uint32",
    ]
    same_postings(built.title, Postings.build(of_titles))
    number = {form: at for at, form in enumerate(rows)}
    counts = [sorted(Counter(number[form] for form in row).items()) for row in of_passages]
    forward = built.forward
    assert forward.forms.tolist() == [form for row in counts for form, _ in row]
    assert forward.tfs.tolist() == [tf for row in counts for _, tf in row]
    assert np.diff(forward.bounds).tolist() == [len(row) for row in counts]
    holding = Counter(word for row in of_passages for word in {form[0] for form in row})
    assert dict(zip(built.word.terms, built.word.dfs.tolist(), strict=True)) == holding
    check_grams(built, rows, [[gram for form in row for gram in of_stem(form[1])] for row in of_passages])


def of_stem(stem: str) -> list[str]:
    """The n-grams of a stem; a phrase has no letters of its own."""
    return [] if " " in stem else list(grams(stem))


def check_grams(
    built: Segment, rows: Sequence[tuple[str, str, str]], of_passages: Sequence[list[str]]
) -> None:
    part = built.gram
    assert list(part.terms) == sorted({gram for row in of_passages for gram in row})
    named = [part.terms[one] for one in part.numbers.tolist()]
    assert [named[start:end] for start, end in pairwise(part.bounds.tolist())] == [
        of_stem(row[1]) for row in rows
    ]
    holding = Counter(gram for row in of_passages for gram in set(row))
    assert dict(zip(part.terms, part.dfs.tolist(), strict=True)) == holding
    assert part.lengths.tolist() == [len(row) for row in of_passages]
    types = [part.bounds, part.numbers, part.dfs, part.lengths]
    assert [one.dtype.name for one in types] == ["int64", "uint32", "uint32", "uint32"]


def check_words(found: Words, rows: Sequence[tuple[str, str, str]]) -> None:
    tables = [sorted({row[place] for row in rows}) for place in range(3)]
    assert [list(found.words), list(found.stems), list(found.roots)] == tables
    assert [tuple(table[at] for table, at in zip(tables, row, strict=True)) for row in found.forms] == rows
    roots, surfaces, keys = defaultdict(set), defaultdict(set), defaultdict(set)
    for word, stem_, root_ in rows:
        roots[stem_].add(root_)
        surfaces[stem_].add((len(word), word))
        keys[fold(word)].add(stem_)
        keys[fold(stem_)].add(stem_)
    keys.pop("", None)
    assert [found.roots[at] for at in found.root_of] == [min(roots[stem_]) for stem_ in tables[1]]
    assert [found.words[at] for at in found.shown] == [min(surfaces[stem_])[1] for stem_ in tables[1]]
    assert lists(found.keys, tables[1]) == {key: sorted(stems) for key, stems in keys.items()}
    latin = defaultdict(list)
    for stem_ in tables[1]:
        if stem_.isascii() and stem_.isalpha() and consonants(stem_):
            latin[consonants(stem_)].append(stem_)
    assert lists(found.latin, tables[1]) == latin
    for table, key_of in ((tables[0], found.key_of_word), (tables[1], found.key_of_stem)):
        assert ["" if at == NOWHERE else found.keys.terms[at] for at in key_of] == [
            fold(one) for one in table
        ]


def lists(ragged: Ragged, stems: Sequence[str]) -> dict[str, list[str]]:
    return {key: [stems[number] for number in ragged.of_string(key)] for key in ragged.terms}


def same_lists(found: Postings, expected: Postings) -> None:
    assert list(found.terms) == list(expected.terms)
    assert found.lengths.tolist() == expected.lengths.tolist()
    for term in expected.terms:
        assert listed(found, term) == listed(expected, term)
        peaks = [one.peaks[one.list_of(term)].tolist() for one in (found, expected)]
        assert peaks[0] == peaks[1]


def listed(postings: Postings, term: str) -> list[tuple[int, list[int]]]:
    """The passages of a term with its tf and their length there."""
    at = postings.at(term)
    pairs = postings.pairs[postings.pair_of[at]].tolist()
    return list(zip(postings.passages[at].tolist(), pairs, strict=True))


def same_postings(found: Postings, expected: Postings) -> None:
    same(found.arrays(), expected.arrays())
    same(found.terms.arrays(), expected.terms.arrays())


def same(found, expected) -> None:
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        assert found[name].dtype == array.dtype, name
        assert np.array_equal(found[name], array), name


def read(texts: Sequence[str], phrases: Phrases) -> list[Counter[tuple[str, str, str]]]:
    """The forms of each text by the reader."""
    reader = forms.Reader(phrases)
    for text in texts:
        reader.read(text)
    found, in_numbers = reader.finished()
    assert len(set(found)) == len(found)
    assert sorted(set(in_numbers.tokens.tolist())) == list(range(len(found)))
    backwards = np.arange(len(texts))[::-1]
    tokens = iter(in_numbers.tokens_of(backwards).tolist())
    counts = in_numbers.counts[backwards].tolist()
    return [Counter(found[number] for number in islice(tokens, count)) for count in counts][::-1]


def analyzed(texts: Sequence[str], phrases: Phrases) -> list[Counter[tuple[str, str, str]]]:
    """The same by `analyze`."""
    tokens = [analyze(text) for text in texts]
    return [Counter(token[:3] for token in (*some, *phrases.tokens(some))) for some in tokens]


@given(ARTICLES)
@settings(max_examples=50, deadline=None)
def test_a_segment_of_any_articles_is_the_plain_one(articles):
    check(articles, PHRASES)


@pytest.mark.parametrize("synonyms", [(), load_synonyms()], ids=["without phrases", "with phrases"])
def test_a_segment_of_the_seeds_is_the_plain_one(seeds, synonyms):
    check(list(seeds.values()), Phrases.of(synonyms))


@pytest.mark.skipif(not LARGE.exists(), reason="a larger collection is not at hand")
@pytest.mark.parametrize("start", range(0, 6000, 1500))
def test_a_segment_of_a_larger_collection_is_the_plain_one(start):
    check(list(islice(load(LARGE).articles, start, start + 100)), Phrases.of(load_synonyms()))


@pytest.mark.parametrize(
    "articles", [[], [Article("a", "")], [Article("a", "", "Қар жауды")], [Article("a", "¥.")]]
)
def test_a_segment_without_passages_or_words_is_the_plain_one(articles):
    check(articles, PHRASES)


@given(st.lists(MIXED | HOSTILE | TEXTS, max_size=6))
@settings(max_examples=140, deadline=None)
def test_texts_are_read_as_analyze_and_the_phrases_read_them(texts):
    assert read(texts, PHRASES) == analyzed(texts, PHRASES)


@pytest.mark.parametrize(
    "text",
    [
        "10 000 адам, 10\u00a0000 адам, 10  000 адам",
        "15.03 % және 15.03 күні",
        "елдер т. б. және т.б. жайттар б. з. д. Т.\nБ.",
        "он бес, 10 мың, 3 мың 500 және XXI ғасыр, бір жиырма бір, бес он",
        "жаңа apa келді; zhana apa keldi; apa",
        "қалың қар жауды, қалың. Қар! жауды қалың қар",
        "он бір апа, негізгі заңның негізгі заңы",
        "т.б.с.с. бт. б. (т. б.) «т.б.»",
        "…қар… —қар— =қар= .қар. /қар/қар/",
    ],
)
def test_what_reaches_from_word_to_word_is_read_as_analyze_reads_it(text):
    assert read([text], PHRASES) == analyzed([text], PHRASES)


@given(st.lists(MIXED, max_size=8))
@settings(max_examples=30, deadline=None)
def test_it_does_not_matter_how_many_texts_are_looked_at_together(texts):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forms, "_TOGETHER", 5)
        patch.setattr(forms, "_KEPT", 7)

        assert read(texts, PHRASES) == analyzed(texts, PHRASES)


@given(MIXED | HOSTILE | TEXTS)
@settings(max_examples=140, deadline=None)
def test_the_words_of_a_text_are_those_of_its_chunks_where_no_neighbour_decides(text):
    cut_up = chunks(text)

    if not any(map(needs_neighbours, cut_up)):
        assert [word.text for chunk in cut_up for word in words(chunk)] == [word.text for word in words(text)]
    for chunk in filter(is_plain, cut_up):
        assert [word.text for word in words(chunk)] == [chunk.lower()]


@pytest.mark.parametrize(
    "text", ["а" * 50_000, "." * 50_000, "а." * 50_000, "1 234 " * 20_000, "т. " * 30_000]
)
def test_a_long_row_of_anything_is_cut_up(text):
    assert sum(map(len, chunks(text))) <= len(text)


@given(st.lists(WORDS, max_size=8))
@settings(max_examples=100, deadline=None)
def test_many_words_at_once_have_the_keys_and_stems_of_each_by_itself(some):
    assert folds(some) == [fold(word) for word in some]
    assert [stem_and_root(word) for word in some] == [(stem(word), root(word)) for word in some]


@given(st.lists(WORDS, max_size=8))
@settings(max_examples=100, deadline=None)
def test_many_stems_at_once_have_the_n_grams_of_each_by_itself(stems):
    table, bounds, numbers = cut(stems)

    assert [[table[number] for number in numbers[start:end]] for start, end in pairwise(bounds)] == [
        [] if " " in stem_ else grams(stem_) for stem_ in stems
    ]
