"""`backup` and `restore` on real files, as processes where another process matters."""

import json
import os
import pty
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from retrieval.__main__ import main
from retrieval.article import Article
from retrieval.backup import Copied, Restored, backup, restore
from retrieval.errors import StoreError
from retrieval.store import Store

ROOT = Path(__file__).parent.parent
SNOW, WIND, SUN = (
    Article(f"{name}.txt", text) for name, text in (("a", "Қар."), ("b", "Жел."), ("c", "Күн."))
)
NEVER_BLOCKED = 0  # seconds that another connection is ready to wait


@contextmanager
def connected(path, wait=5.0):
    with closing(sqlite3.connect(path, timeout=wait, isolation_level=None)) as connection:
        yield connection


def filled(path, articles, megabytes=0):
    """A database of the store, with a table of so much filling; closed again, so that it is one file."""
    store = Store(path)
    store.sync(articles)
    store.close()
    with connected(path) as connection:
        connection.execute("create table if not exists filling (bytes blob)")
        connection.executemany("insert into filling values (randomblob(?))", [[2**19 - 4096]] * 2 * megabytes)
    return path


def ids(path):
    with connected(path) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        rows = connection.execute("select id from articles where removed is null order by id").fetchall()
    return [id_ for (id_,) in rows]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def database(tmp_path):
    (tmp_path / "data").mkdir()
    return filled(tmp_path / "data" / "dayek.db", [SNOW, WIND], megabytes=4)


@pytest.fixture
def file(tmp_path):
    """A backup with other articles than the database has."""
    (tmp_path / "backups").mkdir()
    filled(tmp_path / "other.db", [SUN], megabytes=6)
    backup(tmp_path / "other.db", tmp_path / "backups" / "sun.db")
    return tmp_path / "backups" / "sun.db"


@pytest.fixture
def run(tmp_path):
    def start(*arguments, shell=None, **options):
        python = [sys.executable, "-W", "error", "-m", "retrieval", *map(str, arguments)]
        command = python if shell is None else ["/bin/sh", "-c", f'{shell}; exec "$@"', "sh", *python]
        environ = os.environ | {"DATABASE": str(tmp_path / "data" / "dayek.db"), "COLUMNS": "80"}
        streams = {"capture_output": True} | options
        return subprocess.run(
            command, cwd=ROOT, env=environ, encoding="utf-8", check=False, timeout=60, **streams
        )

    return start


@pytest.fixture
def call(tmp_path, capsys, monkeypatch):
    """The same command without a process of its own, which takes most of the time."""
    monkeypatch.setenv("DATABASE", str(tmp_path / "data" / "dayek.db"))

    def start(*arguments):
        code = main([*map(str, arguments)])
        return subprocess.CompletedProcess(arguments, code, *capsys.readouterr())

    return start


def scripted(script, *arguments, **options):
    command = [sys.executable, "-W", "error", "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, encoding="utf-8", stdout=subprocess.PIPE, **options)


@pytest.fixture
def writing(database):
    """A process that commits to the database without a pause, one number to two tables at a time."""
    with connected(database) as connection:
        connection.execute("create table one as select 0 as n")
        connection.execute("create table other as select 0 as n")
    script = """
import itertools, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
for number in itertools.count(1):
    connection.execute("begin immediate")
    connection.execute("update one set n = ?", [number])
    connection.execute("update other set n = ?", [number])
    connection.execute("commit")
    if number == 1:
        print("writing", flush=True)
"""
    process = scripted(script, database)
    assert process.stdout.readline() == "writing\n"
    yield process
    process.kill()
    process.communicate()


def numbers(path):
    with connected(path) as connection:
        return connection.execute("select one.n, other.n from one, other").fetchone()


def assert_refused(done, *words):
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1, done.stderr
    for word in words:
        assert str(word) in done.stderr


# Backup


def test_a_backup_is_one_plain_file_for_its_owner_with_everything_in_it(run, database, tmp_path):
    done = run("backup", tmp_path / "copy.db", shell="umask 000")

    size = (tmp_path / "copy.db").stat().st_size
    said = f"{tmp_path}/copy.db: 2 articles, {size:,} bytes, copied from {database}\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")
    assert names(tmp_path) == ["copy.db", "data"]
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    assert (tmp_path / "copy.db").read_bytes()[18:20] == b"\x01\x01"  # a rollback journal, says the format
    with connected(database) as one, connected(tmp_path / "copy.db") as other:
        assert list(other.iterdump()) == list(one.iterdump())


