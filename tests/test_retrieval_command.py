"""`python -m retrieval` as a process, as an operator runs it."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
COMMANDS = (
    "search", "explain", "show", "add", "list", "remove", "refresh", "index", "run", "evaluate", "calibrate", "stem",
    "backup", "restore", "glossary",
)  # fmt: skip
QUESTION = "Шымкент қалалық коалициясы құрамында неше адам?"
QUESTIONS = [
    {
        "id": "1",
        "text": QUESTION,
        "relevant": [{"article": "001_9e5d1ec98e8ef08e.txt", "quote": "Құрамында 150 адам."}],
        "category": "сан",
    },
    {"id": "2", "text": "хоккей", "relevant": []},
]


@pytest.fixture
def environment(tmp_path):
    known = {name: value for name, value in os.environ.items() if name not in {"ARTICLES", "DATABASE"}}
    return known | {"DATABASE": str(tmp_path / "data" / "dayek.db"), "COLUMNS": "120"}


@pytest.fixture
def run(environment):
    def start(*arguments: object, **environ: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "retrieval", *map(str, arguments)],
            cwd=ROOT,
            env=environment | {name: str(value) for name, value in environ.items()},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=60,
        )

    return start


@pytest.fixture
def begin(environment):
    """Starts a command that a test sends a signal; what still runs at the end is killed."""
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: str, module: str = "retrieval", **environ: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=environment | {name: str(value) for name, value in environ.items()},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        running.append(process)
        return process

    yield start
    for process in running:
        with process:
            process.kill()


@pytest.fixture
def folder(tmp_path):
    """Articles that a test may change."""
    found = tmp_path / "articles"
    found.mkdir()
    (found / "snow.txt").write_text("Елордада қар қалың жауды.", encoding="utf-8")
    (found / "match.txt").write_text("Футболшылар ойында жеңді.", encoding="utf-8")
    return found


@pytest.fixture
def questions(tmp_path):
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in QUESTIONS), encoding="utf-8")
    return path


def assert_one_sentence(text: str) -> None:
    assert len(text.strip().splitlines()) == 1, text
    assert "Traceback" not in text


def test_search_prints_the_quote_and_its_place(run, tmp_path):
    found = run("search", QUESTION, "-k", "1")

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
    data = json.loads(run("search", question, "--json").stdout)
    assert (data["answered"], data["quotes"]) == (False, [])

    said = run("search", question)
    assert said.returncode == 0
    assert_one_sentence(said.stdout)


@pytest.mark.parametrize(
    ("question", "language", "word", "stranger"),
    [("Сколько членов и глюонов в коалиции Павлодара?", "ru", "членов", "глюонов"),
     ("How many members and zorbixes does the Pavlodar coalition have?", "en", "members", "zorbixes")],
)  # fmt: skip
def test_search_says_what_was_looked_for_in_kazakh(run, question, language, word, stranger):
    data = json.loads(run("search", question, "--json").stdout)
    assert data["language"] == language
    assert "мүше" in dict(data["translated"])[word]
    assert data["untranslated"] == [stranger]

    above, below = run("search", question, "-k", "1").stdout.split("\n\n", 1)
    assert above.startswith("Looked for in Kazakh: ")
    assert f"{word} → мүше" in above
    assert above.endswith(f"No translation: {stranger}.")
    assert below.startswith("Ал Павлодардағы коалиция құрамына 130-дан астам мүше кірді.")


def test_search_for_a_kazakh_question_speaks_of_no_translation(run):
    data = json.loads(run("search", QUESTION, "--json").stdout)
    assert (data["language"], data["translated"], data["untranslated"]) == ("kk", [], [])
    assert "Kazakh" not in run("search", QUESTION).stdout


def test_search_does_not_print_what_steers_a_terminal(run):
    found = run("search", "Сколько стоит глю\u202eон \x1b[31mфрумбик?").stdout
    assert "фрумбик" in found
    assert not set(found) & {"\u202e", "\x1b"}


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


def test_explain_shows_what_was_looked_for_in_kazakh(run):
    found = run("explain", "Who is the zorbix speaker of the Mazhilis?", "-k", "1").stdout
    rows = [line.split() for line in found.replace("│", " ").splitlines()]
    assert "Looked for in Kazakh: speaker → төраға. No translation: zorbix." in found
    assert ["zorbix", "no", "translation"] in [row[:1] + row[2:] for row in rows]
    assert any(row[:1] == ["төраға"] and row[-3:] == ["as", "a", "translation)"] for row in rows)


def test_evaluate_prints_the_measures_by_category(run, questions):
    found = run("evaluate", questions)
    rows = {cells[0]: cells[1:] for line in found.stdout.splitlines() if (cells := line.split())}

    assert found.returncode == 0
    assert rows["all"] == ["1", "1.000", "1.000", "1.000", "1.000", "1.000"]
    assert rows["сан"] == rows["all"]
    assert rows["unanswerable"] == ["1", "1.000"]


def test_the_kept_index_follows_the_articles(run, folder):
    assert "жеңді" in run("search", "ойында кім жеңді?", ARTICLES=folder).stdout
    (folder / "rain.txt").write_text("Алматыда жаңбыр жауды.", encoding="utf-8")
    (folder / "snow.txt").write_text("Елордада бұршақ соқты.", encoding="utf-8")
    (folder / "match.txt").unlink()

    for question, said in (("жаңбыр", "Алматыда жаңбыр жауды."), ("бұршақ", "Елордада бұршақ соқты.")):
        found = run("search", question, ARTICLES=folder)
        assert (found.returncode, found.stderr) == (0, "")
        assert said in found.stdout
    for gone in ("қар", "футболшылар"):
        assert json.loads(run("search", gone, "--json", ARTICLES=folder).stdout)["answered"] is False


def test_articles_that_take_the_place_of_all_others_are_told_of(run, folder):
    assert run("index", ARTICLES=folder).stderr == ""

    said = run("list").stderr

    assert_one_sentence(said)
    assert "ARTICLES is seeds now" in said
    assert said.strip().endswith("5 articles: 5 new, 2 removed")
    assert run("list").stderr == ""


def test_the_kept_index_and_one_in_memory_answer_alike(run):
    run("index")

    kept, built = (run("search", QUESTION, "--json", *where) for where in ([], ["--articles", "seeds"]))

    assert kept.stdout == built.stdout
    kept, built = (run("explain", QUESTION, *where) for where in ([], ["--articles", "seeds"]))
    assert (kept.returncode, kept.stdout) == (0, built.stdout)


def test_a_damaged_index_is_named_and_built_again(run, tmp_path):
    run("search", QUESTION)
    (segment,) = (tmp_path / "data" / "dayek.db.index").glob("*.dayek")
    segment.write_bytes(segment.read_bytes()[:-100])

    found = run("search", QUESTION)

    assert found.returncode == 0
    assert_one_sentence(found.stderr)
    assert segment.name in found.stderr
    assert "Құрамында 150 адам." in found.stdout
    assert run("search", QUESTION).stderr == ""


def test_an_index_that_cannot_be_kept_answers_all_the_same_and_fails_the_index_command(run, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "dayek.db.index").write_text("a file where the folder should be", encoding="utf-8")

    found, failed = run("search", QUESTION), run("index")

    assert found.returncode == 0
    assert "Құрамында 150 адам." in found.stdout
    assert (failed.returncode, failed.stdout) == (1, "")
    for one in (found, failed):
        assert "dayek.db.index" in one.stderr
        assert "Traceback" not in one.stderr


def test_several_at_once_make_one_index_and_all_answer(run):
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: run("search", QUESTION, "--json"), range(4)))

    assert [(one.returncode, one.stderr) for one in found] == [(0, "")] * 4
    assert len({one.stdout for one in found}) == 1
    assert json.loads(found[0].stdout)["answered"] is True


def test_commands_and_a_running_bot_use_one_index(begin, run, folder):
    bot = begin("chat", module="bot", ARTICLES=folder, PYTHONUNBUFFERED=1)

    def asked(question):
        bot.stdin.write(f"{question}\n")
        bot.stdin.flush()
        while line := bot.stdout.readline():
            if line.startswith("│"):
                return line
        return ""

    assert "Елордада қар қалың жауды." in asked("Елордада қар жауды ма?")
    (folder / "rain.txt").write_text("Алматыда жаңбыр жауды.", encoding="utf-8")
    assert "Алматыда жаңбыр жауды." in run("search", "жаңбыр", ARTICLES=folder).stdout
    held = json.loads(run("index", "--json", ARTICLES=folder).stdout)
    assert (held["articles"], held["segments"]) == (3, 1)
    assert "Футболшылар ойында жеңді." in asked("Ойында кім жеңді?")
    bot.communicate(timeout=20)
    assert bot.returncode == 0


def test_index_says_what_it_holds(run, tmp_path):
    found = run("index")
    data = json.loads(run("index", "--json").stdout)
    kept = tmp_path / "data" / "dayek.db.index"

    assert (found.returncode, found.stderr) == (0, "")
    assert_one_sentence(found.stdout)
    assert found.stdout.startswith(f"{kept}: 5 articles, {data['passages']} passages, 1 segment, ")
    assert data == {
        "folder": str(kept),
        "articles": 5,
        "passages": data["passages"],
        "segments": 1,
        "bytes": sum(file.stat().st_size for file in kept.iterdir()),
    }
    assert f"{data['bytes']:,} bytes" in found.stdout


def test_index_makes_one_segment_of_many(run, folder):
    for number in range(40):
        (folder / f"{number}.txt").write_text(f"Ауылда {number} үй салынды.", encoding="utf-8")
    run("search", "қар", ARTICLES=folder)
    for name in ("rain", "wind"):
        (folder / f"{name}.txt").write_text("Алматыда жел тұрды.", encoding="utf-8")
        run("search", "қар", ARTICLES=folder)

    held = json.loads(run("index", "--json", ARTICLES=folder).stdout)

    assert (held["articles"], held["segments"]) == (44, 1)
    assert len(list(Path(held["folder"]).glob("*.dayek"))) == 1
    assert "Алматыда жел тұрды." in run("search", "Алматыда жел", ARTICLES=folder).stdout


def test_an_interrupted_index_goes_on_where_it_was(begin, run, tmp_path):
    articles = _large(tmp_path)
    process = begin("index", ARTICLES=articles)
    while not process.stderr.readline().startswith("6000 of 20000"):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, said = process.communicate(timeout=60)

    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in said
    assert said.splitlines()[-1].startswith("Stopped")
    went_on = run("index", "--json", ARTICLES=articles)
    assert went_on.returncode == 0
    assert json.loads(went_on.stdout)["articles"] == 20_000
    left = [int(found) for found in re.findall(r"of (\d+) articles read", went_on.stderr)]
    assert left
    assert max(left) < 20_000


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_any_command_in_one_line(begin, number, status):
    process = begin("stem", PYTHONUNBUFFERED=1)
    process.stdin.write("кітаптарымыздан\n")
    process.stdin.flush()
    assert process.stdout.readline() == "кітаптарымыздан\tкітап\n"

    process.send_signal(number)
    out, said = process.communicate(timeout=20)

    assert (process.returncode, out, said) == (status, "", "Stopped.\n")


def imported(found: subprocess.CompletedProcess[str]) -> set[str]:
    """The top modules that a process imported, and retrieval's own."""
    names = re.findall(r"^import time:.*\| +(\S+)$", found.stderr, re.MULTILINE)
    return {name if name.startswith("retrieval") else name.partition(".")[0] for name in names}


