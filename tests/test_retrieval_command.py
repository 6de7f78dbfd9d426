"""`python -m retrieval` as a process, as an operator runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
QUESTIONS = [
    {
        "id": "1",
        "text": "Шымкент қалалық коалициясы құрамында неше адам?",
        "relevant": [{"article": "001_9e5d1ec98e8ef08e.txt", "quote": "Құрамында 150 адам."}],
        "category": "сан",
    },
    {"id": "2", "text": "хоккей", "relevant": []},
]


@pytest.fixture
def run(tmp_path):
    def start(*arguments: object, **environ: str) -> subprocess.CompletedProcess[str]:
        known = {name: value for name, value in os.environ.items() if name not in {"ARTICLES", "DATABASE"}}
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "retrieval", *map(str, arguments)],
            cwd=ROOT,
            env=known | {"DATABASE": str(tmp_path / "data" / "dayek.db"), "COLUMNS": "120"} | environ,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=60,
        )

    return start


@pytest.fixture
def questions(tmp_path):
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in QUESTIONS), encoding="utf-8")
    return path


def assert_one_sentence(text: str) -> None:
    assert len(text.strip().splitlines()) == 1, text
    assert "Traceback" not in text


def test_search_prints_the_quote_and_its_place(run, tmp_path):
    found = run("search", "Шымкент қалалық коалициясы құрамында неше адам?", "-k", "1")

    assert (found.returncode, found.stderr) == (0, "")
    assert "Құрамында 150 адам." in found.stdout
    assert "AstanaTV · 2026-02-13 · Қазақстанның бірқатар өңірінде" in found.stdout
    assert "[2]" not in found.stdout
    assert (tmp_path / "data" / "dayek.db").exists()


def test_search_as_json_gives_exact_slices(run, seeds):
    found = run("search", "Шымкент коалициясы", "--json", "-k", "5")
    data = json.loads(found.stdout)

    assert found.returncode == 0
    assert data["answered"] is True
    assert 1 <= len(data["quotes"]) <= 5
    for quote in data["quotes"]:
        article = seeds[quote["article"]]
        assert quote["quote"] == article.text[quote["start"] : quote["end"]]
        assert all(quote["start"] <= start < end <= quote["end"] for start, end in quote["highlights"])
        assert quote["published"] == (article.published.isoformat() if article.published else None)


@pytest.mark.parametrize("question", ["хоккей", "?!"])
def test_search_without_an_answer_says_so(run, question):
    assert json.loads(run("search", question, "--json").stdout) == {"answered": False, "quotes": []}

    said = run("search", question)
    assert said.returncode == 0
    assert_one_sentence(said.stdout)


def test_run_writes_a_line_a_question_with_exact_slices(run, questions, seeds, tmp_path):
    output = tmp_path / "run.jsonl"

    found = run("run", questions, "--articles", "seeds", "--output", output, "-k", "4")

    assert (found.returncode, found.stdout) == (0, "")
    first, second = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert set(first) == {"id", "answered", "results"}
    assert (first["id"], first["answered"]) == ("1", True)
    assert 1 <= len(first["results"]) <= 4
    for result in first["results"]:
        assert set(result) == {"article", "start", "end", "quote"}
        assert result["quote"] == seeds[result["article"]].text[result["start"] : result["end"]]
    assert second == {"id": "2", "answered": False, "results": []}
    assert not (tmp_path / "data").exists()  # with --articles the database is left out of it


def test_explain_shows_what_was_looked_for_and_the_scores(run):
    found = run("explain", "Шымкент калалык хоккей қашан", "-k", "1")
    words = [line.split() for line in found.stdout.replace("│", " ").splitlines()]

    assert (found.returncode, found.stderr) == (0, "")
    assert ["шымкент", "шымкент", "(1.00,", "as", "typed)"] in [line[:1] + line[2:] for line in words]
    assert ["хоккей", "not", "in", "the", "articles"] in [line[:1] + line[2:] for line in words]
    assert "in another spelling" in found.stdout
    assert "It asks for: date" in found.stdout
    assert "enough is" in found.stdout
    assert "1. Шымкент қалалық коалициясы да жұмысқа кірісті." in found.stdout
    assert any(line[:1] == ["score"] and float(line[1]) > 0 for line in words)


def test_evaluate_prints_the_measures_by_category(run, questions):
    found = run("evaluate", questions)
    rows = {cells[0]: cells[1:] for line in found.stdout.splitlines() if (cells := line.split())}

    assert found.returncode == 0
    assert rows["all"] == ["1", "1.000", "1.000", "1.000", "1.000", "1.000"]
    assert rows["сан"] == rows["all"]
    assert rows["unanswerable"] == ["1", "1.000"]


def test_show_prints_the_text_that_offsets_count_in(run, seeds):
    id_ = "004_2bb3ed058fab7c0d.txt"

    assert run("show", id_).stdout == seeds[id_].text


def test_show_of_an_unknown_article_is_one_sentence_and_a_failure(run):
    found = run("show", "999.txt")

    assert (found.returncode, found.stdout) == (1, "")
    assert_one_sentence(found.stderr)
    assert "999.txt" in found.stderr


@pytest.mark.parametrize(
    "command", [["run", "--output", "unused.jsonl"], ["evaluate"]], ids=lambda one: one[0]
)
def test_a_missing_questions_file_is_one_sentence_and_a_failure(run, command):
    found = run(*command, "missing.jsonl")

    assert (found.returncode, found.stdout) == (1, "")
    assert_one_sentence(found.stderr)
    assert "missing.jsonl" in found.stderr


def test_an_output_that_cannot_be_written_is_a_sentence_and_a_failure(run, questions, tmp_path):
    found = run("run", questions, "--output", tmp_path / "missing" / "run.jsonl")

    assert found.returncode == 1
    assert_one_sentence(found.stderr)
    assert "run.jsonl" in found.stderr


@pytest.mark.parametrize(
    "environ", [{"ARTICLES": "missing"}, {"DATABASE": "seeds"}], ids=lambda one: next(iter(one))
)
def test_articles_or_a_database_that_cannot_be_used_are_one_sentence_and_a_failure(run, environ):
    found = run("search", "қар", **environ)

    assert (found.returncode, found.stdout) == (1, "")
    assert_one_sentence(found.stderr)


def test_a_bad_article_is_named_and_the_rest_is_searched(run, tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "bad.txt").write_bytes(b"\xff")
    (folder / "good.txt").write_text("Елордада қар қалың жауды.", encoding="utf-8")

    found = run("search", "қар", "--articles", folder)

    assert found.returncode == 0
    assert_one_sentence(found.stderr)
    assert "bad.txt" in found.stderr
    assert "Елордада қар қалың жауды." in found.stdout


@pytest.mark.parametrize(
    "arguments",
    [[], ["find"], ["search"], ["search", "қар", "-k", "0"], ["search", "қар", "-k", "x"]],
    ids=str,
)
def test_wrong_arguments_are_explained_with_the_usual_exit_code(run, arguments):
    found = run(*arguments)

    assert found.returncode == 2
    assert found.stderr.startswith("usage: python -m retrieval")
