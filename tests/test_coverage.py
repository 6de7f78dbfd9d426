"""What a glossary covers of a text, counted by hand for small ones, and the command that prints it."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.coverage import Share, coverage
from retrieval.glossary import Entry, Glossary
from retrieval.tongues import Tongue

ROOT = Path(__file__).parent.parent
GLOSSARY = Glossary(
    lambda: [
        Entry("үкімет", ("правительство",), ("government",), "government"),
        Entry("жоспарлау", ("планировать",), ("plan",), "government"),
        Entry("адам құқықтары", ("права человека",), ("human rights",), "law"),
        Entry("жан-жақты", ("всесторонний",), ("comprehensive",), "general"),
        Entry("конституция", ("основной закон",), ("basic law",), "law"),
        Entry("төрт", ("четыре",), ("four",), "function"),
        Entry("қалай", ("как",), ("how",), "function"),
    ]
)


def covered(text, tongue=Tongue.KAZAKH):
    return coverage([text], GLOSSARY)[tongue]


@pytest.mark.parametrize(
    ("text", "tongue", "words", "known", "related"),
    [
        ("Үкіметтің қызғалдағы.", Tongue.KAZAKH, 2, 1, 0),
        ("Құқықты қалай қорғайды?", Tongue.KAZAKH, 2, 1, 0),  # a word of a term; қалай is none
        ("Үкімет туралы 2026 жылы он бес", Tongue.KAZAKH, 2, 1, 0),  # no function words, no numbers
        ("Бұл жан-жақты ғой.", Tongue.KAZAKH, 1, 1, 0),
        ("Бұл қызғалдақ-гүл ғой.", Tongue.KAZAKH, 2, 0, 0),  # the parts of a word without entry
        ("Үкіметтік ұйым", Tongue.KAZAKH, 2, 0, 1),
        ("О правительстве и о снежинках", Tongue.RUSSIAN, 2, 1, 0),
        ("Что это за права человека?", Tongue.RUSSIAN, 2, 2, 0),
        ("Что это за права для улиток?", Tongue.RUSSIAN, 2, 0, 0),  # the half of a term is none
        ("Они запланировали это", Tongue.RUSSIAN, 1, 0, 1),
        ("Они знают об этой конституции", Tongue.RUSSIAN, 2, 0, 1),
        ("Что это за четыре снежинки?", Tongue.RUSSIAN, 1, 0, 0),  # a number word, as the glossary has it
        ("The governments and the snails", Tongue.ENGLISH, 2, 1, 0),
        ("These are human rights.", Tongue.ENGLISH, 2, 2, 0),
    ],
)
def test_a_word_counts_as_known_where_its_stem_has_an_entry(text, tongue, words, known, related):
    assert covered(text, tongue).all == Share(words, known, related)


def test_every_sentence_counts_for_its_own_language():
    found = coverage(["Бұл үкімет.\nЭто правительство и улитки. This is the government."], GLOSSARY)

    assert {tongue: (one.sentences, one.all.words, one.all.known) for tongue, one in found.items()} == {
        Tongue.KAZAKH: (1, 1, 1),
        Tongue.RUSSIAN: (1, 2, 1),
        Tongue.ENGLISH: (1, 1, 1),
    }


def test_a_sentence_that_nothing_tells_of_is_in_the_language_of_its_text():
    assert covered("Это было так, и что же.\nУлитки спят.", Tongue.RUSSIAN).sentences == 2


def test_capitalised_words_inside_a_sentence_can_be_left_out():
    found = covered("Қызғалдақ үкіметте, ал Ермұхан Үкіметте.")

    assert (found.all, found.without_names) == (Share(4, 2, 0), Share(2, 1, 0))


def test_the_missing_words_come_by_their_number_in_their_commonest_form_without_names():
    found = covered("Бұл қызғалдақ, қызғалдақ, қызғалдақтар, шегіртке және Ермұхан мен Ермұхан.")

    assert found.missing == (("қызғалдақ", 3), ("шегіртке", 1))


def test_no_text_gives_no_words():
    assert {one.all for one in coverage([], GLOSSARY).values()} == {Share()}


@pytest.fixture
def command():
    def run(*arguments, **environ):
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "retrieval", "glossary", *map(str, arguments)],
            cwd=ROOT, env={"PYTHONPATH": str(ROOT), "COLUMNS": "120", **environ}, capture_output=True,
            encoding="utf-8", check=False, timeout=60,
        )  # fmt: skip

    return run


def test_the_command_counts_entries_by_domain(command, tmp_path):
    own = tmp_path / "own.tsv"
    own.write_text("көкпаршы\tкокпарист, игрок кокпара\tkokpar player\ttest\n", encoding="utf-8")
    data = json.loads(command("--json", GLOSSARY=str(own)).stdout)

    assert data["domains"]["test"] == {
        "entries": 1, "Russian words": 1, "Russian terms": 1, "English words": 0, "English terms": 1,
    }  # fmt: skip
    assert data["total"]["entries"] == sum(one["entries"] for one in data["domains"].values())
    shown = command()
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "elections" in shown.stdout


def test_the_command_reads_what_articles_are_read_from(command, tmp_path):
    file = tmp_path / "articles.jsonl.gz"
    line = json.dumps({"id": "a", "title": "", "text": "Бұл үкімет пен зымырғұс."}).encode()
    file.write_bytes(gzip.compress(line + b"\n{}\n"))
    done = command("--coverage", file, "--json")

    (language,) = json.loads(done.stdout)["languages"].items()
    assert language == (
        "kk",
        {
            "sentences": 1,
            "all": {"words": 2, "known": 1, "related": 0, "share": 0.5},
            "without_names": {"words": 2, "known": 1, "related": 0, "share": 0.5},
            "missing": [{"word": "зымырғұс", "count": 1}],
        },
    )
    assert done.returncode == 0
    assert len(done.stderr.splitlines()) == 1  # the line that is no article
    assert "зымырғұс" in command("--coverage", file).stdout


def test_the_command_says_what_cannot_be_read(command, tmp_path):
    done = command("--coverage", tmp_path / "nowhere")

    assert (done.returncode, done.stdout) == (1, "")
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr
