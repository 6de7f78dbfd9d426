import dataclasses
import string
from datetime import date
from pathlib import Path

import pytest

from bot.texts import CATALOGUES, catalogue

_FIELDS = [
    field.name for field in dataclasses.fields(CATALOGUES[0]) if field.name not in {"language", "locale"}
]


def _sentences(texts, name):
    value = getattr(texts, name)
    return [value] if isinstance(value, str) else list(value.values())


def _placeholders(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("name", _FIELDS)
def test_every_language_says_it_with_the_same_placeholders(name):
    wanted = _placeholders(_sentences(CATALOGUES[0], name)[0])
    for texts in CATALOGUES:
        for sentence in _sentences(texts, name):
            assert sentence.strip()
            assert _placeholders(sentence) == wanted


@pytest.mark.parametrize("name", _FIELDS)
def test_every_text_is_used(name):
    sources = [path.read_text("utf-8") for path in (Path(__file__).parent.parent / "bot").rglob("*.py")]
    assert any(f"texts.{name}" in source or f"self.{name}" in source for source in sources)


def test_every_language_describes_the_same_commands_within_telegrams_limits():
    for texts in CATALOGUES:
        assert list(texts.commands) == list(CATALOGUES[0].commands)
        assert all(1 <= len(description) <= 256 for description in texts.commands.values())


@pytest.mark.parametrize(
    ("language_code", "language"),
    [("kk", "kk"), ("ru", "ru"), ("ru-RU", "ru"), ("en", "en"), ("en-GB", "en"), ("EN", "en"), (None, "kk"),
     ("", "kk"), ("de", "kk"), ("uz", "kk"), ("rus", "kk")],
)  # fmt: skip
def test_the_interface_follows_the_readers_language_and_is_kazakh_when_unknown(language_code, language):
    assert catalogue(language_code).language == language


@pytest.mark.parametrize(
    ("language", "day"), [("kk", "2026 ж. 3 наурыз"), ("ru", "3 марта 2026 г."), ("en", "3 March 2026")]
)
def test_dates_are_written_as_people_write_them(language, day):
    assert catalogue(language).day(date(2026, 3, 3)) == day


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [("kk", 1, "1 мақала"), ("kk", 5, "5 мақала"), ("ru", 1, "1 статья"), ("ru", 3, "3 статьи"),
     ("ru", 5, "5 статей"), ("ru", 11, "11 статей"), ("ru", 21, "21 статья"), ("en", 1, "1 article"),
     ("en", 2, "2 articles"), ("en", 0, "0 articles")],
)  # fmt: skip
def test_numbers_take_the_plural_form_of_the_language(language, number, words):
    texts = catalogue(language)
    assert texts.counted(texts.sources_heading, number) == words
