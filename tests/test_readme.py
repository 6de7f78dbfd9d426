import re
from pathlib import Path
from typing import Any

import pytest

from bot import __main__ as bot_command
from bot.settings import DEFAULTS, NAMES
from retrieval import __main__ as retrieval_command
from tests.readme import README, commands, renewed

_TEXT = README.read_text("utf-8")


def _choices(parser) -> dict[str, Any]:
    (action,) = [action for action in parser._actions if action.choices]
    return dict(action.choices)


def test_the_sample_output_is_what_the_commands_print():
    assert commands(_TEXT)
    assert renewed(_TEXT) == _TEXT


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_explained(name):
    assert f"`{name}`" in _TEXT


@pytest.mark.parametrize(("name", "default"), [(name, text) for name, text in DEFAULTS.items() if text])
def test_the_defaults_in_the_table_are_the_real_ones(name, default):
    row = re.search(rf"^\| `{name}` \| `(.*?)` \|", _TEXT, re.MULTILINE)
    assert row is None or row[1] == default


@pytest.mark.parametrize(
    ("program", "parser"), [("bot", bot_command.parser()), ("retrieval", retrieval_command.parser())]
)
def test_every_command_is_explained_and_every_explained_command_exists(program, parser):
    assert set(re.findall(rf"^\| `python -m {program} (\w+)", _TEXT, re.MULTILINE)) == set(_choices(parser))


def test_every_option_in_the_table_exists():
    choices = _choices(retrieval_command.parser())
    for name, options in re.findall(r"^\| `python -m retrieval (\w+)([^`]*)`", _TEXT, re.MULTILINE):
        known = choices[name]._option_string_actions
        assert set(re.findall(r"-{1,2}[a-z]+", options)) <= set(known)


def test_every_linked_file_is_there():
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", _TEXT):
        assert (Path(README.parent) / link).exists()


def test_every_make_target_named_exists():
    makefile = (README.parent / "Makefile").read_text("utf-8")
    for target in re.findall(r"make ([a-z]+)\b", _TEXT.replace("and make are", "")):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
