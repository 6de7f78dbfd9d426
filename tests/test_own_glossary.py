"""GLOSSARY: an operator's own entries, before those that come with Dayek."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.errors import GlossaryError
from retrieval.glossary import Entry, merged
from retrieval.loading import load_entries, load_glossary
from retrieval.tongues import Tongue

ROOT = Path(__file__).parent.parent
STORY = "Біздің ауылда зымырғұс ұшты. Оны балалар көрді."
NEWS = "Астанада қар қалың жауды. Жолдар жабылды."
LINE = "зымырғұс\tдракон-дельтаплан, жар-дельтаплан\tskyglider\ttechnology\n"
WRONG = [
    ("no tabs", "# own\nзымырғұс, skyglider\n", "line 2 is no entry"),
    ("three columns", LINE + "зымырғұс\tжар\tskyglider\n", "line 2 is no entry"),
    ("no words", "зымырғұс\t,\t \tsport\n", "line 1 is no entry"),
    ("no Kazakh", "\tжар\tfire\tsport\n", "line 1 is no entry"),
]


@pytest.fixture
def articles(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "story.txt").write_text(STORY, encoding="utf-8")
    (folder / "news.txt").write_text(NEWS, encoding="utf-8")
    return folder


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.tsv"
    path.write_text(LINE, encoding="utf-8")
    return path


@pytest.fixture
def run(tmp_path, articles):
    def start(module, *arguments, lines="", **environ):
        return subprocess.run(
            [sys.executable, "-m", module, *map(str, arguments)],
            input=lines, cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=60,
            env={
                "PATH": os.environ["PATH"], "DATABASE": str(tmp_path / "dayek.db"), "ARTICLES": str(articles),
                **{name: str(value) for name, value in environ.items()},
            },
        )  # fmt: skip

    return start


@pytest.mark.parametrize("question", ["When did the skyglider fly?", "Что известно о дракон-дельтаплане?"])
def test_a_question_with_an_own_word_finds_its_article(run, own, question):
    assert "зымырғұс" in run("retrieval", "search", question, GLOSSARY=own).stdout
    assert "зымырғұс ұшты" in run("bot", "chat", lines=f"{question}\n", GLOSSARY=own).stdout
    assert "зымырғұс ұшты" not in run("bot", "chat", lines=f"{question}\n").stdout


def test_articles_of_a_path_are_searched_with_the_own_words_too(run, own, articles):
    found = run("retrieval", "search", "When did the skyglider fly?", "--articles", articles, GLOSSARY=own)

    assert "зымырғұс" in found.stdout


def test_the_check_says_how_many_entries_there_are(run, own):
    assert "1 of them your own" in run("bot", "check", GLOSSARY=own).stdout
    assert "0 of them your own" in run("bot", "check").stdout


@pytest.mark.parametrize(("text", "said"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG])
def test_a_wrong_line_is_named_with_its_file_and_what_to_do(tmp_path, run, text, said):
    path = tmp_path / "wrong.tsv"
    path.write_text(text, encoding="utf-8")
    bot, search = run("bot", "chat", GLOSSARY=path), run("retrieval", "search", "snow", GLOSSARY=path)

    assert (bot.returncode, search.returncode) == (2, 1)
    for output in (bot.stderr, search.stderr):
        assert said in output
        assert "wrong.tsv" in output
        assert "with tabs between" in output
        assert "Traceback" not in output
    assert len(search.stderr.splitlines()) == 1
    assert bot.stderr.startswith("The settings in the environment have 1 problem:")


def test_a_file_in_another_encoding_is_named_with_its_line(tmp_path):
    path = tmp_path / "old.tsv"
    path.write_bytes(LINE.encode() + "село\tсело\tvillage\tsociety\n".encode("cp1251"))

    with pytest.raises(GlossaryError, match=r"old\.tsv: line 2 is not in UTF-8; save"):
        load_entries(path)


def test_a_file_that_is_not_there_is_named(run, tmp_path):
    search = run("retrieval", "search", "snow", GLOSSARY=tmp_path / "nowhere.tsv")

    assert (search.returncode, len(search.stderr.splitlines())) == (1, 1)
    assert "nowhere.tsv: cannot be read (No such file or directory)" in search.stderr


def test_an_own_entry_comes_first_and_takes_in_that_of_the_same_lemma():
    own = [Entry("Әкім", ("градоначальник",), ("mayor",), "general")]
    others = [
        Entry("қала", ("город",), ("city",), "geography"),
        Entry("әкім", ("аким", "градоначальник"), ("akim", "mayor"), "government"),
    ]

    assert merged(own, others) == [
        Entry("Әкім", ("градоначальник", "аким"), ("mayor", "akim"), "government"),
        others[0],
    ]


def test_an_own_domain_and_own_lines_for_one_lemma_are_kept():
    own = [Entry("әкім", ("мэр",), (), "city"), Entry("әкім", (), ("mayor",), "general")]

    assert merged(own, [Entry("әкім", ("аким",), (), "government")]) == [
        Entry("әкім", ("мэр", "аким"), ("mayor",), "city")
    ]


def test_an_own_sense_stands_before_the_one_that_comes_with_dayek(tmp_path):
    path = tmp_path / "own.tsv"
    path.write_text("зымырғұс\tправительство\tgovernment\ttest\n", encoding="utf-8")
    found = load_glossary(path).senses(["правительств"], Tongue.RUSSIAN)

    assert found[0].kazakh == "зымырғұс"
    assert "үкімет" in {one.kazakh for one in found}