@pytest.mark.parametrize(
    ("arguments", "not_needed"),
    [
        (["--help"], {"numpy", "rich", "sqlite3", "sqlite_utils", "retrieval.index", "retrieval.kazakh"}),
        (["stem", "--help"], {"numpy", "rich", "sqlite3", "sqlite_utils", "retrieval.kazakh"}),
        (["show", "004_2bb3ed058fab7c0d.txt"], {"rich", "retrieval.index", "retrieval.kazakh"}),
        (["search", QUESTION, "--json"], {"rich", "rank_bm25", "retrieval.evaluate", "retrieval.check"}),
    ],
    ids=lambda one: one[0] if isinstance(one, list) else "",
)
def test_a_command_imports_what_it_needs_and_no_more(run, arguments, not_needed):
    run("index")

    found = run(*arguments, PYTHONPROFILEIMPORTTIME=1)

    assert found.returncode == 0
    assert "argparse" in imported(found)
    assert imported(found) & not_needed == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_helps_with_an_example(run, command):
    found = run(command, "--help")

    assert found.returncode == 0
    assert re.search(rf"^Example: .*python -m retrieval {command}", found.stdout, re.MULTILINE)
    assert re.search(rf"^    {command}\s+[A-Z]", run("--help").stdout, re.MULTILINE)


