import unicodedata

import pytest
from hypothesis import given, settings

from retrieval.article import Article, Span
from retrieval.layout import Kind, read_lines
from retrieval.passages import LONGEST, split
from retrieval.reading import read_txt
from tests.texts import TEXTS

PROSE = "Елордада қар қалың жауды."
NEXT = "Жол қызметі көшелерді тазалады."


def words(article: Article) -> list[str]:
    return [article.text[slice(*passage.text)] for passage in split(article)]


def check(article: Article) -> None:
    """What holds for the passages of every article."""
    text, passages = article.text, split(article)
    for passage in passages:
        assert article.body <= passage.span.start <= passage.text.start < passage.text.end == passage.span.end
        assert passage.span.end <= len(text)
        for span in (passage.span, passage.text, passage.speaker, passage.heading):
            assert span is None or text[slice(*span)] == text[slice(*span)].strip() != ""
    ends = [0, *(passage.span.end for passage in passages)]
    assert all(passage.span.start >= end for passage, end in zip(passages, ends, strict=False))
    paragraphs = [passage.paragraph for passage in passages]
    assert sorted(set(paragraphs)) == list(range(1, len(set(paragraphs)) + 1))
    assert paragraphs == sorted(paragraphs)


def prose_left_out(article: Article) -> str:
    covered = {at for passage in split(article) for at in range(*passage.text)}
    return "".join(
        article.text[at]
        for line in read_lines(article.text, article.body)
        if line.kind is Kind.TEXT
        for at in range(*line.span)
        if at not in covered and not article.text[at].isspace() and article.text[at] != "\ufeff"
    )


def test_the_passages_of_the_seeds_are_spans_in_order(seeds):
    for article in seeds.values():
        check(article)


def test_no_prose_of_the_seeds_is_left_out(seeds):
    assert {id_: prose_left_out(article) for id_, article in seeds.items()} == dict.fromkeys(seeds, "")


@given(TEXTS)
@settings(max_examples=80, deadline=None)
def test_the_passages_of_any_text_are_spans_in_order(text):
    check(Article("a", text))
    check(read_txt("a", text))


@given(TEXTS)
@settings(max_examples=80, deadline=None)
def test_no_prose_of_any_text_is_left_out(text):
    assert prose_left_out(Article("a", text)) == ""


@given(TEXTS, TEXTS)
@settings(max_examples=20, deadline=None)
def test_the_passages_start_behind_the_header(header, story):
    article = Article("a", header + "\n" + story, body=len(header))

    assert all(passage.span.start >= len(header) for passage in split(article))


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_decomposed_letters_stay_as_they_are(form):
    text = unicodedata.normalize(form, "Жай түсті, ёлка жанды. Бұл й әрпі.")

    assert words(Article("a", text)) == [text]


@pytest.mark.parametrize(
    "aside",
    [
        "Сурет: Жетісу облысы әкімдігінің баспасөз қызметі",
        "Фото: Ақорда",
        "$541.34 €640.73 ₽6.53",
        "USD 541.34 EUR 640.73",
        "×",
        "13.02.2026 19:00",
        "Жолдағы жағдай",
        "Қар мен боран",  # the article's title
    ],
)
def test_what_is_no_prose_is_in_no_passages_text(aside):
    article = Article("a", f"{aside}\n{PROSE}\n{aside}\n{NEXT}\n{aside}", title="Қар мен боран")

    assert words(article) == [PROSE, NEXT]


def test_no_seed_quotes_its_title_captions_or_ticker(seeds):
    for article in seeds.values():
        for passage in split(article):
            text = article.text[slice(*passage.text)]
            assert article.title is None or article.title not in text
            assert not text.startswith(("Сурет:", "date ", "$", "×"))


def test_a_speaker_belongs_to_the_words_below_and_to_nothing_else():
    speaker = "АЙГҮЛ СЕРІК, МҰҒАЛІМ:"
    first, quoted, last = split(article := Article("a", f"{PROSE}\n\n{speaker}\n\n{NEXT}\n\n{PROSE}"))

    assert (first.speaker, last.speaker) == (None, None)
    assert quoted.speaker is not None
    assert article.text[slice(*quoted.speaker)] == speaker
    assert article.text[slice(*quoted.span)] == f"{speaker}\n\n{NEXT}"
    assert article.text[slice(*quoted.text)] == NEXT


