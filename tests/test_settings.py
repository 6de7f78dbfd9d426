import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import DEFAULTS, NAMES, SECRETS, Secret, Settings, SettingsError, describe, load
from retrieval.subscriptions import Subscription

TOKEN = "123456789:AAFakefakefakefakefakefakefakefake_-0"
FOLDER = str(Path(__file__).parent)  # a folder that exists wherever the tests are started


def read(**environ: str) -> Settings:
    return load({"ARTICLES": FOLDER, **environ})


def problems(**environ: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        read(**environ)
    return caught.value.problems


def problem(**environ: str) -> str:
    found = problems(**environ)
    assert len(found) == 1, found
    return found[0]


def test_an_empty_environment_gives_the_documented_defaults(monkeypatch, tmp_path):
    (tmp_path / "seeds").mkdir()
    monkeypatch.chdir(tmp_path)

    assert load({}) == Settings(
        token=None,
        api_url="https://api.telegram.org",
        articles=Path("seeds"),
        database=Path("data/dayek.db"),
        glossary=None,
        feeds=(),
        fetch_also=frozenset(),
        admins=frozenset(),
        webhook_url=None,
        webhook_secret=None,
        host="127.0.0.1",
        port=8080,
        port_given=False,
        log_level="INFO",
    )


def test_every_variable_reaches_its_field(tmp_path):
    own = tmp_path / "own.tsv"
    own.write_text("әкім\tаким\tmayor\tgovernment\n", encoding="utf-8")
    settings = read(
        TELEGRAM_BOT_TOKEN=TOKEN,
        TELEGRAM_API_URL="http://localhost:8081/api/",
        ARTICLES=str(tmp_path),
        DATABASE=str(tmp_path / "later" / "bot.db"),
        GLOSSARY=str(own),
        FEEDS="https://a.kz/rss https://b.kz/atom=30m",
        FETCH_ALSO="localhost:8000, 10.0.0.5:80",
        ADMINS="12, 7000000000,",
        WEBHOOK_URL="https://bot.example.org:8443/hook",
        WEBHOOK_SECRET="a-Z_9",
        HOST="::1",
        PORT="65535",
        LOG_LEVEL="debug",
    )

    assert settings == Settings(
        token=Secret(TOKEN),
        api_url="http://localhost:8081/api",
        articles=tmp_path,
        database=tmp_path / "later" / "bot.db",
        glossary=own,
        feeds=(Subscription("https://a.kz/rss", 900), Subscription("https://b.kz/atom", 1800)),
        fetch_also=frozenset({"localhost:8000", "10.0.0.5:80"}),
        admins=frozenset({12, 7000000000}),
        webhook_url="https://bot.example.org:8443/hook",
        webhook_secret=Secret("a-Z_9"),
        host="::1",
        port=65535,
        port_given=True,
        log_level="DEBUG",
    )


def test_an_empty_value_counts_as_not_set():
    assert read(**dict.fromkeys(set(NAMES) - {"ARTICLES"}, ""), TELEGRAM_TYPO="") == read()


def test_settings_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        read().port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TELEGRAM_API_URL", "api.telegram.org", "https://"),
        ("TELEGRAM_API_URL", "ftp://api.telegram.org", "https:// or http://"),
        ("TELEGRAM_API_URL", "https://", "such as https://api.telegram.org"),
        ("TELEGRAM_API_URL", "https://[::1", "such as"),
        ("TELEGRAM_API_URL", "https://host:port", "such as"),
        ("TELEGRAM_API_URL", "https://api.telegram.org\r", "such as"),
        ("TELEGRAM_API_URL", "https://api.telegram.org/?a=b", "Leave out"),
        ("ARTICLES", "/no/such/place", "does not exist"),
        ("GLOSSARY", "nowhere.tsv", "is no file"),
        ("GLOSSARY", __file__, "line 1 is no entry; write"),
        ("DATABASE", FOLDER, "is a folder"),
        ("DATABASE", f"{__file__}/bot.db", "is a file"),
        ("FEEDS", "a.kz/rss", "https:// or http://"),
        ("FEEDS", "https://a.kz/rss=1m", "5 minutes"),
        ("FEEDS", "https://a.kz/rss https://a.kz/rss", "twice"),
        ("FETCH_ALSO", "localhost", "host:port"),
        ("FETCH_ALSO", "http://localhost:80", "host:port"),
        ("FETCH_ALSO", "localhost:65536", "host:port"),
        ("ADMINS", "@aigul", "user ids"),
        ("ADMINS", "12;13", "user ids"),
        ("ADMINS", "-100123", "user ids"),
        ("ADMINS", "0", "user ids"),
        ("ADMINS", "１２", "user ids"),
        ("WEBHOOK_URL", "http://bot.example.org/hook", "https://"),
        ("WEBHOOK_URL", "https://bot.example.org:8080/hook", "443, 80, 88 and 8443"),
        ("HOST", "http://localhost", "127.0.0.1"),
        ("HOST", "256.0.0.1", "127.0.0.1"),
        ("PORT", "0", "from 1 to 65535"),
        ("PORT", "65536", "from 1 to 65535"),
        ("PORT", "+80", "from 1 to 65535"),
        ("PORT", "80.0", "from 1 to 65535"),
        ("LOG_LEVEL", "CHATTY", "DEBUG, INFO, WARNING, ERROR"),
    ],
)
def test_a_wrong_value_is_shown_with_its_name_and_a_remedy(name, value, said):
    found = problem(**{name: value})

    assert found.startswith(f"{name}={value!r}: ")
    assert said in found


