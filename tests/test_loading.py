import gzip
import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from retrieval.article import Article
from retrieval.document import Unread
from retrieval.errors import ArticlesError
from retrieval.gathering import found_in
from retrieval.loading import LEADS_OUT, Loaded, load, load_synonyms

RECORD = {
    "id": "news/1",
    "text": "Қар жауды.\r\nЖел тұрды.",
    "title": "Ауа райы",
    "source": "Qala.kz",
    "published": "2026-02-13",
    "url": "https://qala.kz/1",
}
ARTICLE = Article(
    "news/1",
    "Қар жауды.\r\nЖел тұрды.",
    "Ауа райы",
    "Qala.kz",
    date(2026, 2, 13),
    "https://qala.kz/1",
)


def written(folder: Path, *lines: object, name: str = "articles.jsonl") -> Path:
    path = folder / name
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    data = b"\n".join(raw) + b"\n"
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def problem(path: Path) -> str:
    (found,) = load(path).problems
    return found


def test_a_folder_gives_its_text_files_by_name(tmp_path):
    (tmp_path / "b.txt").write_text("Жел тұрды.", encoding="utf-8")
    (tmp_path / "a.TXT").write_text(" date 2026-02-13 Ауа райы болжамы\nҚар жауды.", encoding="utf-8")

    found = load(tmp_path)

    assert [(one.id, one.title, one.published) for one in found.articles] == [
        ("a.TXT", "Ауа райы болжамы", date(2026, 2, 13)),
        ("b.txt", None, None),
    ]
    assert found.problems == ()


@pytest.mark.parametrize(
    "text", ["\ufeffҚар\r\nжауды.\r", "жаи\u0306 түсті.\n", "бір\u2028екі\x00үш\x85төрт"]
)
def test_the_text_of_a_file_is_kept_to_the_byte(tmp_path, text):
    (tmp_path / "a.txt").write_bytes(text.encode())

    assert [one.text.encode() for one in load(tmp_path).articles] == [text.encode()]


def test_the_seeds_are_five_articles(seeds):
    assert [id_[:3] for id_ in seeds] == ["000", "001", "002", "003", "004"]


def test_hidden_files_and_folders_are_passed_over_in_silence(tmp_path):
    (tmp_path / ".DS_Store").write_bytes(b"\xff")
    (tmp_path / "Thumbs.db").write_bytes(b"\xff")
    (tmp_path / "~$a.docx").write_bytes(b"\xff")
    (tmp_path / ".hidden.txt").write_text("Қар жауды.", encoding="utf-8")
    (tmp_path / "folder.txt").mkdir()
    for hidden in (".git", "__MACOSX"):
        (tmp_path / hidden).mkdir()
        (tmp_path / hidden / "a.txt").write_text("Қар жауды.", encoding="utf-8")

    assert load(tmp_path) == Loaded((), ())


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("program.txt", b"\x7fELF\x02\x01\x01" + bytes(9), "not text"),
        ("latin.txt", "Қар é".encode() + b"\xe9", "save it as UTF-8"),
        ("empty.txt", b" \r\n", "empty"),
        ("photo.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF", "picture"),
        ("table.csv", b"a,b", "is a .csv file, which cannot be read: give a .txt, .md"),
        ("cut.jsonl.gz", b"\x1f\x8b\x08\x00", "cannot be read"),
    ],
)
def test_a_file_that_is_no_article_is_named_and_the_rest_is_read(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    (tmp_path / "good.txt").write_text("Қар жауды.", encoding="utf-8")

    assert name in problem(tmp_path)
    assert said in problem(tmp_path)
    assert [one.id for one in load(tmp_path).articles] == ["good.txt"]


@pytest.mark.skipif(os.name != "posix", reason="only there a file's name may be any bytes")
def test_a_file_whose_name_is_not_utf_8_is_left_out(tmp_path):
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xe9.txt")).write_text("Қар жауды.", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes no such name")

    found = load(tmp_path)

    assert found.articles == ()
    assert "rename" in found.problems[0]


@pytest.mark.parametrize("name", ["articles.jsonl", "articles.jsonl.gz"])
def test_json_lines_give_articles_with_all_their_fields(tmp_path, name):
    found = load(written(tmp_path, RECORD, b"", {"id": "2", "text": "Жел тұрды."}, name=name))

    assert found.articles == (ARTICLE, Article("2", "Жел тұрды."))
    assert found.problems == ()


def test_a_time_behind_the_date_is_left_away(tmp_path):
    path = written(tmp_path, RECORD | {"published": "2026-02-13T19:00:00+05:00"})

    assert [one.published for one in load(path).articles] == [date(2026, 2, 13)]


@pytest.mark.parametrize("nothing", [None, ""])
def test_an_empty_field_is_unknown(tmp_path, nothing):
    path = written(tmp_path, RECORD | dict.fromkeys(("title", "source", "published", "url"), nothing))

    assert load(path).articles == (Article("news/1", RECORD["text"]),)


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"not json",
        b"\xff\xff\xff",
        b"[" * 100_000,
        ["a list"],
        {"id": "1"},
        {"text": "Қар"},
        {"id": "1", "text": " \n"},
        {"id": "", "text": "Қар"},
        {"id": 1, "text": "Қар"},
        {"id": "1", "text": ["Қар"]},
        RECORD | {"title": 7},
        RECORD | {"published": "кеше"},
        RECORD | {"published": "2026-02-31"},
        RECORD | {"text": "Қар \ud800"},  # half of a pair: no text that could be stored or sent
        RECORD | {"title": "Қар \udc00"},
    ],
    ids=lambda line: str(line)[:40],
)
def test_a_bad_line_is_named_by_its_number_and_the_rest_is_read(tmp_path, line):
    path = written(tmp_path, {"id": "first", "text": "Қар."}, line, {"id": "last", "text": "Жел."})

    assert f"{path}#2: left out; " in problem(path)
    assert [one.id for one in load(path).articles] == ["first", "last"]