@pytest.mark.parametrize("where", [[], ["--articles", "seeds"]], ids=["before any index", "in a folder"])
def test_show_prints_the_text_that_offsets_count_in_and_needs_no_index(run, seeds, tmp_path, where):
    id_ = "004_2bb3ed058fab7c0d.txt"

    found = run("show", id_, *where)

    assert (found.returncode, found.stdout, found.stderr) == (0, seeds[id_].text, "")
    assert not (tmp_path / "data" / "dayek.db.index").exists()


def test_show_prints_what_search_quotes(run, folder):
    (folder / "snow.txt").write_text("Кеше 😀.\n\nЕлордада қар қалың жауды.\u2028\n", encoding="utf-8")
    (quote,) = json.loads(run("search", "қар", "--json", "-k", "1", ARTICLES=folder).stdout)["quotes"]

    text = run("show", quote["article"], ARTICLES=folder).stdout

    assert text[quote["start"] : quote["end"]] == quote["quote"]


def test_show_of_an_unknown_article_is_one_sentence_and_a_failure(run):
    for index in ("before", "after"):
        found = run("show", "999.txt")

        assert (found.returncode, found.stdout) == (1, ""), index
        assert_one_sentence(found.stderr)
        assert "999.txt" in found.stderr
        run("index")


def test_what_is_added_is_found_listed_shown_removed_and_does_not_come_back(run, folder):
    ids = ["articles/match.txt", "articles/snow.txt"]
    added = run("add", folder, "--json")
    assert (added.returncode, added.stderr) == (0, "")
    assert json.loads(added.stdout) == {"added": ids, "changed": [], "unchanged": 0, "skipped": []}
    assert run("add", folder).stdout == "0 added, 0 changed, 2 unchanged, 0 skipped\n"
    assert "Елордада қар қалың жауды." in run("search", "қар қалың").stdout
    assert run("show", ids[1]).stdout == "Елордада қар қалың жауды."

    listed = run("list")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert {line.split(" · ")[0] for line in listed.stdout.splitlines()} >= {*ids, "004_2bb3ed058fab7c0d.txt"}
    entries = {one["id"]: one for one in json.loads(run("list", "--json").stdout)["articles"]}
    assert (entries[ids[1]]["origin"], entries[ids[1]]["location"]) == ("added", str(folder))
    assert len(entries) == 7

    removed = run("remove", ids[1], "nobody")
    assert (removed.returncode, removed.stdout) == (1, f"{ids[1]}: removed\n")
    assert_one_sentence(removed.stderr)
    assert "Елордада қар қалың жауды." not in run("search", "қар қалың").stdout
    shown = run("show", ids[1])
    assert (shown.returncode, shown.stdout) == (0, "Елордада қар қалың жауды.")
    assert_one_sentence(shown.stderr)
    assert "it is removed" in shown.stderr
    again = run("refresh", "--json")
    assert json.loads(again.stdout) == {
        "added": [], "changed": [], "removed": [], "unchanged": 7, "skipped": []
    }  # fmt: skip
    assert (again.returncode, again.stderr) == (0, "")
    assert run("add", folder).stdout == "1 added, 0 changed, 1 unchanged, 0 skipped\n"