def test_a_backup_of_another_database_as_json(call, file, tmp_path):
    done = call("backup", tmp_path / "copy.db", "--database", file, "--json")

    size = (tmp_path / "copy.db").stat().st_size
    assert json.loads(done.stdout) == {"file": f"{tmp_path}/copy.db", "articles": 1, "bytes": size}


def test_what_is_not_yet_in_the_main_file_is_in_the_backup(database, tmp_path):
    store = Store(database)  # open, so that its write stays in the log
    store.sync([SNOW, WIND, SUN])

    assert backup(database, tmp_path / "copy.db").articles == 3
    store.close()
    assert ids(tmp_path / "copy.db") == ["a.txt", "b.txt", "c.txt"]


def test_a_writer_is_never_held_up_and_the_backup_is_of_the_moment_it_began(database, tmp_path):
    steps = []
    with connected(database, NEVER_BLOCKED) as writer:

        def write(what, done, _total):
            if what == "Copying":
                writer.execute("update articles set removed = 'now'")
                steps.append(done)

        backup(database, tmp_path / "copy.db", progress=write)

    assert len(steps) > 3
    assert steps == sorted(set(steps))  # it did not start anew
    assert ids(tmp_path / "copy.db") == ["a.txt", "b.txt"]
    assert ids(database) == []


def test_a_backup_while_another_process_writes_all_the_time(run, database, writing, tmp_path):
    first, _ = numbers(database)
    done = run("backup", tmp_path / "copy.db")
    last, _ = numbers(database)

    assert done.returncode == 0, done.stderr
    one, other = numbers(tmp_path / "copy.db")
    assert first <= one == other <= last
    assert ids(tmp_path / "copy.db") == ["a.txt", "b.txt"]
    assert writing.poll() is None


@pytest.mark.usefixtures("database")
def test_an_existing_file_is_replaced_only_by_force(call, tmp_path):
    (tmp_path / "copy.db").write_text("precious", encoding="utf-8")

    assert_refused(call("backup", tmp_path / "copy.db"), "copy.db", "--force")
    assert (tmp_path / "copy.db").read_text(encoding="utf-8") == "precious"

    assert call("backup", tmp_path / "copy.db", "--force").returncode == 0
    assert ids(tmp_path / "copy.db") == ["a.txt", "b.txt"]


@pytest.mark.parametrize("way", ["itself", "log", "symbolic link", "hard link"])
def test_the_database_is_never_replaced_by_its_backup(call, database, tmp_path, way):
    link = tmp_path / "link.db"
    if way == "symbolic link":
        link.symlink_to(database)
    if way == "hard link":
        link.hardlink_to(database)
    file = {"itself": database, "log": database.with_name("dayek.db-wal")}.get(way, link)

    assert_refused(call("backup", file, "--force"), file.name, "the database itself")
    assert ids(database) == ["a.txt", "b.txt"]


@pytest.mark.usefixtures("database")
def test_a_log_that_another_database_left_is_not_mixed_into_the_backup(call, tmp_path):
    (tmp_path / "copy.db-wal").write_bytes(b"left")

    assert_refused(call("backup", tmp_path / "copy.db"), "copy.db-wal", "another database")
    assert names(tmp_path) == ["copy.db-wal", "data"]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("missing/copy.db", "No such file or directory"),
        ("data/dayek.db/x", "Not a directory"),
        ("data", "folder"),
    ],
)
@pytest.mark.usefixtures("database")
def test_a_place_that_cannot_be_written_is_one_sentence(call, tmp_path, file, words):
    assert_refused(call("backup", tmp_path / file), tmp_path / file, words)
    assert names(tmp_path / "data") == ["dayek.db"]


def test_a_database_that_is_not_there_is_not_made(call, tmp_path):
    assert_refused(call("backup", tmp_path / "copy.db"), "dayek.db", "No such file or directory")
    assert names(tmp_path) == []


def test_a_damaged_database_gives_no_backup(call, database, tmp_path):
    damage(database)

    assert_refused(call("backup", tmp_path / "copy.db"), "damaged")
    assert names(tmp_path) == ["data"]


