"""The index on disk: what is opened is what was saved, whatever happens to the files, or it is refused."""

import hashlib
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval import arrayfile, files
from retrieval import contents as index_json
from retrieval.analysis import analyze
from retrieval.article import Article
from retrieval.behind import Stale, stale
from retrieval.build import build, with_articles, without
from retrieval.contents import sealed
from retrieval.errors import DamagedIndexError, IndexSaveError
from retrieval.files import found, opened, save, seal_of
from retrieval.loading import load_synonyms
from retrieval.passages import split
from retrieval.phrases import Phrases
from retrieval.search import answer
from retrieval.segment import ANALYSIS, Segment

ROOT = Path(__file__).parent.parent
SYNONYMS = (("көлік", "машина"), ("ата заң", "конституция"))
SNOW = Article("a.txt", "Елордада қар қалың жауды.", title="Қар")
WIND = Article("b.txt", "Кеше жел соқты, машина тоқтады.")
ONE, OTHER = build([SNOW], SYNONYMS), build([SNOW, WIND], SYNONYMS)
DIGESTS = {index.parts[0].segment.digest for index in (ONE, OTHER)}
QUESTIONS = (
    "Мәжіліс төрағасы кім?",
    "Павлодар коалиция қанша мүше",
    "majilis toragasy",
    "Доллар бағамы қанша?",
)


class Unread(Mapping[str, Article]):
    """Articles that must not be looked at."""

    def __getitem__(self, id_):
        raise AssertionError(f"{id_} was read")

    def __iter__(self):
        raise AssertionError("the articles were listed")

    def __len__(self):
        raise AssertionError("the articles were counted")


def again(folder, index):
    """The index as it is on the disk."""
    return opened(folder, index.articles, SYNONYMS)


def refusal(folder):
    """What is said when the index is opened, which must not succeed."""
    with pytest.raises(DamagedIndexError) as caught:
        opened(folder, {}, SYNONYMS)
    return str(caught.value)


