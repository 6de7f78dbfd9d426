"""The benchmarks: that they run, and that they would show what is wrong. No figure is expected here."""

import json
import os
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from tests.bench import asking, index, limit, load, process, starting
from tests.bench.__main__ import main
from tests.bench.chart import Colour, Line, axis, drawn
from tests.bench.corpus import Corpus, Recombined, real, texts
from tests.bench.durable import _shares
from tests.bench.load import Sides, Sizes
from tests.bench.questions import questions
from tests.bench.table import Figure, Target
from tests.running import ROOT

# Each measurement once and of one side only, as starting a bot takes most of the time.
SMALLEST = Sizes(
    runs=1, instant=Sides(0, 30), slow=Sides(0, 0), steady=Sides(0.2, 0),
    kills=Sides(1, 0), ends=Sides(0, 1), chats=3, each=1,
    memory=60, memory_chats=60, look=0.01,
)  # fmt: skip


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs the load in a size; gives the exit status, the rows in the file by label, and what is broken."""

    def run(sizes):
        monkeypatch.setattr(load, "QUICK", sizes)
        status = main(["load", "--quick", "--json", str(tmp_path / "found.json")])
        table = json.loads((tmp_path / "found.json").read_text("utf-8"))["load"]
        return status, {row["label"]: row for row in table["rows"]}, table["broken"]

    return run


def test_a_small_load_fills_the_rows_of_what_it_measures(run, capsys):
    status, rows, broken = run(SMALLEST)
    shown = capsys.readouterr().out

    assert (status, broken) == (0, [])
    for label, side in (
        ("instant API: answers a second", "peer"),
        ("300 a second: p99 to the answer", "ours"),
        ("SIGKILL: never answered", "ours"),
        ("SIGKILL: most too many in a chat", "ours"),
        ("SIGTERM: time to the exit", "peer"),
    ):
        assert rows[label][side] is not None, label
        assert label in shown
    assert "memory: last quarter by second" in rows


def test_a_bot_that_ends_too_early_is_named_with_the_end_of_its_log(run, capsys, monkeypatch):
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    monkeypatch.setitem(process._MODULES, "peer", ("tests.there_is_no_such_module",))
    none = Sides(0, 0)
    only_the_peer = replace(SMALLEST, steady=none, kills=none, ends=none, memory=0)

    status, rows, (problem,) = run(only_the_peer)

    assert status == 1
    assert problem.startswith("instant API, peer: ended with status 1 while its webhook was not registered")
    assert "No module named tests.there_is_no_such_module" in problem
    assert "No module named tests.there_is_no_such_module" in " ".join(capsys.readouterr().out.split())
    assert rows["instant API: answers a second"]["peer"] is None
    if cores is not None:
        assert os.sched_getaffinity(0) == cores


def test_a_file_in_a_folder_that_is_not_there_is_refused_before_anything_is_measured(tmp_path, capsys):
    with pytest.raises(SystemExit) as end:
        main(["load", "--json", str(tmp_path / "none" / "found.json")])

    assert end.value.code == 2
    assert "no such folder" in capsys.readouterr().err


def test_questions_are_different_short_and_the_same_each_time():
    asked = questions(5000)

    assert len(set(asked)) == len(asked) == 5000
    assert {len(question.split()) for question in asked} == set(range(3, 10))
    assert questions(5000) == asked


def test_more_questions_than_the_articles_make_are_refused(monkeypatch):
    monkeypatch.setattr("tests.bench.questions._sentences", lambda: ["Бір екі үш."])
    monkeypatch.setattr("tests.bench.questions.read_questions", lambda _: [])
    with pytest.raises(ValueError, match="not 500"):
        questions(500)


def test_answers_are_counted_for_each_question_and_too_many_of_them_for_each_chat():
    # The first of two chats asks a, c and e; e is never answered.
    shares = _shares(["a", "b", "c", "d", "e"], 2, Counter("aabcccd"))

    assert shares == {"never": 20, "once": 40, "twice": 40, "most": 3}


@pytest.mark.parametrize(
    ("target", "ours", "met"),
    [
        (Target("=", 0), (0, 0), True),
        (Target("=", 0), (0, 0.3), False),
        (Target("≤", 1.05), (1.05,), True),
        (Target("≥", 2, of="ratio"), (5, 7), True),
        (Target("≥", 2.5, of="ratio"), (5, 7), False),
        (Target("≤", 1), (), None),
        (None, (1,), None),
    ],
)
def test_a_target_is_met_by_the_figure_or_by_its_ratio_to_the_peers(target, ours, met):
    row = Figure("x", "label", "ms", target, of_runs=max).row({"x": ours}, {"x": (3,)})

    assert row.met is met


def test_without_a_figure_of_the_peer_there_is_no_ratio():
    assert Figure("x", "label").row({"x": (4, 1, 2)}, {}).ratio is None
    assert Figure("x", "label").row({"x": (4, 1, 2)}, {"x": (0,)}).ratio is None
    assert Figure("x", "label").row({"x": (4, 1, 2)}, {"x": (1,)}).ratio == 2


def test_a_small_index_is_measured_and_ranks_as_rank_bm25_does(tmp_path, monkeypatch):
    monkeypatch.setattr(index, "QUICK", index.Sizes(made=(300,), wholes=(50,), questions=20))
    monkeypatch.setattr(limit, "_COPIED", 2**20)
    monkeypatch.setattr(starting, "_RUNS", 1)
    picture, found = tmp_path / "index.svg", tmp_path / "found.json"
    given = ["--articles", str(ROOT / "seeds"), "--picture", str(picture), "--json", str(found)]

    assert main(["index", "--quick", *given]) == 0
    rows = {row["label"]: row for row in json.loads(found.read_text("utf-8"))["index"]["rows"]}
    assert rows["300: best 10 and scores as rank-bm25's, of 20"]["ours"] == 100
    assert rows["300: p50, rank-bm25"]["ratio"] > 0
    assert rows["50: whole answer, p95"]["ours"] > 0
    assert (
        rows["50: process start to the first answer"]["ours"] > rows["50: opening the index"]["ours"] / 1000
    )
    steps = [
        row["ours"] for label, row in rows.items() if label.startswith("300: of it") and row["unit"] == "%"
    ]
    assert sum(steps) == pytest.approx(100)
    assert "Dayek" in picture.read_text("utf-8")


def test_questions_for_an_index_have_two_to_twelve_words_that_stand_in_its_passages():
    corpus = Corpus.of(texts(real(None)[0]))
    asked = asking.stems(corpus, 300)

    assert {len(question) for question in asked} == set(range(2, 13))
    assert asking.stems(corpus, 300) == asked
    own = sum(
        any(question == row[at : at + len(question)] for row in corpus for at in range(len(row)))
        for question in asked
    )
    assert own >= 200


def test_made_articles_are_the_same_each_time_and_hardly_repeat_each_other():
    articles = Recombined(real(None)[0]).articles
    first, again = ([article for article, _ in zip(articles(), range(40), strict=False)] for _ in range(2))
    lines = [line for article in first for line in article.text.splitlines()]

    assert first == again
    assert len(set(lines)) > 0.9 * len(lines)


def test_the_names_of_lines_that_end_together_stand_apart():
    grey = Colour("#777777", "#999999")
    lines = [Line(f"engine {end}", grey, [(100, 1), (10_000, 2 + end / 100)]) for end in range(6)]
    svg = drawn("t", "b", axis("x", [100, 10_000]), axis("y", [1, 3]), lines)
    named = {
        text.text: float(text.get("y", "nan"))
        for text in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    }
    heights = sorted(named[line.name] for line in lines)

    assert all(below - above >= 20 for above, below in pairwise(heights))
    assert named["engine 5"] == heights[0]


def test_an_axis_has_a_tick_for_each_power_of_ten():
    assert axis("x", [82, 10_000, 1_000_000]).ticks == {
        100: "100", 1000: "1,000", 10_000: "10,000", 100_000: "100,000", 1_000_000: "1,000,000"
    }  # fmt: skip
    assert [*axis("y", [0.02, 8.7]).ticks.values()] == ["0.01", "0.1", "1", "10"]