def test_a_locked_database_is_one_sentence(database, tmp_path):
    with connected(database) as other:
        other.execute("pragma locking_mode = exclusive")
        other.execute("delete from articles")
        with pytest.raises(StoreError, match=r"dayek\.db: no backup .* another program holds it"):
            backup(database, tmp_path / "copy.db", wait=0.05)
    assert names(tmp_path) == ["data"]


@pytest.mark.usefixtures("database")
def test_a_backup_that_the_disk_has_no_room_for_leaves_nothing(run, tmp_path):
    done = run("backup", tmp_path / "copy.db", shell="ulimit -f 2000")  # 1 or 2 MB, as the shell counts

    assert_refused(done, "copy.db", "no backup was made", "free space")
    assert names(tmp_path) == ["data"]


# The process ends in the middle

INTERRUPTED = """
import os, signal, sys
from pathlib import Path
from retrieval.backup import backup, restore
from retrieval.maintenance import _stoppable
command, what, number, database, file = sys.argv[1:]
def progress(now, done, total):
    if now == what and 0 < done < total:
        os.kill(os.getpid(), int(number))
with _stoppable():
    if command == "backup":
        backup(Path(database), Path(file), force=True, progress=progress)
    else:
        restore(Path(database), Path(file), progress=progress)
"""


def interrupted(command, what, number, database, file):
    process = scripted(INTERRUPTED, command, what, int(number), database, file, stderr=subprocess.PIPE)
    _, said = process.communicate(timeout=60)
    return process.returncode, said


def test_a_backup_that_is_killed_leaves_no_half_file_under_its_name(database, tmp_path):
    ended = interrupted("backup", "Copying", signal.SIGKILL, database, tmp_path / "copy.db")

    assert ended == (-signal.SIGKILL, "")
    assert not (tmp_path / "copy.db").exists()
    assert ids(database) == ["a.txt", "b.txt"]


def test_a_backup_that_is_killed_leaves_the_one_before_as_it_was(database, file):
    assert interrupted("backup", "Copying", signal.SIGKILL, database, file) == (-signal.SIGKILL, "")
    assert ids(file) == ["c.txt"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_backup_that_is_stopped_leaves_nothing_and_says_so(database, tmp_path, number):
    ended = interrupted("backup", "Copying", number, database, tmp_path / "copy.db")

    assert ended == (1, "Stopped; nothing is half done.\n")
    assert names(tmp_path) == ["data"]


@pytest.mark.parametrize("what", ["Copying", "Restoring"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("bot", ["running", "stopped"])
def test_a_restore_that_ends_half_way_leaves_the_old_content(database, file, what, number, bot):
    with connected(database) as other:
        if bot == "running":
            other.execute("select * from articles").fetchall()
        returncode, _ = interrupted("restore", what, number, database, file)

        assert returncode == (-signal.SIGKILL if number == signal.SIGKILL else 1)
        assert other.execute("select id from articles order by id").fetchall() == [("a.txt",), ("b.txt",)]
        other.execute("insert into filling values ('more')")
    assert ids(database) == ["a.txt", "b.txt"]
    assert restore(database, file).articles == 1
    assert ids(database) == ["c.txt"]


# Restore


def test_a_restore_brings_back_the_backup_and_keeps_what_was_there(run, database, file):
    done = run("restore", file)

    (before,) = [name for name in names(database.parent) if name != "dayek.db"]
    assert before.startswith("dayek.db.before-restore-20")
    size = file.stat().st_size
    said = f"{database}: 1 articles, {size:,} bytes, restored from {file}; what was there before is in "
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{said}{database.parent}/{before}\n", "")
    assert ids(database) == ["c.txt"]
    assert ids(database.with_name(before)) == ["a.txt", "b.txt"]
    assert stat.S_IMODE(database.with_name(before).stat().st_mode) == 0o600


def test_a_restore_is_undone_with_what_it_kept(call, database, file):
    first = json.loads(call("restore", file, "--json").stdout)
    second = json.loads(call("restore", first["before"], "--json").stdout)

    assert first == {
        "database": str(database),
        "articles": 1,
        "bytes": file.stat().st_size,
        "before": first["before"],
        "missing": [],
    }
    assert second["before"] != first["before"]
    assert ids(database) == ["a.txt", "b.txt"]


def test_open_connections_see_the_backup_from_their_next_transaction_on(database, file):
    count = "select group_concat(id) from articles"
    with connected(database) as reader, connected(database) as writer:
        reader.execute("begin")
        assert reader.execute(count).fetchone() == ("a.txt,b.txt",)
        restore(database, file)

        assert reader.execute(count).fetchone() == ("a.txt,b.txt",)
        reader.execute("commit")
        assert reader.execute(count).fetchone() == ("c.txt",)
        writer.execute("delete from filling")
        assert reader.execute("select count(*) from filling").fetchone() == (0,)
        assert reader.execute("pragma journal_mode").fetchone() == ("wal",)
    assert ids(database) == ["c.txt"]


def test_a_process_with_the_store_open_goes_on_reading_and_writing(run, database, file):
    script = """
import sys
from pathlib import Path
from retrieval.__main__ import main
from retrieval.article import Article
from retrieval.store import Store
store = Store(Path(sys.argv[1]))
for line in sys.stdin:
    print(*(article.id for article in store.articles()), flush=True)
store.sync([*store.articles(), Article("d.txt", "Бұлт.")])
store.close()
"""
    process = scripted(script, database, stdin=subprocess.PIPE)

    def asked():
        process.stdin.write("?\n")
        process.stdin.flush()
        return process.stdout.readline().split()

    try:
        assert asked() == ["a.txt", "b.txt"]
        assert run("restore", file).returncode == 0
        assert asked() == ["c.txt"]
    finally:
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert ids(database) == ["c.txt", "d.txt"]


def test_a_restore_gets_its_turn_while_another_process_writes_all_the_time(run, database, file, writing):
    for name in ("one", "other"):
        changed(f"create table {name} as select 0 as n")(file)

    done = run("restore", file)

    assert done.returncode == 0, done.stderr
    assert writing.poll() is None
    assert ids(database) == ["c.txt"]
    one, other = numbers(database)
    assert one == other


def test_a_restore_waits_until_a_writer_lets_go(database, file):
    waits = []
    with connected(database) as other:
        other.execute("begin immediate")

        def let_go(what, _done, _total):
            if what == "Waiting":
                waits.append(what)
                if len(waits) == 3:
                    other.execute("commit")

        restore(database, file, wait=30, progress=let_go)
    assert len(waits) == 3
    assert ids(database) == ["c.txt"]


def test_a_writer_that_does_not_let_go_is_one_sentence_and_no_copy_is_left(database, file):
    with connected(database) as other:
        other.execute("begin immediate")
        with pytest.raises(StoreError, match=r"dayek\.db: was not restored .* another program holds it"):
            restore(database, file, wait=0.05)
    assert names(database.parent) == ["dayek.db"]
    assert ids(database) == ["a.txt", "b.txt"]


def test_a_restore_that_the_disk_has_no_room_for_leaves_the_old_content(run, tmp_path, file):
    (tmp_path / "data").mkdir()
    database = filled(tmp_path / "data" / "dayek.db", [SNOW])
    with connected(database) as other:
        other.execute("select * from articles").fetchall()
        done = run("restore", file, shell="ulimit -f 2000")

        assert_refused(done, "dayek.db", "as it was", "before-restore", "free space")
        assert database.with_name("dayek.db-wal").stat().st_size == 0  # what it had taken is given back
        assert other.execute("select id from articles").fetchall() == [("a.txt",)]
    assert ids(database) == ["a.txt"]


def damage(path):
    """Overwrites most of a page in the middle of the articles' and the filling's."""
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * 3000)


def cut(path):
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def changed(sql):
    def change(path):
        with connected(path) as connection:
            connection.execute(sql)

    return change


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (damage, "damaged"),
        (cut, "damaged"),
        (lambda path: path.write_text("no database " * 1000, encoding="utf-8"), "no SQLite database"),
        (lambda path: path.write_bytes(b""), "not a database of Dayek"),
        (changed("drop table articles"), "not a database of Dayek"),
        (changed("alter table articles drop column removed"), "not a database of Dayek"),
        (changed("pragma user_version = 99"), "newer Dayek (schema 99"),
        (Path.unlink, "No such file or directory"),
    ],
    ids=["damaged", "cut", "text", "empty", "foreign", "another table", "newer", "missing"],
)
def test_what_is_no_backup_is_refused_with_a_sentence_and_nothing_is_touched(
    call, database, file, spoil, words
):
    spoil(file)

    assert_refused(call("restore", file), file, words)
    assert names(database.parent) == ["dayek.db"]
    assert ids(database) == ["a.txt", "b.txt"]