def test_refresh_takes_in_what_changed_keeps_the_earlier_version_and_names_what_is_gone(run, folder):
    run("add", folder)
    (folder / "snow.txt").write_text("Елордада бұршақ соқты.", encoding="utf-8")
    (folder / "rain.txt").write_text("Алматыда жаңбыр жауды.", encoding="utf-8")
    (folder / "match.txt").unlink()

    found = run("refresh")

    assert (found.returncode, found.stdout) == (0, "6 added, 1 changed, 0 unchanged, 0 skipped\n")
    assert_one_sentence(found.stderr)
    assert "articles/match.txt: no longer in" in found.stderr
    assert run("show", "articles/snow.txt").stdout == "Елордада бұршақ соқты."
    assert run("show", "articles/snow.txt", "--version", "1").stdout == "Елордада қар қалың жауды."
    assert run("show", "articles/match.txt").stdout == "Футболшылар ойында жеңді."
    for wrong in (("articles/snow.txt", "2"), ("articles/rain.txt", "1"), ("nobody", "1")):
        failed = run("show", wrong[0], "--version", wrong[1])
        assert (failed.returncode, failed.stdout) == (1, "")
        assert_one_sentence(failed.stderr)


def test_refresh_names_a_folder_that_is_gone_and_its_articles_stay(run, folder):
    run("add", folder)
    folder.rename(folder.with_name("elsewhere"))
    found = run("refresh")
    assert (found.returncode, found.stdout) == (1, "5 added, 0 changed, 0 unchanged, 1 skipped\n")
    assert_one_sentence(found.stderr)
    assert "Елордада қар қалың жауды." in run("search", "қар қалың").stdout