@pytest.mark.parametrize("port", ["", ":443", ":80", ":88", ":8443"])
def test_a_webhook_may_use_every_port_that_telegram_calls(port):
    assert read(WEBHOOK_URL=f"https://bot.example.org{port}/hook").webhook_url


@pytest.mark.parametrize("name", ["news.jsonl", "news.jsonl.gz", "NEWS.JSONL"])
def test_articles_may_be_one_file_of_json_lines(tmp_path, name):
    (tmp_path / name).touch()

    assert read(ARTICLES=str(tmp_path / name)).articles == tmp_path / name


def test_a_database_that_exists_is_taken_as_it_is(tmp_path):
    (tmp_path / "bot.db").touch()

    assert read(DATABASE=str(tmp_path / "bot.db")).database == tmp_path / "bot.db"


def test_every_problem_is_listed_at_once_one_a_line():
    with pytest.raises(SettingsError) as caught:
        read(PORT="x", LOG_LEVEL="y", TELEGRAM_BOT_TOKEN="z", WEBHOOK_SECRET="ы", TELEGRAM_TOKEN=TOKEN)

    headline, *lines = str(caught.value).splitlines()
    assert "5 problems" in headline
    assert tuple(line.strip() for line in lines) == caught.value.problems
    assert len(lines) == 5


@pytest.mark.parametrize("value", [f" {TOKEN}", f"{TOKEN} ", f'"{TOKEN}"', f"'{TOKEN}'", f" '{TOKEN}' "])
def test_spaces_or_quotes_round_the_token_are_named_as_the_mistake(value):
    found = problem(TELEGRAM_BOT_TOKEN=value)

    assert "spaces or quotes" in found
    assert TOKEN not in found


@pytest.mark.parametrize(
    "value", ["hello", "123456:short", TOKEN.replace(":", ""), f"bot{TOKEN}", TOKEN + "\n"]
)
def test_what_is_not_a_token_is_sent_back_to_botfather_or_cleaned_and_never_shown(value):
    found = problem(TELEGRAM_BOT_TOKEN=value)

    assert found.startswith("TELEGRAM_BOT_TOKEN: ")
    assert "@BotFather" in found or "spaces" in found
    assert value.strip() not in found


@pytest.mark.parametrize("value", ["with space", "ключ", "a" * 257])
def test_a_webhook_secret_that_telegram_would_refuse_is_refused_unseen(value):
    found = problem(WEBHOOK_SECRET=value)

    assert "1 to 256" in found
    assert value not in found


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
@pytest.mark.parametrize(
    ("name", "field"), [("TELEGRAM_BOT_TOKEN", "token"), ("WEBHOOK_SECRET", "webhook_secret")]
)
def test_a_secret_may_come_from_a_file(tmp_path, name, field, ending):
    value = TOKEN if name == "TELEGRAM_BOT_TOKEN" else "s3cret"
    (tmp_path / "secret").write_bytes((value + ending).encode())

    assert getattr(read(**{f"{name}_FILE": str(tmp_path / "secret")}), field) == Secret(value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file"),
        (b"", "empty file"),
        (b"\n", "empty file"),
        (b"\xff\xfe\x00", "not a text file"),
        (b"nonsense", "@BotFather"),
    ],
)
def test_a_secret_file_that_does_not_serve_is_named_with_the_reason(tmp_path, content, said):
    path = tmp_path / "token"
    if content is not None:
        path.write_bytes(content)

    found = problem(TELEGRAM_BOT_TOKEN_FILE=str(path))

    assert found.startswith(f"TELEGRAM_BOT_TOKEN_FILE={str(path)!r}: ")
    assert said in found


