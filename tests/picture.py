"""The picture in the README: `python -m tests.picture` draws the bot's real replies in a real browser.

The replies are rendered by the bot itself; the page only gives Telegram's HTML the look of a phone. Needs
Chromium on the path.
"""

import html
import shutil
import subprocess
import tempfile
from pathlib import Path

from bot import reply, views
from bot.memory import Preferences
from bot.place import Place
from bot.reply import Message, Reply, View
from bot.texts import catalogue
from retrieval.build import build
from retrieval.check import check
from retrieval.example import example_name
from retrieval.loading import load, load_synonyms
from retrieval.search import answer

_HERE = Path(__file__).parent
PICTURE = _HERE / "picture.png"
_WIDTH, _HEIGHT = 1258, 900
_STYLE = """
body { margin: 0; padding: 16px; background: #fff; display: flex; gap: 16px; align-items: flex-start;
       font: 15px/1.35 "Noto Sans", "DejaVu Sans", sans-serif; }
.chat { width: 398px; background: #dfe7d8; border-radius: 14px; padding: 12px; box-sizing: border-box; }
.asked, .said { border-radius: 12px; padding: 8px 11px; margin-bottom: 6px; white-space: pre-wrap; }
.asked { background: #e3fdc9; margin-left: 60px; }
.said { background: #fff; }
.said blockquote { margin: 0; padding: 4px 8px; border-left: 3px solid #3a8ee6; background: #eaf3fd;
                   border-radius: 4px; }
.said blockquote[expandable] { display: -webkit-box; -webkit-line-clamp: 3; -webkit-box-orient: vertical;
                               overflow: hidden; }
.said a { color: #2f7fc8; text-decoration: none; }
.row { display: flex; gap: 5px; margin-bottom: 5px; }
.row span { flex: 1; background: #6b7d6199; color: #fff; text-align: center; border-radius: 8px; padding: 6px 4px;
            font-size: 13px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
"""


def page() -> str:
    """Three chats: an answer in Kazakh, its context and a refusal in Russian, a quote check in English."""
    index = build(load(_HERE.parent / "seeds").articles, load_synonyms())
    example = example_name(index.articles.values())
    kk, ru, en = (catalogue(language) for language in ("kk", "ru", "en"))
    view = View(quotes=2, username="dayek_bot")
    question = "Преамбулада қандай құндылықтар бекітілген?"
    found = answer(index, question, 10)
    best = found.quotes[0]
    pasted = "облыс құрылғаннан бері инватакси саны 18-ден 42 бірлікке артты"
    chats = (
        [(question, reply.answered(found, kk, example, view))],
        [
            ("[1]", views.context(index, best.article, Place.of(best), ru, back=True)),
            ("Палау рецепті", reply.answered(answer(index, "Палау рецепті"), ru, example, view)),
        ],
        [
            (f"/check {pasted}", views.checked(check(index, pasted), en, "dayek_bot")),
            ("/settings", views.settings(Preferences(), en)),
        ],
    )
    return f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style>" + "".join(map(_chat, chats))


def _chat(turns: list[tuple[str, Reply]]) -> str:
    inside = "".join(
        f'<div class="asked">{html.escape(asked)}</div>' + "".join(map(_said, said)) for asked, said in turns
    )
    return f'<div class="chat">{inside}</div>'


def _said(message: Message) -> str:
    rows = "".join(
        '<div class="row">'
        + "".join(f"<span>{html.escape(button.label)}</span>" for button in row)
        + "</div>"
        for row in message.buttons
    )
    shown = message.html.replace("</blockquote>\n", "</blockquote>")
    return f'<div class="said">{shown}</div>{rows}'


def draw(picture: Path) -> None:
    """Writes the picture. Raises FileNotFoundError where there is no Chromium."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        raise FileNotFoundError("Chromium is not on the path: install it, or leave the picture as it is")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(page(), "utf-8")
        quiet = [
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ]
        subprocess.run(
            [
                browser, "--headless", "--no-sandbox", "--no-first-run", *quiet, "--hide-scrollbars",
                f"--user-data-dir={folder}/profile", f"--window-size={_WIDTH},{_HEIGHT}",
                f"--screenshot={picture}", source.as_uri(),
            ],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip


if __name__ == "__main__":
    draw(PICTURE)
