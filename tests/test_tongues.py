import pytest

from retrieval.tongues import Kind, Tongue, is_function, kind_of, pieces, stem_in, stems_in

RU, EN = Tongue.RUSSIAN, Tongue.ENGLISH


@pytest.mark.parametrize(
    ("tongue", "forms"),
    [
        (RU, "реформа реформы реформе реформу реформой реформ реформами"),
        (RU, "учитель учителя учителей учителями"),
        (RU, "человек человека люди людей людям людьми"),
        (RU, "ребёнок дети детей детям"),
        (RU, "китай китая китаю китаем китае"),
        (RU, "рынок рынка рынки рынков"),
        (RU, "зелёный зеленый зелёного зеленые"),
        (RU, "пройти пройдёт пройдут прошёл прошла прошли"),
        (EN, "teacher teachers teacher's teachers' teacher’s"),
        (EN, "child children children's"),
        (EN, "hold held holding holds"),
        (EN, "election elections"),
        (EN, "person people"),
    ],
)
def test_forms_of_one_word_have_one_stem(tongue, forms):
    assert len(set(stems_in(forms.split(), tongue))) == 1


@pytest.mark.parametrize(
    ("tongue", "one", "other"),
    [(RU, "рынок", "реформа"), (RU, "год", "город"), (RU, "человек", "ребенок"), (EN, "hold", "held-up")],
)
def test_other_words_have_other_stems(tongue, one, other):
    assert stem_in(one, tongue) != stem_in(other, tongue)


def test_several_words_are_stemmed_as_each_alone():
    words = ["людей", "Реформы", "ЁЛКА"]

    assert stems_in(words, RU) == [stem_in(word, RU) for word in words]


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        ("Алма-Ата", ["алма-ата"]),
        ("human rights", ["human", "rights"]),
        ("Women's Day", ["women's", "day"]),
        ("  ", []),
    ],
)
def test_a_lemma_is_read_word_by_word(phrase, found):
    assert pieces(phrase) == found


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("целая", Kind.ADJECTIVE),
        ("новых", Kind.ADJECTIVE),
        ("казахстанского", Kind.ADJECTIVE),
        ("прошла", Kind.VERB),
        ("говорить", Kind.VERB),
        ("состоится", Kind.VERB),
        ("целью", Kind.OTHER),
        ("закон", Kind.OTHER),
    ],
)
def test_the_kind_of_a_russian_word_is_told_by_its_ending(word, kind):
    assert kind_of(word) is kind


@pytest.mark.parametrize(
    ("word", "tongue", "expected"),
    [
        ("кто", RU, True),
        ("где", RU, True),
        ("её", RU, True),
        ("референдум", RU, False),
        ("who", EN, True),
        ("where's", EN, True),
        ("mr", EN, True),
        ("who", RU, False),
        ("кто", EN, False),
        ("кто", Tongue.KAZAKH, False),
    ],
)
def test_function_words_are_those_of_one_language(word, tongue, expected):
    assert is_function(word, tongue) is expected