def test_what_is_skipped_is_named_with_a_reason_and_gives_a_status_of_its_own(run, folder):
    (folder / "film.mp4").write_bytes(b"\x00\x00\x00\x18ftypmp42\x00\x01")
    found = run("add", folder, "--json")
    assert found.returncode == 1
    assert_one_sentence(found.stderr)
    data = json.loads(found.stdout)
    assert [one["name"] for one in data["skipped"]] == ["articles/film.mp4"]
    assert all(one["reason"] for one in data["skipped"])
    assert len(data["added"]) == 2


def test_in_a_terminal_an_add_counts_what_it_has_read(environment, folder):
    terminal, end = os.openpty()
    with os.fdopen(terminal, "rb", buffering=0) as screen:
        done = subprocess.run(
            [sys.executable, "-m", "retrieval", "add", str(folder)],
            cwd=ROOT, env=environment | {"TERM": "xterm"}, stdout=subprocess.PIPE, stderr=end, check=False, timeout=60,
        )  # fmt: skip
        os.close(end)
        shown = screen.read(1 << 16)
    assert (done.returncode, done.stdout) == (0, b"2 added, 0 changed, 0 unchanged, 0 skipped\n")
    assert b"2 read" in shown


@pytest.fixture
def site():
    """A web site on this machine: its pages by path, which a test may change."""
    pages: dict[str, str] = {}

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self):
            found = pages.get(self.path)
            self.send_response(404 if found is None else 200)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.end_headers()
            self.wfile.write((found or "").encode())

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.05,))
        serving.start()
        yield f"127.0.0.1:{server.server_port}", pages
        server.shutdown()
        serving.join()


def test_a_link_is_added_refreshed_and_stays_when_its_page_is_gone(run, site):
    place, pages = site
    link = f"http://{place}/story.txt"
    pages["/story.txt"] = "Елордада қар қалың жауды."
    added = run("add", link, "--json", FETCH_ALSO=place)
    assert (added.returncode, json.loads(added.stdout)["added"]) == (0, [link])
    assert link in run("search", "қар қалың", "--json").stdout

    pages["/story.txt"] = "Елордада бұршақ соқты."
    assert json.loads(run("refresh", "--json", FETCH_ALSO=place).stdout)["changed"] == [link]
    assert run("show", link).stdout == "Елордада бұршақ соқты."
    assert run("show", link, "--version", "1").stdout == "Елордада қар қалың жауды."

    del pages["/story.txt"]
    gone = run("refresh", FETCH_ALSO=place)
    assert gone.returncode == 1
    assert_one_sentence(gone.stderr)
    assert gone.stderr.startswith(link)
    assert run("show", link).stdout == "Елордада бұршақ соқты."