def test_each_speaker_of_a_seed_stands_over_the_own_words(seeds):
    article = seeds["001_9e5d1ec98e8ef08e.txt"]
    spoken = {
        article.text[slice(*passage.speaker)].split(",")[0]: article.text[slice(*passage.text)].split()[0]
        for passage in split(article)
        if passage.speaker is not None
    }

    assert spoken == {
        "ИБАДУЛЛА ҚҰТТЫҚОЖАЕВ": "Жаңа",
        "БҰХАРБАЙ ПАРМАНОВ": "Коалицияның",
        "АСЫЛБЕК ТУҒАНБАЙ": "Референдумға",
        "ДАУЫЛ БЕЙСЕНҚҰЛОВ": "Қазіргі",
        "МҰРАТ МҰҚАЕВ": "Ең",
    }


def test_a_heading_belongs_to_the_paragraph_below_only():
    first, headed, last = split(article := Article("a", f"{PROSE}\nЖолдағы жағдай\n{NEXT}\n{PROSE}"))

    assert (first.heading, last.heading) == (None, None)
    assert headed.heading is not None
    assert article.text[slice(*headed.heading)] == "Жолдағы жағдай"
    assert headed.span.start == headed.heading.start


def test_a_caption_between_a_speaker_and_the_words_does_not_part_them():
    (passage,) = split(article := Article("a", f"АЙГҮЛ СЕРІК:\nФото: Ақорда\n{NEXT}"))

    assert passage.speaker is not None
    assert article.text[slice(*passage.text)] == NEXT


def test_paragraphs_are_counted_from_one_without_what_is_no_prose():
    article = Article("a", f"{PROSE}\nФото: Ақорда\nЖолдағы жағдай\n{NEXT}\n×\n{PROSE}")

    assert [passage.paragraph for passage in split(article)] == [1, 2, 3]


def test_a_list_is_passages_of_its_own():
    article = Article("a", f"{PROSE}\n- жол қызметі\n- құтқарушылар\n{NEXT}")

    assert words(article) == [PROSE, "- жол қызметі", "- құтқарушылар", NEXT]


def test_an_article_of_short_lines_only_is_quoted_line_by_line():
    assert words(Article("a", "Алма\nАлмұрт\nӨрік")) == ["Алма", "Алмұрт", "Өрік"]


@pytest.mark.parametrize("text", ["", " \n\r\n", "×", "13.02.2026\n19:00", "Фото: Ақорда"])
def test_an_article_without_words_has_no_passages(text):
    assert split(Article("a", text)) == ()


def test_a_paragraph_up_to_the_limit_stays_whole():
    text = (PROSE + " ") * 23 + "А" * (LONGEST - 23 * (len(PROSE) + 1) - 1) + "."

    assert len(text) == LONGEST
    assert words(Article("a", text)) == [text]


def test_a_long_paragraph_is_cut_between_sentences_into_parts_of_about_one_length():
    sentence = "Қала көшелерін тазалауға жүз елу техника мен үш жүз жұмысшы шықты."
    text = " ".join([sentence] * 20)  # 1339 characters: more than two passages hold

    passages = split(article := Article("a", text))
    counts = [article.text[slice(*passage.text)].count(sentence) for passage in passages]

    assert [article.text[slice(*passage.text)] for passage in passages] == [
        " ".join([sentence] * count) for count in counts
    ]
    assert (len(counts), sum(counts)) == (3, 20)
    assert max(passage.text.end - passage.text.start for passage in passages) <= LONGEST
    assert max(counts) <= 2 * min(counts)
    assert {passage.paragraph for passage in passages} == {1}


def test_a_sentence_longer_than_the_limit_is_not_cut():
    text = "Қар " * 400 + "жауды."

    assert words(Article("a", text)) == [text]


def test_the_later_parts_of_a_long_quote_keep_the_speaker_outside_their_span():
    quote = " ".join([PROSE] * 40)  # 1039 characters, two parts
    first, second = split(article := Article("a", f"АЙГҮЛ СЕРІК:\n{quote}"))

    assert first.speaker == second.speaker == Span(0, 12)
    assert (first.span.start, second.span) == (0, second.text)
    assert f"{article.text[slice(*first.text)]} {article.text[slice(*second.text)]}" == quote