def kept(folder):
    """The folder's files by name, without the lock."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "index.lock"}


def file_of_segment(folder):
    (path,) = folder.glob("segment-*.dayek")
    return path


def contents(index):
    """All arrays and numbers of an index."""
    return [
        (
            {name: (one.dtype, one.shape, one.tobytes()) for name, one in part.segment.arrays().items()},
            part.first,
            part.first_article,
            part.gone.tolist(),
            part.gone_articles.tolist(),
        )
        for part in index.parts
    ]


def test_an_opened_index_is_made_of_the_same_arrays(tmp_path, seeds):
    some = list(seeds.values())
    index = with_articles(build(some[:3], SYNONYMS), some[3:])
    index = without(index, [some[1].id, some[4].id])
    save(index, tmp_path)
    found = again(tmp_path, index)

    assert contents(found) == contents(index)
    assert found.enough == index.enough
    assert found.articles is index.articles
    assert (found.synonyms, found.phrases) == (index.synonyms, index.phrases)


def test_an_opened_index_gives_the_same_answers(tmp_path, seeds_index):
    save(seeds_index, tmp_path)
    found = opened(tmp_path, seeds_index.articles, load_synonyms())

    for question in QUESTIONS:
        assert answer(found, question, 10) == answer(seeds_index, question, 10)


def test_articles_can_be_added_to_and_removed_from_an_opened_index(tmp_path):
    save(ONE, tmp_path)
    found = without(with_articles(again(tmp_path, ONE), [WIND]), [SNOW.id])
    save(found, tmp_path)
    found = again(tmp_path, found)

    assert [quote.article for quote in answer(found, "жел соқты").quotes] == [WIND]
    assert not answer(found, "елорда қар").quotes


def test_no_article_is_read_when_an_index_is_opened(tmp_path):
    save(without(OTHER, [SNOW.id]), tmp_path)

    assert stale(opened(tmp_path, Unread(), SYNONYMS), {WIND.id: WIND.digest}) == Stale((), ())


@pytest.mark.parametrize("index", [build([], SYNONYMS), replace(ONE, parts=())], ids=["empty", "no part"])
def test_an_index_without_articles_is_kept_too(tmp_path, index):
    save(index, tmp_path)

    assert contents(again(tmp_path, index)) == contents(index)


def test_equal_articles_in_any_order_give_equal_bytes(tmp_path, seeds):
    some = list(seeds.values())
    folders = [tmp_path / str(number) for number in range(3)]
    for number, folder in enumerate(folders):
        random.Random(number).shuffle(some)
        save(build(some, SYNONYMS), folder)

    assert kept(folders[0]) == kept(folders[1]) == kept(folders[2])


def test_saving_what_is_there_already_leaves_the_segments_alone(tmp_path):
    save(ONE, tmp_path)
    before = file_of_segment(tmp_path).stat()
    save(again(tmp_path, ONE), tmp_path)

    assert file_of_segment(tmp_path).stat() == before


def test_saving_repairs_a_damaged_segment(tmp_path):
    save(ONE, tmp_path)
    whole = kept(tmp_path)
    path = file_of_segment(tmp_path)
    path.write_bytes(flipped(path.read_bytes(), 5000))
    save(ONE, tmp_path)

    assert kept(tmp_path) == whole


def test_saving_removes_what_is_not_used_any_more_and_nothing_else(tmp_path):
    save(ONE, tmp_path)
    (tmp_path / ".segment-1.dayek.0123.partial").write_bytes(b"half")
    (tmp_path / "segment-0123.dayek").write_bytes(b"of an index that was replaced")
    (tmp_path / "dayek.db").write_bytes(b"another's")
    save(OTHER, tmp_path)

    digest = OTHER.parts[0].segment.digest
    assert kept(tmp_path).keys() == {"index.json", f"segment-{digest}.dayek", "dayek.db"}


def test_a_reader_goes_on_with_files_that_were_replaced(tmp_path):
    save(OTHER, tmp_path)
    found = again(tmp_path, OTHER)
    save(ONE, tmp_path)

    assert contents(found) == contents(OTHER)
    assert [quote.article for quote in answer(found, "жел соқты").quotes] == [WIND]


def test_the_digests_say_what_an_index_has_to_catch_up_with():
    index = with_articles(build([SNOW, WIND], SYNONYMS), [Article("c", "Күн ашық."), Article("d", "Аяз.")])
    changed = replace(WIND, text="Кеше боран соқты.")
    new = Article("e", "Жаңбыр жауды.")
    stored = {article.id: article.digest for article in (SNOW, changed, new, Article("c", "Күн ашық."))}
    found = stale(index, stored)

    assert found == Stale(changed=("b.txt", "e"), removed=("d",))
    assert stale(without(with_articles(index, [changed, new]), ["d"]), stored) == Stale((), ())


# What is not exactly right


def flipped(data, place):
    """The data with one bit turned over; over eight bytes each of the eight bits has its turn."""
    return data[:place] + bytes([data[place] ^ 1 << place % 8]) + data[place + 1 :]


@pytest.mark.parametrize("name", ["segment-*.dayek", "index.json"])
def test_a_file_cut_off_at_any_byte_is_refused_and_named(tmp_path, name):
    save(ONE, tmp_path)
    (path,) = tmp_path.glob(name)
    for size in range(path.stat().st_size - 1, -1, -1):
        os.truncate(path, size)
        assert str(path) in refusal(tmp_path)


def test_a_segment_cut_off_at_any_byte_is_refused_by_itself(tmp_path):
    save(ONE, tmp_path)
    path = file_of_segment(tmp_path)
    for size in range(path.stat().st_size - 1, -1, -1):
        os.truncate(path, size)
        with pytest.raises(DamagedIndexError, match=path.name):
            arrayfile.read(path)


@pytest.mark.parametrize("name", ["segment-*.dayek", "index.json"])
def test_a_flipped_bit_in_any_byte_is_refused_and_named(tmp_path, name):
    save(ONE, tmp_path)
    (path,) = tmp_path.glob(name)
    whole = path.read_bytes()
    with path.open("r+b", buffering=0) as file:
        for place in range(len(whole)):
            os.pwrite(file.fileno(), flipped(whole, place)[place : place + 1], place)
            assert str(path) in refusal(tmp_path)
            os.pwrite(file.fileno(), whole[place : place + 1], place)
    again(tmp_path, ONE)


@pytest.mark.parametrize("more", [b"\0", b"\0" * 64, b"dayek"])
def test_a_file_with_more_behind_it_is_refused(tmp_path, more):
    save(ONE, tmp_path)
    for path in (file_of_segment(tmp_path), tmp_path / "index.json"):
        whole = path.read_bytes()
        path.write_bytes(whole + more)
        assert str(path) in refusal(tmp_path)
        path.write_bytes(whole)


def test_blocks_in_another_order_are_refused(tmp_path, seeds_index):
    save(seeds_index, tmp_path)
    path = file_of_segment(tmp_path)
    whole = path.read_bytes()
    for first, second in ((8192, 12288), (20480, 40960)):
        swapped = bytearray(whole)
        swapped[first : first + 4096], swapped[second : second + 4096] = (
            whole[second : second + 4096],
            whole[first : first + 4096],
        )
        path.write_bytes(swapped)
        assert str(path) in refusal(tmp_path)


def test_words_in_another_order_are_refused(tmp_path, seeds_index):
    save(seeds_index, tmp_path)
    path = file_of_segment(tmp_path)
    whole = path.read_bytes()
    for first in range(4096, len(whole) - 4096, 40960):
        one, two = whole[first : first + 8], whole[first + 8 : first + 16]
        path.write_bytes(whole[:first] + two + one + whole[first + 16 :])
        assert one == two or str(path) in refusal(tmp_path)


def test_a_folder_without_an_index_is_refused(tmp_path):
    assert "there is no index" in refusal(tmp_path)
    assert "there is no index" in refusal(tmp_path / "missing")


def test_a_missing_segment_is_named(tmp_path):
    save(ONE, tmp_path)
    path = file_of_segment(tmp_path)
    path.unlink()

    assert str(path) in refusal(tmp_path)


def test_a_segment_in_place_of_another_is_refused(tmp_path):
    for name, index in (("one", ONE), ("other", OTHER)):
        save(index, tmp_path / name)
    path = file_of_segment(tmp_path / "one")
    content = json.loads((tmp_path / "one" / "index.json").read_bytes())
    file_of_segment(tmp_path / "other").replace(path)
    content["segments"][0]["bytes"] = path.stat().st_size
    del content["check"]
    (tmp_path / "one" / "index.json").write_bytes(sealed(content))

    assert refusal(tmp_path / "one") == f"{path}: holds another segment than its name says"


@pytest.mark.parametrize(
    ("synonyms", "is_other"),
    [
        (SYNONYMS, False),
        ((), True),
        (SYNONYMS[:1], True),
        ((*SYNONYMS, ("қар", "аппақ")), True),
        ((("көлік", "машина"), ("ата заңы", "конституция")), False),  # the same stems
    ],
)
def test_other_synonyms_are_noticed(tmp_path, synonyms, is_other):
    save(ONE, tmp_path)

    if is_other:
        with pytest.raises(DamagedIndexError, match="other synonyms"):
            opened(tmp_path, {}, synonyms)
    else:
        opened(tmp_path, {}, synonyms)


def test_another_version_of_the_analysis_is_noticed(tmp_path, monkeypatch):
    save(ONE, tmp_path)
    monkeypatch.setattr("retrieval.files.ANALYSIS", ANALYSIS + 1)

    assert "another version of the analysis" in refusal(tmp_path)


@pytest.mark.parametrize(("module", "name"), [(index_json, "index.json"), (arrayfile, "segment-*.dayek")])
@pytest.mark.parametrize("written", [0, 9])
def test_an_older_or_newer_format_is_named(tmp_path, monkeypatch, module, name, written):
    with monkeypatch.context() as other:
        other.setattr(module, "FORMAT", written)
        save(ONE, tmp_path)
    (path,) = tmp_path.glob(name)

    assert (
        refusal(tmp_path)
        == f"{path}: has format {written}; this version of Dayek reads format {module.FORMAT}"
    )


def test_nothing_is_written_where_the_folder_no_longer_holds_what_was_expected(tmp_path):
    seal = save(ONE, tmp_path)
    assert seal == seal_of(tmp_path)
    assert save(OTHER, tmp_path, instead_of=seal) not in {None, seal}
    before = kept(tmp_path)

    assert save(ONE, tmp_path, instead_of=seal) is None
    assert kept(tmp_path) == before


def test_segments_that_are_known_are_not_read_again(tmp_path):
    save(OTHER, tmp_path)
    (part,) = OTHER.parts
    file_of_segment(tmp_path).write_bytes(b"nobody looks here")

    assert (
        found(tmp_path, SYNONYMS, {part.segment.digest: part.segment}).index.parts[0].segment is part.segment
    )
    with pytest.raises(DamagedIndexError):
        found(tmp_path, SYNONYMS)


def test_the_version_of_the_analysis_changes_with_what_is_found_in_the_seeds(seeds):
    """When this fails, raise ANALYSIS, so that kept segments are built again, and write down both as they are now."""
    found = hashlib.blake2b(digest_size=8)
    phrases = Phrases.of(load_synonyms())
    for article in seeds.values():
        for passage in split(article):
            tokens = analyze(article.text[slice(*passage.span)])
            forms = [tuple(token[:3]) for token in (*tokens, *phrases.tokens(tokens))]
            found.update(repr((passage, sorted(forms))).encode())

    assert (ANALYSIS, found.hexdigest()) == (2, "896195c1248a62d3")


def test_a_segment_with_arrays_of_another_version_is_refused(tmp_path, monkeypatch):
    arrays = dict(Segment.arrays(ONE.parts[0].segment))
    del arrays["words.shown"]
    with monkeypatch.context() as other:
        other.setattr(Segment, "arrays", lambda _: arrays)
        save(build([SNOW], SYNONYMS), tmp_path)

    assert "does not hold the arrays of a segment" in refusal(tmp_path)


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"no folder")

    with pytest.raises(IndexSaveError, match="file"):
        save(ONE, tmp_path / "file")


# Processes


def process(call, *arguments, **options):
    """A process that calls a function of this file."""
    code = f"import sys; from tests import test_files; test_files.{call}(*sys.argv[1:])"
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}  # a process with threads should not fork
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        **options,
    )


def said(what):
    """Tells the process that started this one."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def digest_on_disk(folder):
    """The digest of the only segment of the index on the disk, of which every byte is read."""
    (part,) = opened(Path(folder), {}, SYNONYMS).parts
    found = Segment.from_arrays(part.segment.arrays()).digest
    assert found == part.segment.digest
    return found


