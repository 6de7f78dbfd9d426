from datetime import date

import pytest

from retrieval.document import Document, Unread
from retrieval.formats import documents

STORY = """---
title: Қар жауды
date: 2026-02-13T10:00:00+05:00
site: Qala.kz
authors: [Айгүл Серікова, Ерлан Омаров]
canonical: https://qala.kz/1
lang: kk-KZ
tags: [ауа райы]
---
# Қар жауды

Алматыда **қалың** қар *жауды*, деп хабарлайды
[Qala.kz](https://qala.kz/1 "сілтеме"). ![сурет](snow.jpg)

![тек сурет](wind.jpg)

## Жол жабық

> Үйде болыңыздар, – деді әкім.

- Бірінші жол
- Екінші `жол`
    1. ішкі

<div onclick="x()">шикі</div>
<script>alert("жау")</script>

Мәтін <b>қалың</b> <script>steal()</script>&amp; соңы\\
жаңа жол.

| Қала | Қар |
|---|---|
| Алматы | 5 см |
"""
READABLE = """Қар жауды

Алматыда қалың қар жауды, деп хабарлайды Qala.kz.

Жол жабық

Үйде болыңыздар, – деді әкім.

• Бірінші жол
• Екінші жол
1. ішкі

Мәтін қалың & соңы
жаңа жол.

Қала | Қар
Алматы | 5 см"""


def read(text: str, name: str = "a.md") -> Document:
    (found,) = documents(name, text.encode())
    assert isinstance(found, Document)
    return found


def test_a_story_becomes_readable_text_with_what_its_front_matter_says():
    assert read(STORY) == Document(
        "a.md",
        READABLE,
        "Қар жауды",
        "Qala.kz",
        date(2026, 2, 13),
        "https://qala.kz/1",
        "kk",
        "Айгүл Серікова, Ерлан Омаров",
        len("Қар жауды"),
    )


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_the_newlines_of_other_systems_mean_the_same(newline):
    assert read(STORY.replace("\n", newline)) == read(STORY)


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        ("title: Мәжіліс: жаңа заң", "title", "Мәжіліс: жаңа заң"),
        ("title: 'Тырнақша'\nx: [", "title", "Тырнақша"),
        ("date: 13.02.2026", "published", date(2026, 2, 13)),
        ("published: 2026-02-13", "published", date(2026, 2, 13)),
        ("date: 2026-02-31", "published", None),
        ("date: кеше", "published", None),
        ("outlet: BAQ.KZ", "source", "BAQ.KZ"),
        ("source: {name: BAQ.KZ}", "source", "BAQ.KZ"),
        ("author: 7", "author", "7"),
        ("author: [А, [Б]]", "author", "А"),
        ("link: https://qala.kz/2", "url", "https://qala.kz/2"),
        ("url: javascript:alert(1)", "url", None),
        ("url: /relative", "url", None),
        ("language: ru", "language", "ru"),
        ("language: орыс", "language", None),
        ("title: !!python/object/apply:os.system [ls]", "title", "ls"),
        ("a: &a [x]\nb: &b [*a, *a]\nauthor: *b", "author", None),
        ("title: 'Қар\u202eжауды\x07'\nx: [", "title", "Қаржауды"),
    ],
)
def test_what_the_front_matter_says_is_taken_where_it_can_be_used(said, field, value):
    found = read(f"---\n{said}\n---\nҚар жауды.\n")

    assert found.text == "Қар жауды."
    assert getattr(found, field) == value


def test_what_a_generator_replaces_and_marks_of_footnotes_are_left_out():
    text = "{% include toc.html %}\n\nҚар жауды.[^1]\n\n{{< youtube x >}}\n\nКод `[^1]` қалды.\n\n[^1]: Дерек әкімдіктен.\n"
    assert read(text).text == "Қар жауды.\n\nКод [^1] қалды.\n\nДерек әкімдіктен."


def test_lines_that_only_stand_between_two_rules_are_part_of_the_story():
    assert "Қар жауды." in read("---\nҚар жауды.\n---\nЖел тұрды.\n").text


def test_without_front_matter_the_first_heading_is_the_title():
    found = read("Қар жауды\n=========\n\nКеше Алматыда қар жауды.\n")

    assert (found.title, found.text[found.body :].strip()) == ("Қар жауды", "Кеше Алматыда қар жауды.")


def test_a_title_of_the_front_matter_alone_is_no_part_of_the_text():
    found = read("---\ntitle: Қар жауды\n---\nКеше Алматыда қар жауды.\n")

    assert (found.text, found.body) == ("Кеше Алматыда қар жауды.", 0)


@pytest.mark.parametrize(
    "text", ["![сурет](a.png)", "<div>шикі</div>", "---\ntitle: Қар\n---\n", "<!-- x -->"]
)
def test_a_file_without_words_is_named(text):
    (found,) = documents("a.md", text.encode())

    assert isinstance(found, Unread)
    assert "no text" in found.reason


@pytest.mark.parametrize(
    "text",
    [
        *(sign * 5000 for sign in ("[", "![", ">", "- ", "*a ", "`", "<", "](", "|", "&", "<!--")),
        "[" * 3000 + "]" * 3000,
        "---\nx: " + "[" * 9000 + "\n---\nҚар",
        "---\n" + "a\n" * 9000,
        "\n".join(" " * depth + "1. а" for depth in range(300)),
    ],
    ids=lambda text: text[:12],
)
def test_a_hostile_text_ends_as_a_document_or_a_sentence(text):
    (found,) = documents("a.md", text.encode())

    assert isinstance(found, Document | Unread)


def test_a_file_too_large_says_so():
    (found,) = documents("a.md", b"a " * 300_000)

    assert isinstance(found, Unread)
    assert "500 KB" in found.reason