def test_a_link_into_a_private_network_is_skipped_with_a_reason(run, site):
    place, pages = site
    pages["/story.txt"] = "Елордада қар қалың жауды."
    found = run("add", f"http://{place}/story.txt")
    assert (found.returncode, found.stdout) == (1, "0 added, 0 changed, 0 unchanged, 1 skipped\n")
    assert_one_sentence(found.stderr)
    assert "FETCH_ALSO" in found.stderr


@pytest.mark.parametrize("what", [[], ["--json"]], ids=str)
def test_add_without_anything_to_add_is_wrong_usage(run, what):
    found = run("add", *what)
    assert (found.returncode, found.stdout) == (2, "")
    assert_one_sentence(found.stderr)


def test_add_of_a_path_that_is_not_there_is_one_sentence_and_adds_nothing_else(run, folder):
    found = run("add", folder, "missing")
    assert (found.returncode, found.stdout) == (1, "")
    assert_one_sentence(found.stderr)
    assert json.loads(run("list", "--json", ARTICLES=folder).stdout)["articles"][0]["origin"] == "ARTICLES"


def _large(tmp_path):
    articles = tmp_path / "many.jsonl"
    texts = (f"Ауылда {number} үй салынды, {number + 7} көше тазаланды." for number in range(20_000))
    lines = (json.dumps({"id": f"{number:05}", "text": text}) for number, text in enumerate(texts))
    articles.write_text("\n".join(lines), encoding="utf-8")
    return articles


def _stored(path):
    with closing(sqlite3.connect(path, timeout=10)) as database:
        try:
            return int(database.execute("select count(*) from articles").fetchone()[0])
        except sqlite3.OperationalError:  # the tables are not made yet
            return 0


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM], ids=lambda one: one.name)
def test_an_add_that_is_cut_short_goes_on_at_the_next_one(begin, run, tmp_path, number):
    path = tmp_path / "data" / "dayek.db"
    process = begin("add", str(_large(tmp_path)))
    while not path.exists() or _stored(path) < 1500:
        assert process.poll() is None
    process.send_signal(number)
    out, said = process.communicate(timeout=60)
    before = _stored(path)

    status = {signal.SIGKILL: -9, signal.SIGINT: 130, signal.SIGTERM: 143}[number]
    assert (process.returncode, out) == (status, "")
    assert ("goes on from there" in said) == (number != signal.SIGKILL)
    assert "Traceback" not in said
    assert 1500 <= before < 20_000
    went_on = run("add")
    assert went_on.returncode == 0
    assert "was cut short; it goes on" in went_on.stderr
    assert went_on.stdout == f"{20_000 - before:,} added, 0 changed, {before:,} unchanged, 0 skipped\n"
    assert run("add").returncode == 2


def test_a_restore_waits_for_the_end_of_an_import(begin, run, folder, tmp_path):
    run("add", folder)
    assert run("backup", tmp_path / "before.db").returncode == 0
    path = tmp_path / "data" / "dayek.db"
    with closing(sqlite3.connect(path.with_name("dayek.db.import.lock"), isolation_level=None)) as importing:
        importing.execute("begin exclusive")
        process = begin("restore", str(tmp_path / "before.db"))
        assert process.stderr.readline() == "an import is under way; waiting for its end\n"
        run("remove", "articles/snow.txt")
        assert process.poll() is None
    out, said = process.communicate(timeout=60)

    assert (process.returncode, said) == (0, "")
    assert "2 articles" in out
    assert "Елордада қар қалың жауды." in run("search", "қар қалың").stdout


def test_the_index_command_fails_where_what_it_read_cannot_be_kept(environment, run, folder):
    assert run("index", ARTICLES=folder).returncode == 0
    script = """if True:
        import resource, sys
        from retrieval.__main__ import main
        resource.setrlimit(resource.RLIMIT_FSIZE, (250_000, 250_000))
        sys.exit(main(["index"]))"""
    full = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (full.returncode, full.stdout) == (1, "")
    failed, articles_changed = full.stderr.splitlines()
    assert "the index was not written" in failed
    assert articles_changed.startswith("ARTICLES is seeds now")
    assert run("index").returncode == 0