def save_for_ever(folder):
    """Saves one index and the other in turn, and says so."""
    while True:
        for index in (ONE, OTHER):
            save(index, Path(folder))
            said("saved")


def open_until_both_were_seen(folder):
    """Opens the index many times, until each of the two was met often."""
    seen = dict.fromkeys(DIGESTS, 0)
    while min(seen.values()) < 20:
        seen[digest_on_disk(folder)] += 1


def in_child(action, *arguments):
    """How a child process ends that does nothing else: a signal's number, or 0."""
    child = os.fork()
    if not child:
        try:
            action(*arguments)
        except BaseException:  # noqa: BLE001 - whatever it is, the child ends here
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, status
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def die_at_each_step(folder):
    """Saves in processes that are killed before the first, second, third ... thing that they do to a file."""
    for steps in range(1000):
        save(ONE, Path(folder))
        if not in_child(save_and_die, Path(folder), steps):
            assert digest_on_disk(folder) == OTHER.parts[0].segment.digest
            assert len(list(Path(folder).glob("*.dayek"))) == 1
            said(steps)
            return
        assert digest_on_disk(folder) in DIGESTS


def save_and_die(folder, steps):
    """Saves, and is killed when it opens, renames or removes a file after so many times."""
    left = steps

    def count(event, _):
        nonlocal left
        if event in {"open", "os.rename", "os.remove", "os.mkdir", "os.listdir", "os.scandir"}:
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    save(OTHER, folder)


