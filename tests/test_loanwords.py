import pytest

from retrieval.loanwords import keys, names
from retrieval.script import fold
from retrieval.tongues import Tongue

RU, EN = Tongue.RUSSIAN, Tongue.ENGLISH


@pytest.mark.parametrize(
    ("word", "tongue", "kazakh"),
    [
        ("коалиций", RU, "коалиция"),
        ("коалицию", RU, "коалиция"),
        ("конституционный", RU, "конституция"),
        ("политический", RU, "политика"),
        ("американский", RU, "Америка"),
        ("жетысуского", RU, "Жетісу"),
        ("алматинский", RU, "Алматы"),
        ("алматинцы", RU, "Алматы"),
        ("шымкенте", RU, "Шымкент"),
        ("шымкентской", RU, "Шымкент"),
        ("казахстан", RU, "Қазақстан"),
        ("казахстанский", RU, "Қазақстан"),
        ("абая", RU, "Абай"),
        ("кошанова", RU, "Қошанов"),
        ("балаевой", RU, "Балаева"),
        ("ахан", RU, "Ақан"),
        ("constitution", EN, "конституция"),
        ("integration", EN, "интеграция"),
        ("coalition's", EN, "коалиция"),
        ("coalitions", EN, "коалиция"),
        ("democracy", EN, "демократия"),
        ("ecology", EN, "экология"),
        ("technology", EN, "технология"),
        ("philosophy", EN, "философия"),
        ("capitalism", EN, "капитализм"),
        ("tourism", EN, "туризм"),
        ("university", EN, "университет"),
        ("conference", EN, "конференция"),
        ("reform", EN, "реформа"),
        ("activists", EN, "активист"),
        ("shymkent", EN, "Шымкент"),
        ("koshanov", EN, "Қошанов"),
        ("kazakhstan", EN, "Қазақстан"),
    ],
)
def test_a_word_has_the_key_of_the_kazakh_one(word, tongue, kazakh):
    assert fold(kazakh.lower()) in keys(word, tongue)


@pytest.mark.parametrize(
    ("word", "tongue", "kazakh"),
    [
        ("коалиция", RU, "комиссия"),
        ("station", EN, "нация"),
        ("астана", RU, "Алматы"),
        ("ministry", EN, "министр"),
    ],
)
def test_another_word_has_another_key(word, tongue, kazakh):
    assert fold(kazakh.lower()) not in keys(word, tongue)


@pytest.mark.parametrize("word", ["я", "и", "a", "ю", "x"])
def test_a_single_letter_is_no_loanword(word):
    assert keys(word, RU) == keys(word, EN) == ()


@pytest.mark.parametrize(
    ("word", "tongue", "kazakh"),
    [("балаевой", RU, "Балаев"), ("tokayev's", EN, "Тоқаев"), ("ахан", RU, "Ақан")],
)
def test_a_name_is_heard_as_in_kazakh(word, tongue, kazakh):
    heard = names(word, tongue)

    assert any(fold(kazakh.lower()).startswith(key[:5]) for key in heard if len(key) >= 4)
    assert len(set(heard)) == len(heard)