def test_a_folder_in_place_of_a_secret_file_is_a_problem(tmp_path):
    assert "cannot be read" in problem(WEBHOOK_SECRET_FILE=str(tmp_path))


def test_a_secret_given_twice_is_a_problem(tmp_path):
    (tmp_path / "token").write_text(TOKEN)

    found = problem(TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_BOT_TOKEN_FILE=str(tmp_path / "token"))

    assert "TELEGRAM_BOT_TOKEN_FILE is given as well" in found


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("TELEGRAM_TOKEN", "TELEGRAM_BOT_TOKEN"),
        ("TELEGRAM_BOT_TOKEN_FILES", "TELEGRAM_BOT_TOKEN_FILE"),
        ("TELEGRM_BOT_TOKEN", "TELEGRAM_BOT_TOKEN"),
        ("telegram_bot_token", "TELEGRAM_BOT_TOKEN"),
        ("WEBHOOK_UR", "WEBHOOK_URL"),
        ("WEBHOK_SECRET", "WEBHOOK_SECRET"),
        ("TELEGRAM_Q", "TELEGRAM_"),
    ],
)
def test_a_name_that_nothing_reads_is_answered_with_the_one_that_was_meant(name, meant):
    found = problem(**{name: TOKEN})

    assert found.startswith(f"{name}: ")
    assert f"Did you mean {meant}" in found
    assert TOKEN not in found


def test_variables_of_other_programs_are_left_alone():
    others = ("PATH", "HOME", "TOKEN", "BOT_TOKEN", "HOSTNAME", "DATABASE_URL", "ADMIN", "LOGLEVEL", "URL")

    assert read(**dict.fromkeys(others, "x")) == read()


@pytest.mark.parametrize("name", sorted(set(DEFAULTS) - {"DATABASE"}))
def test_a_token_in_the_wrong_variable_is_not_shown(name):
    address = f"https://api.telegram.org/bot{TOKEN}/getMe?"

    assert TOKEN not in problem(
        **{name: address.replace("https", "http") if name == "WEBHOOK_URL" else address}
    )


@pytest.mark.parametrize("name", ["TELEGRAM_API_URL", "WEBHOOK_URL"])
def test_a_password_in_an_address_is_refused_and_not_shown(name):
    found = problem(**{name: "https://aigul:hunter2@example.org/"})

    assert "password" in found
    assert "hunter2" not in found


def test_a_secret_shows_itself_only_when_asked():
    settings = read(TELEGRAM_BOT_TOKEN=TOKEN)
    assert settings.token

    shown = f"{settings} {settings.token} {settings.token!r} {dataclasses.asdict(settings)}"

    assert TOKEN not in shown
    assert "•••" in shown
    assert not hasattr(settings.token, "__dict__")
    assert settings.token.reveal() == TOKEN


def test_secrets_are_equal_when_their_values_are():
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2


def test_the_description_names_every_setting_and_only_says_whether_a_secret_is_set():
    shown = dict(describe(read(TELEGRAM_BOT_TOKEN=TOKEN, ADMINS="7,12", PORT="80")))

    assert set(shown) == {*DEFAULTS, *SECRETS}
    assert shown["TELEGRAM_BOT_TOKEN"] == "set"
    assert shown["WEBHOOK_SECRET"] == shown["WEBHOOK_URL"] == "not set"
    assert shown["ADMINS"] == "7, 12"
    assert shown["PORT"] == "80"
    assert TOKEN not in str(shown)


TEXT = st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1)


@given(st.dictionaries(st.sampled_from(sorted({*NAMES, "TELEGRAM_X"})), TEXT))
def test_any_environment_gives_settings_or_one_line_a_problem(environ):
    message = ""
    problems = 0
    try:
        load({"ARTICLES": FOLDER, **environ})
    except SettingsError as error:
        message, problems = str(error), len(error.problems)

    assert len(message.splitlines()) == problems + bool(problems)


def test_the_feeds_are_described_without_what_may_be_a_key():
    described = dict(describe(read(FEEDS="https://a.kz/rss?key=secret https://b.kz/atom=30m")))
    assert described["FEEDS"] == "https://a.kz/rss?… every 15 min, https://b.kz/atom every 30 min"
    assert dict(describe(read()))["FEEDS"] == "none"