def die_at_each_size(folder, step):
    """Saves in processes that are killed when a file reaches a size, for all sizes in steps."""
    name = files._name(OTHER.parts[0].segment.digest)
    save(OTHER, Path(folder))
    largest = (Path(folder) / name).stat().st_size
    whole = (Path(folder) / name).read_bytes()
    smallest = (Path(folder) / "index.json").stat().st_size
    deaths = 0
    sizes = [(size, False) for size in range(0, largest, int(step))]
    sizes += [(size, True) for size in (*range(0, smallest, 31), smallest - 1)]
    for size, is_there in sizes:
        save(ONE, Path(folder))
        if is_there:  # then the next that is written is index.json
            (Path(folder) / name).write_bytes(whole)
        deaths += in_child(save_up_to, Path(folder), size) == signal.SIGXFSZ
        assert digest_on_disk(folder) == ONE.parts[0].segment.digest
    save(OTHER, Path(folder))
    assert digest_on_disk(folder) == OTHER.parts[0].segment.digest
    assert deaths == len(sizes)
    said(deaths)


def save_up_to(folder, size):
    """Saves, and is killed when it writes more than so many bytes into a file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    save(OTHER, folder)


def fail_on_a_full_disk(folder):
    """Saves where no file can hold more than 100 bytes."""
    save(ONE, Path(folder))
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
    try:
        save(OTHER, Path(folder))
    except IndexSaveError as error:
        said(error)
    assert digest_on_disk(folder) == ONE.parts[0].segment.digest
    assert not list(Path(folder).glob(".*.partial"))


@pytest.mark.parametrize(
    ("call", "arguments"), [("die_at_each_step", []), ("die_at_each_size", [509])], ids=["step", "size"]
)
def test_a_process_that_is_killed_while_it_saves_leaves_the_old_index_or_the_new_one(
    tmp_path, call, arguments
):
    with process(call, tmp_path, *arguments) as running:
        heard, _ = running.communicate(timeout=300)

    assert running.returncode == 0
    assert int(heard) > 8


def test_a_full_disk_is_told_and_leaves_the_old_index(tmp_path):
    with process("fail_on_a_full_disk", tmp_path) as running:
        heard, _ = running.communicate(timeout=60)

    assert running.returncode == 0
    assert heard.startswith(f"{tmp_path}: the index was not written (File too large)")


def test_a_process_that_saves_in_a_loop_can_be_killed_at_any_time(tmp_path):
    moments = random.Random(7)
    for _ in range(4):
        with process("save_for_ever", tmp_path) as running:
            for _ in range(moments.randint(1, 20)):
                assert running.stdout.readline() == "saved\n"
            time.sleep(moments.uniform(0, 0.01))  # for another moment each time
            running.kill()
        assert digest_on_disk(tmp_path) in DIGESTS

    save(ONE, tmp_path)
    assert len(kept(tmp_path)) == 2


def test_two_processes_read_an_index_that_two_others_replace(tmp_path):
    save(ONE, tmp_path)
    writers = [process("save_for_ever", tmp_path, stderr=subprocess.PIPE) for _ in range(2)]
    readers = [process("open_until_both_were_seen", tmp_path) for _ in range(2)]
    try:
        assert [reader.wait(120) for reader in readers] == [0, 0]
        assert [writer.poll() for writer in writers] == [None, None]
    finally:
        for each in (*readers, *writers):
            each.kill()
            each.communicate()
    assert digest_on_disk(tmp_path) in DIGESTS