def test_a_bot_that_starts_ends_an_add_that_was_cut_short(begin, run, folder, tmp_path):
    path = tmp_path / "data" / "dayek.db"
    run("list")
    with closing(sqlite3.connect(path)) as database:  # as a process leaves it that was killed at once
        sql = "insert into unfinished (location, origin, begun) values (?, 'added', '2026-03-01T00:00:00+00:00')"
        database.execute(sql, [str(folder)])
        database.commit()
    bot = begin("chat", module="bot")
    out, said = bot.communicate("Елордада қар жауды ма?\n", timeout=60)
    assert bot.returncode == 0
    assert "was cut short; it goes on" in said + out
    assert "Елордада қар қалың жауды." in out


def test_adds_at_once_wait_for_each_other_and_both_are_done(run, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for number in range(50):
            (tmp_path / name / f"{number}.txt").write_text(f"Ауылда {number} үй {name}.", encoding="utf-8")
    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(lambda name: run("add", tmp_path / name), ("a", "b")))
    assert [(one.returncode, one.stdout) for one in found] == [
        (0, "50 added, 0 changed, 0 unchanged, 0 skipped\n")
    ] * 2
    assert len(json.loads(run("list", "--json").stdout)["articles"]) == 105


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
@pytest.mark.parametrize(
    "command", [["search", "қар"], ["explain", "қар"], ["index"], ["show", "1"]], ids=str
)
def test_articles_or_a_database_that_cannot_be_used_are_one_sentence_and_a_failure(run, command, environ):
    found = run(*command, **environ)

    assert (found.returncode, found.stdout) == (1, "")
    assert_one_sentence(found.stderr)


def test_a_bad_article_is_named_and_the_rest_is_searched(run, tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "bad.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00")
    (folder / "good.txt").write_text("Елордада қар қалың жауды.", encoding="utf-8")

    found = run("search", "қар", "--articles", folder)

    assert found.returncode == 0
    assert_one_sentence(found.stderr)
    assert "bad.txt" in found.stderr
    assert "Елордада қар қалың жауды." in found.stdout


@pytest.mark.parametrize(
    "arguments",
    [[], ["find"], ["search"], ["search", "қар", "-k", "0"], ["search", "қар", "-k", "x"], ["index", "x"]],
    ids=str,
)
def test_wrong_arguments_are_explained_with_the_usual_exit_code(run, arguments):
    found = run(*arguments)

    assert found.returncode == 2
    assert found.stderr.startswith("usage: python -m retrieval")


@pytest.mark.parametrize("command", ["search", "explain"])
def test_nothing_in_an_article_steers_the_terminal(run, tmp_path, command):
    articles = tmp_path / "hostile.jsonl"
    hostile = {
        "id": "a\x1b[2J",
        "title": "Қар \x1b[31mжауды\u202e",
        "source": "Дала\x07",
        "text": "Елордада \x1b]0;title\x07қар жауды.\u202e Көше ақ.",
    }
    articles.write_text(json.dumps(hostile) + "\n", "utf-8")

    found = run(command, "Елордада қар жауды ма?", "--articles", articles)

    assert found.returncode == 0
    assert "қар" in found.stdout
    assert not set("\x1b\x07\u202e") & set(found.stdout + found.stderr)


def test_the_quotes_of_search_name_the_articles_that_say_the_same(run, tmp_path):
    text = (
        "Елордада түнімен қар жауып, жолдарға жүз техника шықты. Көше қызметкерлері таңға дейін жұмыс істеді."
    )
    articles = tmp_path / "two.jsonl"
    lines = [
        {"id": id_, "title": id_, "text": text, "published": f"2026-03-0{day}"}
        for id_, day in (("a", 1), ("b", 2))
    ]
    articles.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")

    data = json.loads(run("search", "жолға қанша техника шықты", "--articles", articles, "--json").stdout)

    assert [(quote["article"], quote["also"]) for quote in data["quotes"]] == [("a", ["b"])]