def test_the_database_is_not_restored_from_itself(call, database):
    assert_refused(call("restore", database), "dayek.db", "the database itself")
    assert names(database.parent) == ["dayek.db"]


def test_a_backup_on_a_medium_that_cannot_be_written_is_restored_and_left_alone(database, file):
    file.chmod(0o400)
    file.parent.chmod(0o500)
    held = file.read_bytes()

    assert restore(database, file).articles == 1
    file.parent.chmod(0o700)
    assert file.read_bytes() == held
    assert names(file.parent) == [file.name]


def test_a_database_that_is_not_there_is_made(call, tmp_path, file):
    done = call("restore", file, "--json")

    assert json.loads(done.stdout)["before"] is None
    assert names(tmp_path / "data") == ["dayek.db"]
    assert ids(tmp_path / "data" / "dayek.db") == ["c.txt"]


def test_the_log_of_a_database_that_was_moved_away_is_not_mixed_into_the_restored_one(call, tmp_path, file):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "dayek.db-wal").write_bytes(b"left")

    assert_refused(call("restore", file), "dayek.db-wal", "move it away")
    assert names(tmp_path / "data") == ["dayek.db-wal"]


@pytest.mark.parametrize("start", [100, 4096], ids=["schema", "articles"])
def test_a_damaged_database_is_restored_and_its_damaged_state_kept(database, file, start):
    with database.open("r+b") as opened:
        opened.seek(start)
        opened.write(b"\xa5" * 3000)
    held = database.read_bytes()

    done = restore(database, file)

    assert ids(database) == ["c.txt"]
    assert done.before is not None
    assert done.before.read_bytes()[100:] == held[100:]  # the header before has the journal mode


def test_a_database_that_is_cut_short_is_left_with_what_to_do_and_then_restored(call, database, file):
    held = database.read_bytes()[:9000]
    database.write_bytes(held)

    assert_refused(call("restore", file), "dayek.db", "move it away", "restore again")
    assert database.read_bytes() == held
    for one in list(database.parent.iterdir()):
        one.unlink()
    assert call("restore", file).returncode == 0
    assert ids(database) == ["c.txt"]


def test_a_database_that_is_none_any_more_is_left_for_its_owner_to_move(call, database, file):
    database.write_text("no database " * 1000, encoding="utf-8")

    assert_refused(call("restore", file), "dayek.db", "move the file away")
    assert names(database.parent) == ["dayek.db"]


def test_pages_of_another_size_are_refused_with_what_to_do(call, database, file):
    with connected(file) as connection:
        connection.execute("pragma page_size = 1024")
        connection.execute("vacuum")

    assert_refused(call("restore", file), "4096", "1024", "move the database away")
    assert names(database.parent) == ["dayek.db"]


def test_tables_that_the_backup_lacks_are_named_for_the_running_bot(call, database, file):
    with connected(database) as connection:
        connection.execute("create table votes (vote)")

    assert restore(database, file) == Restored(
        1, file.stat().st_size, next(database.parent.glob("*before*")), ("votes",)
    )
    with connected(database) as connection:
        connection.execute("create table votes (vote)")
    assert "restart the bot now, for the backup has no table votes" in call("restore", file).stdout


# What is shown


def test_on_a_terminal_a_large_file_shows_how_far_it_is(run, tmp_path):
    (tmp_path / "data").mkdir()
    filled(tmp_path / "data" / "dayek.db", [SNOW], megabytes=12)
    master, slave = pty.openpty()
    with os.fdopen(master, "rb", buffering=0) as screen:
        done = run("backup", tmp_path / "copy.db", capture_output=False, stdout=subprocess.PIPE, stderr=slave)
        os.close(slave)
        shown = screen.read(2**16).decode()

    assert done.stdout.startswith(f"{tmp_path}/copy.db: 1 articles")
    assert "Checking" in shown


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_the_help_has_an_example(run, command):
    assert f"Example: python -m retrieval {command} data/" in run(command, "--help").stdout


def test_a_backup_says_what_it_holds(database, tmp_path):
    done = backup(database, tmp_path / "copy.db")

    assert done == Copied(2, (tmp_path / "copy.db").stat().st_size)