def test_of_two_articles_with_one_id_the_first_is_kept(tmp_path):
    path = written(tmp_path, RECORD, RECORD | {"text": "Басқа мәтін."})

    assert load(path).articles == (ARTICLE,)
    assert "'news/1' stands twice" in problem(path)


@pytest.mark.parametrize("name", ["missing", "missing.jsonl", "missing.jsonl.gz", "missing.txt"])
def test_a_path_that_is_not_there_is_an_error_that_names_it(tmp_path, name):
    with pytest.raises(ArticlesError, match=name):
        load(tmp_path / name)


def test_language_and_author_of_a_line_are_kept(tmp_path):
    path = written(tmp_path, RECORD | {"language": "kk", "author": "Айгүл Серікова"})

    assert load(path).articles == (replace(ARTICLE, language="kk", author="Айгүл Серікова"),)


def test_subfolders_give_articles_by_their_relative_paths(tmp_path):
    (tmp_path / "2026" / "ақпан").mkdir(parents=True)
    (tmp_path / "a.txt").write_text("Қар жауды.", encoding="utf-8")
    (tmp_path / "2026" / "b.md").write_text("# Жел туралы жазба\n\nЖел *тұрды*.\n", encoding="utf-8")
    (tmp_path / "2026" / "ақпан" / "c.txt").write_bytes("Әлем өзгерді, күн ысыды.".encode("kz1048"))
    written(tmp_path / "2026", RECORD, {"id": 7})

    found = load(tmp_path)

    assert [(one.id, one.text) for one in found.articles] == [
        ("news/1", RECORD["text"]),
        ("2026/b.md", "Жел туралы жазба\n\nЖел тұрды."),
        ("2026/ақпан/c.txt", "Әлем өзгерді, күн ысыды."),
        ("a.txt", "Қар жауды."),
    ]
    assert found.problems == (
        f"{tmp_path}/2026/articles.jsonl#2: left out; lacks id or text, or one is no text: give both",
    )


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("a.txt", "Қар жауды.\r\n".encode("utf-16"), "Қар жауды.\r\n"),
        ("a.md", "Қар **жауды**.".encode(), "Қар жауды."),
        ("a", "Қар жауды.".encode(), "Қар жауды."),
    ],
)
def test_a_single_file_is_read_as_it_is_in_a_folder(tmp_path, name, content, text):
    (tmp_path / name).write_bytes(content)

    assert load(tmp_path / name) == load(tmp_path)
    assert [(one.id, one.text) for one in load(tmp_path / name).articles] == [(name, text)]


@pytest.mark.skipif(os.name != "posix", reason="there links and pipes are files")
def test_links_to_files_are_followed_and_links_to_folders_are_named(tmp_path):
    kept = tmp_path / "..data"  # as Kubernetes mounts the files of a ConfigMap
    kept.mkdir()
    (kept / "a.txt").write_text("Қар жауды.", encoding="utf-8")
    (tmp_path / "a.txt").symlink_to("..data/a.txt")
    (tmp_path / "circle").symlink_to(".")
    (tmp_path / "nowhere.txt").symlink_to("missing")
    os.mkfifo(tmp_path / "pipe.txt")

    found = load(tmp_path)

    assert [one.id for one in found.articles] == ["a.txt"]
    assert [problem.removeprefix(f"{tmp_path}/").split(":")[0] for problem in found.problems] == [
        "circle",
        "nowhere.txt",
        "pipe.txt",
    ]


@pytest.mark.skipif(os.name != "posix", reason="there links and pipes are files")
def test_a_link_out_of_the_folder_is_named_and_not_read(tmp_path):
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text("Құпия хат.", encoding="utf-8")
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").symlink_to(elsewhere)
    (folder / "b.txt").symlink_to("../elsewhere.txt")

    assert load(folder).articles == ()
    assert [LEADS_OUT in problem for problem in load(folder).problems] == [True, True]
    given = [(one.name, one.reason) for one in found_in(str(folder)) if isinstance(one, Unread)]
    assert given == [("articles/a.txt", LEADS_OUT), ("articles/b.txt", LEADS_OUT)]


def test_a_file_too_large_is_named_without_being_read(tmp_path):
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(200_000_001)

    assert "larger than 200 MB" in problem(tmp_path)


def test_a_file_of_another_kind_is_an_error_that_says_what_is_read(tmp_path):
    (tmp_path / "articles.csv").write_text("id,text\n", encoding="utf-8")

    with pytest.raises(ArticlesError, match=r"\.jsonl\.gz"):
        load(tmp_path / "articles.csv")


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[2:],
        lambda data: data[:-20],
        lambda data: data[:12] + bytes(byte ^ 0xFF for byte in data[12:-8]) + data[-8:],
    ],
    ids=["no gzip", "cut off", "garbled"],
)
def test_a_damaged_archive_is_an_error_that_names_it(tmp_path, damage):
    path = written(tmp_path, *[RECORD | {"id": str(number)} for number in range(50)], name="a.jsonl.gz")
    path.write_bytes(damage(path.read_bytes()))

    with pytest.raises(ArticlesError, match=r"a\.jsonl\.gz: cannot be read"):
        load(path)


def test_the_synonyms_are_groups_of_words_and_none_of_its_comments():
    groups = load_synonyms()

    assert all(len(group) > 1 and all(word == word.strip() != "" for word in group) for group in groups)
    assert {"конституция", "ата заң"} <= set(next(group for group in groups if "ата заң" in group))
    assert not any(word.startswith("#") for group in groups for word in group)
